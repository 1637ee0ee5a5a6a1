import pytest
import torch

from striate.data.augment import POLICIES, HorizontalFlip, policy
from striate.errors import ArgumentError
from striate.records import Batch


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("channels", [1, 3])
def test_each_changes_pictures_as_it_says(name, channels):
    images = torch.randint(0, 256, (6, 20, 24, channels), dtype=torch.uint8)
    given = Batch(images, torch.arange(6), None, torch.arange(6))
    chosen = policy(name)
    got = chosen(given, seed=0, epoch=0)
    assert got.images.shape == images.shape
    assert got.images.dtype == torch.uint8
    assert got.targets.equal(given.targets)
    assert got.images.equal(images) == (name == "none")
    lines = chosen.describe().splitlines()
    assert len(lines) == max(1, len(POLICIES[name]))


def test_none_gives_the_very_batch():
    given = Batch(torch.zeros(1, 2, 2, 1))
    assert policy("none")(given, seed=0, epoch=0) is given
    assert policy("none").describe() == "Pictures are trained on as they are."


def test_what_has_a_side_is_not_mirrored():
    for name in POLICIES:
        plain = policy(name, mirror=False).transforms
        assert not any(isinstance(each, HorizontalFlip) for each in plain)
        assert len(plain) == max(0, len(POLICIES[name]) - 1)


def test_strong_mixes_where_the_number_of_classes_is_known():
    images = torch.randint(0, 256, (6, 8, 8, 3), dtype=torch.uint8)
    given = Batch(images, torch.arange(6), None, torch.arange(6))
    strong = policy("strong", classes=7)
    targets = [strong(given, seed=0, epoch=0, step=step).targets for step in range(60)]
    assert all(each.shape == (6, 7) for each in targets)
    mixed = sum(bool((each.max(1).values < 1).any()) for each in targets)
    assert 15 <= mixed <= 45
    assert policy("light", classes=7) == policy("light")


def test_error_words():
    with pytest.raises(
        ArgumentError, match=r'policy: `name` must be one of "none", "light".*"strong"'
    ):
        policy("stong")
    with pytest.raises(ArgumentError, match="policy: `mirror` must be True or False"):
        policy("light", mirror=1)
    with pytest.raises(
        ArgumentError, match="policy: `classes` must be a whole number of at least 1"
    ):
        policy("light", classes=0)
