"""LeNet-5 learns the real MNIST digits with its squared distances and the paper's loss."""

import numpy as np
import pytest
import torch

from striate.architectures import lenet5
from striate.datasets import mnist
from striate.errors import DataError
from striate.losses import NearestCentre
from striate.optimizers import Adam
from striate.optimizers.schedules import CosineDecay

EPOCHS, BATCH = 6, 64


def as_in_section_2(pictures):
    """28 × 28 pixels in the middle of 32 × 32; paper is -0.1 and ink is 1.175."""
    wide = np.pad(pictures.astype(np.float32) / 255, ((0, 0), (2, 2), (2, 2)))
    return (1.275 * wide - 0.1)[..., None]


@pytest.mark.long
def test_98_5_percent_of_mnist():
    try:
        (x, y), (held_x, held_y) = mnist.load_data()
    except DataError as error:
        pytest.skip(f"no MNIST: {error}")
    torch.manual_seed(0)
    net = lenet5(classifier_activation=None)
    rate = CosineDecay(2e-3, EPOCHS * len(x) // BATCH)
    net.compile(Adam(rate), loss=NearestCentre(), metrics=["accuracy"])
    net.fit(as_in_section_2(x), y, epochs=EPOCHS, batch_size=BATCH, seed=0, verbose=0)
    held = as_in_section_2(held_x)
    accuracy = net.evaluate(held, held_y, verbose=0)[1]
    assert accuracy >= 0.985
    nearest = net.predict(held).argmin(axis=1)
    assert (nearest == held_y).mean() == pytest.approx(accuracy)
