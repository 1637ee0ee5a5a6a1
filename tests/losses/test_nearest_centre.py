"""NearestCentre: equation 9 of the paper, in NumPy and as cross-entropy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import striate
from striate.errors import ArgumentError, ShapeError
from striate.losses import NearestCentre, SparseCategoricalCrossentropy

DISTANCES = np.random.RandomState(0).uniform(0, 9, (6, 4))
CLASSES = np.array([0, 3, 1, 1, 2, 0])


@given(st.floats(0.01, 20.0))
def test_equation_9(rubbish):
    own = DISTANCES[np.arange(6), CLASSES]
    wanted = own + np.log(np.exp(-rubbish) + np.exp(-DISTANCES).sum(axis=1))
    values = NearestCentre(rubbish).values(torch.from_numpy(CLASSES), torch.from_numpy(DISTANCES))
    np.testing.assert_allclose(values, wanted, rtol=1e-12)


def test_without_rubbish_it_is_the_cross_entropy_of_negative_distances():
    targets, outputs = torch.from_numpy(CLASSES), torch.from_numpy(DISTANCES)
    wanted = SparseCategoricalCrossentropy(from_logits=True).values(targets, -outputs)
    assert torch.allclose(NearestCentre(None).values(targets, outputs), wanted)
    far = NearestCentre(200.0).values(targets, outputs)
    assert torch.allclose(far, wanted)


def test_what_is_far_is_pushed_no_more():
    for far, pushed in ((1.0, True), (50.0, False)):
        outputs = torch.tensor([[0.5, far]], requires_grad=True)
        NearestCentre(2.0)([0], outputs).backward()
        own, other = outputs.grad[0].tolist()
        assert own > 0
        assert (other < -0.01) == pushed


def test_huge_distances_stay_finite():
    assert NearestCentre()([1], [[1e6, 2e6]]).item() == pytest.approx(2e6)


def test_accuracy_takes_the_smallest_for_the_answer():
    x = np.eye(3, dtype="float32")
    net = striate.Sequential(
        [striate.layers.RadialBasis((1 - np.eye(3)).tolist(), input_shape=(3,))]
    )
    net.compile("sgd", loss="nearest_centre", metrics=["accuracy"])
    farthest = np.arange(3)  # the centre of each class is far from its own picture
    assert net.evaluate(x, farthest, verbose=0)[1] == 0.0
    net = striate.Sequential([striate.layers.RadialBasis(np.eye(3).tolist(), input_shape=(3,))])
    net.compile("sgd", loss="nearest_centre", metrics=["accuracy"])
    assert net.evaluate(x, farthest, verbose=0)[1] == 1.0
    net.compile("sgd", loss="nearest_centre", metrics=["sparse_top_k_categorical_accuracy"])
    words = '`metrics` must be "accuracy" where the loss takes the outputs for distances'
    with pytest.raises(ArgumentError, match=words):
        net.evaluate(x, farthest, verbose=0)


def test_words():
    for rubbish in (0.0, -1.0, float("inf"), "far"):
        with pytest.raises(ArgumentError, match="NearestCentre: `rubbish` must be a number above"):
            NearestCentre(rubbish)
    loss = NearestCentre()
    with pytest.raises(ShapeError, match=r"one class number per output.* Use targets.argmax"):
        loss(np.eye(4)[CLASSES], DISTANCES)
    for labels in ([0, 4], [-1, 2]):
        with pytest.raises(ArgumentError, match="`targets` must be class numbers from 0 to 3"):
            loss.check_targets(torch.tensor(labels), (None, 4))
    loss.check_targets(torch.tensor([0, 3]), (None, 4))
    loss.check_targets(torch.tensor([9]), (None, None))
