"""The mean against NumPy and Keras' rule for samples."""

import keras
import numpy as np
import pytest

from striate.errors import ShapeError
from striate.metrics import Mean


@pytest.mark.parametrize("shape", [(), (5,), (5, 3), (5, 3, 2)])
@pytest.mark.parametrize("weights", [None, "samples", "values"])
def test_against_keras(shape, weights, rng, close):
    ours, theirs = Mean(), keras.metrics.Mean()
    for _ in range(2):
        values = rng.random(shape)
        factors = None
        if weights is not None:
            factors = rng.random(shape[:1] if weights == "samples" else shape)
        ours.update(values, factors)
        theirs.update_state(values, factors)
    close(ours.result().float(), theirs.result(), 1e-6)


def test_a_large_sample_counts_as_a_small_one():
    mean = Mean()
    mean.update(np.zeros((1, 100)))
    mean.update(np.ones((1, 2)))
    assert mean.result().item() == 0.5


def test_an_empty_batch_adds_nothing():
    mean = Mean()
    mean.update(np.zeros((0, 3)))
    mean.update(np.zeros((0, 3)), weights=np.zeros(0))
    mean.update([4.0])
    assert mean.result().item() == 4.0


def test_weights_of_another_shape():
    with pytest.raises(ShapeError, match="Mean: `weights` must hold one weight per sample"):
        Mean().update([1.0, 2.0], weights=[1.0, 2.0, 3.0])
