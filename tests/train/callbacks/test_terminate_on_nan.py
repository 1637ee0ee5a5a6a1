"""TerminateOnNaN ends the run without an error and says where the NaN began."""

import logging
import math
import re

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.train.callbacks import TerminateOnNaN

X = np.random.default_rng(0).random((24, 3)).astype("float32")
X[13, 1] = np.nan


@pytest.mark.parametrize("epochs", [1, 4])
def test_the_run_ends_and_the_weights_stay_finite(epochs, caplog):
    torch.manual_seed(0)
    net = striate.Sequential([layers.Dense(1, input_shape=(3,))])
    net.compile("adam", loss="mse")
    guard = TerminateOnNaN()
    with caplog.at_level(logging.WARNING, "striate"):
        history = net.fit(
            X,
            np.ones((24, 1)),
            batch_size=8,
            epochs=epochs,
            shuffle=False,
            callbacks=[guard],
            verbose=0,
        )
    assert history.epoch == [0]
    assert math.isnan(history.history["loss"][0])
    words = r"in epoch 1, step 2, with the samples 8, .*; the first value that is not finite is the"
    assert re.search(f"{words} images", guard.message)
    assert guard.message in caplog.text
    assert all(np.isfinite(w).all() for w in net.get_weights())
    history = net.fit(np.ones((4, 3)), np.ones((4, 1)), epochs=2, callbacks=[guard], verbose=0)
    assert history.epoch == [0, 1]
    assert guard.message is None
