import math
import random

import numpy as np
import pytest
import torch

from striate import losses
from striate.data.augment import CutMix, MixUp
from striate.errors import ArgumentError
from striate.records import Batch, Boxes


class Fixed(random.Random):
    """A generator whose weight and places are known."""

    def __init__(self, weight, *places):
        super().__init__(0)
        self._weight, self._places = weight, iter(places)

    def betavariate(self, alpha, beta):
        return self._weight

    def random(self):
        return next(self._places)


def batch(n=5, targets=None, weights=None):
    images = torch.randint(0, 256, (n, 10, 20, 3), dtype=torch.uint8)
    targets = torch.arange(n) if targets is None else targets
    return Batch(images, targets, weights, torch.arange(n))


def test_mixup_is_a_weighted_mean_of_pictures_and_targets():
    given = batch(weights=torch.arange(5.0))
    got = MixUp(classes=5).mix(given, Fixed(0.7))
    x = given.images.double()
    assert float((got.images - (0.7 * x + 0.3 * x.flip(0))).abs().max()) <= 0.501
    assert torch.allclose(got.targets, 0.7 * torch.eye(5) + 0.3 * torch.eye(5).flip(0))
    assert torch.allclose(got.weights, 0.7 * torch.arange(5.0) + 0.3 * torch.arange(5.0).flip(0))
    assert got.sample_ids.equal(given.sample_ids)


@pytest.mark.parametrize("weight", [0.0, 0.19, 0.75, 1.0])
@pytest.mark.parametrize("places", [(0.0, 0.0), (0.5, 0.5), (0.99, 0.3)])
def test_cutmix_pastes_a_rectangle_and_weighs_by_area(weight, places):
    given = batch()
    got = CutMix(classes=5).mix(given, Fixed(weight, *places))
    own = (got.images == given.images).all(-1)
    other = (got.images == given.images.flip(0)).all(-1)
    assert bool((own | other).all())
    high, wide = (int(math.sqrt(1 - weight) * size) // 2 for size in (10, 20))
    rows = range(max(int(places[0] * 10) - high, 0), min(int(places[0] * 10) + high, 10))
    columns = range(max(int(places[1] * 20) - wide, 0), min(int(places[1] * 20) + wide, 20))
    expected = given.images.clone()
    for i in rows:
        for j in columns:
            expected[:, i, j] = given.images.flip(0)[:, i, j]
    assert got.images.equal(expected)
    kept = 1 - len(rows) * len(columns) / 200
    assert torch.allclose(got.targets, kept * torch.eye(5) + (1 - kept) * torch.eye(5).flip(0))


def test_weights_are_of_the_beta_distribution():
    generator = random.Random(0)
    given = batch(2)
    drawn = np.array(
        [float(MixUp(0.2, classes=2).mix(given, generator).targets[0, 0]) for _ in range(800)]
    )
    assert abs(drawn.mean() - 0.5) < 0.05
    assert abs(drawn.std() - math.sqrt(1 / 5.6)) < 0.03  # of Beta(0.2, 0.2)
    assert 0 <= drawn.min() < 0.001
    assert 0.999 < drawn.max() <= 1
    even = [MixUp(1.0, classes=2).mix(given, generator).targets[0, 0] for _ in range(800)]
    np.testing.assert_allclose(np.quantile(even, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.06)


@pytest.mark.parametrize(
    "targets",
    [
        torch.eye(5),
        torch.eye(5).long(),
        torch.arange(5)[:, None],
        torch.arange(5, dtype=torch.uint8),
    ],
)
def test_targets_may_be_numbers_or_probabilities(targets):
    got = MixUp(classes=5).mix(batch(targets=targets), Fixed(0.25)).targets
    assert got.dtype == torch.float32
    assert torch.allclose(got, 0.25 * torch.eye(5) + 0.75 * torch.eye(5).flip(0))
    soft = MixUp(classes=5).soften(batch(targets=targets)).targets
    assert soft.equal(torch.eye(5))


def test_the_loss_of_mixed_targets_is_the_mixed_loss():
    outputs = torch.softmax(torch.randn(5, 5), dim=1)
    got = CutMix(classes=5).mix(batch(), Fixed(0.6, 0.4, 0.6))
    weight = float(got.targets[0, 0])
    plain = losses.SparseCategoricalCrossentropy()
    mixed = losses.CategoricalCrossentropy()(got.targets, outputs)
    parts = plain(torch.arange(5), outputs), plain(torch.arange(5).flip(0), outputs)
    assert torch.allclose(mixed, weight * parts[0] + (1 - weight) * parts[1])


def test_what_was_given_stays():
    given = batch(weights=torch.ones(5))
    before = given.images.clone()
    for record in (MixUp(classes=5), CutMix(classes=5)):
        record.mix(given, random.Random(1))
    assert given.images.equal(before)


@pytest.mark.parametrize("record", [MixUp, CutMix])
def test_error_words(record):
    name = record.__name__
    with pytest.raises(ArgumentError, match=f"{name}: `alpha` must be a number above 0"):
        record(0.0)
    with pytest.raises(
        ArgumentError, match=f"{name}: `classes` must be a whole number of at least"
    ):
        record(classes=0)
    words = f"{name}: `classes` must be given where targets are class numbers"
    with pytest.raises(ArgumentError, match=words):
        record().mix(batch(), random.Random(0))
    for bad in (3, -1):
        numbers = torch.tensor([0, 1, 2, bad, 0])
        words = rf"{name}: `targets` must be class numbers, 0 to 2. Got targets={bad}"
        with pytest.raises(ArgumentError, match=words):
            record(classes=3).mix(batch(targets=numbers), random.Random(0))
    boxes = Boxes(torch.zeros(5, 1, 4), torch.zeros(5, 1), torch.zeros(5, 1) > 0)
    words = (
        f"{name}: `targets` must be one tensor, of class numbers or of probabilities. Got.*Boxes"
    )
    with pytest.raises(ArgumentError, match=words):
        record(classes=3).mix(batch(targets=boxes), random.Random(0))
