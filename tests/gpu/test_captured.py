"""The step as a CUDA graph, beside the step itself."""

import numpy as np
import pytest
import torch

import striate
from striate import layers


@pytest.mark.gpu
def test_a_captured_run_is_the_run():
    def trained(capture):
        torch.manual_seed(0)
        model = striate.Sequential(
            [
                layers.Conv2D(8, 3, use_bias=False, input_shape=(12, 12, 1)),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.Flatten(),
                layers.Dense(3, activation="softmax"),
            ]
        )
        model(torch.zeros(1, 12, 12, 1))
        model.to("cuda")
        model.compile(striate.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
        numbers = np.random.default_rng(0)
        x = torch.from_numpy(numbers.random((300, 12, 12, 1), "float32")).to("cuda")
        y = torch.from_numpy(numbers.integers(0, 3, 300)).to("cuda")
        model.fit(x, y, batch_size=32, epochs=3, seed=1, verbose=0, capture=capture)
        return model.get_weights()

    for own, other in zip(trained(True), trained(False), strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-4, atol=1e-5)
