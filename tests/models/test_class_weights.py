"""Class weights: the factor of each sample by its class, and what is refused."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError
from striate.losses import BinaryCrossentropy, MeanSquaredError, SparseCategoricalCrossentropy
from striate.models.class_weights import (
    ClassWeighted,
    check_class_weight,
    class_weighted,
    require_classes,
)
from striate.train.iterables import IterableBatches
from tests.models.small_net import X as PICTURES
from tests.models.small_net import Y as LABELS
from tests.models.small_net import net, ready

Y = np.arange(10) % 3


@pytest.mark.parametrize("targets", [Y, Y[:, None], np.eye(3)[Y], Y.astype("float32")])
def test_each_class_has_its_weight(targets):
    weights = class_weighted(torch.as_tensor(targets), None, {0: 0.5, 2: 4.0})
    assert weights.tolist() == [[0.5, 1.0, 4.0][label] for label in Y]


def test_a_class_weight_multiplies_a_sample_weight_and_may_name_absent_classes():
    weights = class_weighted(torch.as_tensor(Y), torch.full((10,), 2.0), {0: 0.5, 7: 9.0})
    assert weights.tolist() == [[1.0, 2.0, 2.0][label] for label in Y]


def test_labels_that_are_no_classes_count_1_until_the_loss_refuses_them():
    targets = torch.tensor([-5.0, float("nan"), 1e12, 0.5, 1.0])
    assert class_weighted(targets, None, {0: 2.0, 1: 3.0}).tolist() == [1.0, 1.0, 1.0, 1.0, 3.0]


def test_batches_are_weighted_as_they_come():
    parts = [(torch.ones(2, 1), torch.tensor([0, 1])), (torch.ones(1, 1), torch.tensor([1]))]
    batches = ClassWeighted(IterableBatches(parts), {1: 4.0})
    assert batches.steps_per_epoch == 2
    assert not batches.has_cursor
    assert [batch.weights.tolist() for batch in batches.epoch(0)] == [[1.0, 4.0], [4.0]]


@pytest.mark.parametrize(
    "targets", [torch.ones(2, 3, 3), (torch.ones(2), torch.ones(2)), None, torch.tensor(1)]
)
def test_what_cannot_be_weighted(targets):
    words = r"be used with one output whose targets are classes.*Use sample_weight instead"
    with pytest.raises(ArgumentError, match=words):
        class_weighted(targets, None, {0: 1.0})


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ({"cat": 1.0}, r"fit: `class_weight` must map class numbers"),
        ({-1: 1.0}, r"`class_weight` must map class numbers"),
        ({1: "much"}, r"`class_weight\[1\]` must be a number"),
        ({0: -1.0}, r"`class_weight\[0\]` must be a number of at least 0"),
        ([1.0, 5.0], r"`class_weight` must map class numbers.*For example \{0: 1\.0, 1: 5\.0\}"),
        (np.ones(3), r"`class_weight` must map class numbers"),
    ],
)
def test_what_are_no_class_weights(weight, words):
    with pytest.raises(ArgumentError, match=words):
        check_class_weight(weight)


def test_no_class_weights():
    assert check_class_weight(None) == check_class_weight({}) == {}


@pytest.mark.parametrize(
    ("targets", "loss", "shape", "exists"),
    [
        (torch.zeros(4), SparseCategoricalCrossentropy(), (None, 3), 2),
        (torch.zeros(4, 1), BinaryCrossentropy(), (None, 1), 1),
        (torch.zeros(4, 5), BinaryCrossentropy(), (None, 5), 4),
    ],
)
def test_a_class_that_there_is_not(targets, loss, shape, exists):
    require_classes({0: 1.0, exists: 1.0}, targets, loss, shape)
    words = rf"must name classes that the model has. Got class_weight={exists + 1}\. Class numb"
    with pytest.raises(ArgumentError, match=words):
        require_classes({exists + 1: 1.0}, targets, loss, shape)


def test_other_losses_take_any_number():
    require_classes({7: 1.0}, torch.zeros(4), MeanSquaredError(), (None, 1))
    require_classes({7: 1.0}, torch.zeros(4), None, (None, 1))


@pytest.mark.parametrize("units", [2, 1])
def test_fit_refuses_the_weight_of_no_class(units):
    loss = "sparse_categorical_crossentropy" if units > 1 else "binary_crossentropy"
    model = ready(net(units=units), loss=loss)
    with pytest.raises(ArgumentError, match="must name classes that the model has"):
        model.fit(PICTURES, LABELS % 2, class_weight={1: 1.0, 2: 5.0}, verbose=0)


@pytest.mark.parametrize("label", [-5, 10**12])
def test_fit_names_the_labels_first(label):
    wrong = np.where(np.arange(len(LABELS)) == 3, label, LABELS)
    words = rf"`targets` must be class numbers from 0 to 2\. Got targets={label}"
    with pytest.raises(ArgumentError, match=words):
        ready().fit(PICTURES, wrong, class_weight={0: 2.0}, verbose=0)
