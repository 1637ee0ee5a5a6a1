"""Named data sets in parts: their own test part, a share or folds held out."""

import numpy as np
import pytest

from striate.errors import ArgumentError
from striate.records import Preprocess
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.pictures.named_data import as_wanted, named_data
from striate.tasks.pictures.wanted_input import WantedInput


def test_a_net_asks_for_its_scale_and_least_size():
    data = named_data("digits")
    assert as_wanted(data, WantedInput("net", 8)) is data
    own = Preprocess((224, 224), fit="crop", channels=3, mean=(1.0, 2.0, 3.0), short_side_px=256)
    found = as_wanted(data, WantedInput("net", 8, own)).preprocess
    assert (found.size, found.channels, found.mean, found.fit) == ((8, 8), 1, (2.0,), "squash")
    words = "`model` must take pictures of 8 × 8 pixels, as digits has.* needs 9 pixels at least"
    with pytest.raises(ArgumentError, match=words):
        as_wanted(data, WantedInput("net", 9))


def test_parts_pictures_and_labels_belong_together():
    data = named_data("digits", validation=0.25, seed=3)
    whole = named_data("digits", validation=0.0)
    images, targets, _ = whole.parts["train"].source.fetch(np.arange(len(whole.parts["train"])))
    for part in ("train", "validation"):
        content = data.parts[part]
        numbers = [int(name.split()[1]) for name in content.names]
        own, labels, _ = content.source.fetch(np.arange(len(content)))
        assert (own == images[numbers]).all()
        assert labels.tolist() == targets[numbers].tolist() == content.labels.tolist()
    assert not data.mirrors


def test_folds_have_no_test_part():
    held = []
    for fold in (1, 2):
        data = named_data("digits", folds=2, fold=fold)
        assert list(data.parts) == ["train", "validation"]
        held += data.parts["validation"].names
    assert len(set(held)) == len(held) == 1442
    assert "355 left aside" in data.found[-1]


def test_errors():
    with pytest.raises(ArgumentError, match="train: `size` must be 8 for digits"):
        named_data("digits", size_px=9)
    with pytest.raises(ArgumentError, match="`group_by` must be left out for digits"):
        open_class_data("digits", TrainOptions(group_by="parent"))


def test_its_own_channels_may_be_said():
    assert named_data("digits", channels=1).input_shape == (8, 8, 1)
    with pytest.raises(ArgumentError, match="train: `channels` must be 1 for digits, or be left"):
        named_data("digits", channels=3)
