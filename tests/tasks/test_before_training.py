"""What a training refuses, leaves out and says before it begins."""

import numpy as np
import pytest

from striate.data import open_index
from striate.errors import DataError
from striate.tasks.before_training import before_training
from tests.data.doctor.planted import clean_classes, plant


@pytest.fixture
def indices(tmp_path):
    root = clean_classes(tmp_path / "pets")
    plant(root)
    return open_index(root)


def names(index):
    return [index.paths.name(number) for number in range(len(index))]


def test_pictures_that_cannot_be_read_end_it_with_their_list(indices):
    with pytest.raises(DataError, match=r"pets: must hold pictures that can be read") as found:
        before_training(indices, place="pets", on_bad_image="fail")
    for name in ("empty.jpg", "words.jpg", "cut.jpg"):
        assert name in str(found.value)


def test_they_are_left_out_in_order_and_that_is_said(indices):
    kept, said = before_training(indices, place="pets", on_bad_image="skip")
    bad = ("empty.jpg", "words.jpg", "cut.jpg")
    wanted = [name for name in names(indices["train"]) if not name.endswith(bad)]
    assert names(kept["train"]) == wanted
    assert len(kept["train"].labels) == len(wanted)
    assert names(kept["val"]) == names(indices["val"])
    assert said[0] == "Left out 3 of 72 pictures that cannot be used:"
    assert any(sentence.startswith("Same picture in two classes: ") for sentence in said)
    assert any(sentence.startswith("Classes out of balance: ") for sentence in said)
    assert not any("two parts" in sentence for sentence in said)


def test_nothing_is_said_of_a_clean_set(tmp_path):
    indices = open_index(clean_classes(tmp_path / "pets"))
    kept, said = before_training(indices, place="pets", on_bad_image="fail")
    assert said == ()
    np.testing.assert_array_equal(kept["train"].labels, indices["train"].labels)
