import dataclasses

import pytest

from striate.data import augment
from striate.data.augment import Transform
from striate.errors import ArgumentError

RECORDS = [
    each
    for each in (getattr(augment, name) for name in augment.__all__)
    if isinstance(each, type) and issubclass(each, Transform) and hasattr(each, "stage")
]
RECORDS = [each for each in RECORDS if not getattr(each, "__abstractmethods__", None)]
RECORDS = [each for each in RECORDS if each.describe is not Transform.describe]


@pytest.mark.parametrize("record", RECORDS)
def test_records_are_frozen_equal_and_say_what_they_do(record):
    one = record()
    assert one == record()
    assert hash(one) == hash(record())
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.p = 0.1
    said = one.describe()
    assert said.endswith(".")
    assert "\n" not in said
    assert said[0].isupper()
    assert record(p=0.125).describe() != said
    assert "12.5 %" in record(p=0.125).describe()


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("p", [-0.1, 1.1, "half", True])
def test_error_words_of_p(record, p):
    with pytest.raises(
        ArgumentError, match=rf"{record.__name__}: `p` must be a number from 0 to 1"
    ):
        record(p=p)


def test_all_that_are_offered_are_tested_here():
    assert {each.__name__ for each in RECORDS} == {
        "Brightness", "Contrast", "CutMix", "Erasing", "HorizontalFlip", "Hue", "Lighting",
        "MixUp", "RandAugment", "RandomResizedCrop", "Saturation", "ShiftScaleRotate",
        "VerticalFlip",
    }  # fmt: skip
