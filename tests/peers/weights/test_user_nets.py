"""The same code here and in Keras: a file of Keras' net goes into ours, and back."""

import re

import keras
import numpy as np
import pytest
from tests.architectures.moving import pictures, randomise
from tests.peers.weights import nets
from tests.peers.weights.nets import SIDE, difference, randomise_keras, saved

import striate
from striate.errors import WeightsError

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer:UserWarning"),
]

FORMATS = ("w.weights.h5", "old.weights.h5", "w.h5", "w.keras")
SAME_ORDER = (nets.book, nets.kinds, nets.nested, nets.shared, nets.made_first)
LIMIT = 1e-6


def pair(make, seed=0):
    theirs = randomise_keras(make(keras, keras.layers), seed)
    return make(striate, striate.layers), theirs


@pytest.mark.parametrize("make", SAME_ORDER)
def test_every_format(make, tmp_path):
    for seed, name in enumerate(FORMATS):  # Keras' own names go on counting: conv2d_5, dense_3
        ours, theirs = pair(make, seed)
        report = ours.load_weights(saved(theirs, tmp_path / name))
        assert report.source == "keras"
        assert len(report.matched) == len(ours.state_dict())
        assert difference(ours, theirs, pictures(2, SIDE, SIDE, 3)) <= LIMIT, name


@pytest.mark.parametrize("name", [each for each in FORMATS if "old" not in each])
@pytest.mark.parametrize("is_anew", [True, False])
def test_branches_are_told_apart_by_the_order_in_which_they_were_made(name, is_anew, tmp_path):
    if is_anew:
        keras.utils.clear_session()
    ours, theirs = pair(nets.branches)
    ours.load_weights(saved(theirs, tmp_path / name))
    assert difference(ours, theirs, pictures(2, SIDE, SIDE, 3)) <= LIMIT


def test_two_orders_that_both_fit_are_refused(tmp_path):
    ours, theirs = pair(nets.branches)
    before = ours.get_weights()
    words = re.escape(
        "must name the layers, or list them in the order in which they were made here. Got layers "
        "with Keras' own names that fit in two orders. Name the layers in both programs, or save "
        "the model as .keras."
    )
    with pytest.raises(WeightsError, match=words):
        ours.load_weights(saved(theirs, tmp_path / "old.weights.h5"))
    assert all((a == b).all() for a, b in zip(before, ours.get_weights(), strict=True))


@pytest.mark.parametrize("make", [*SAME_ORDER, nets.branches])
def test_and_back(make, tmp_path):
    ours, theirs = pair(make)
    randomise(ours, seed=3)
    theirs.load_weights(ours.export_weights(tmp_path / "w.weights.h5", to="keras"))
    assert difference(ours, theirs, pictures(2, SIDE, SIDE, 3)) <= LIMIT


def test_a_net_that_learns_in_keras(tmp_path):
    ours, theirs = pair(nets.book)
    theirs.compile("adam", "sparse_categorical_crossentropy")
    x = pictures(4, SIDE, SIDE, 3)
    theirs.fit(x, np.array([0, 1, 2, 0]), verbose=0)
    for name in FORMATS:
        assert ours.load_weights(saved(theirs, tmp_path / name)).fits
        assert difference(ours, theirs, x) <= LIMIT
    randomise(ours, seed=3)
    theirs.load_weights(ours.export_weights(tmp_path / "back.weights.h5", to="keras"))
    assert difference(ours, theirs, x) <= LIMIT
