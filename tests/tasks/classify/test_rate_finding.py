"""find_rate: what it writes and says."""

import json

import pytest
from PIL import Image

from striate.cli.lr_find import FLAGS
from striate.errors import DataError
from striate.tasks.classify import find_rate
from striate.tasks.options import TrainOptions, names_by_flag

SMALL = {"data": "digits", "batch_size": 32, "filters": 4}
IDLE = {
    "epochs": 3,
    "learning_rate": 0.7,
    "schedule": "cosine",
    "augment": "strong",
    "mirror": True,
    "mixup": 0.4,
    "ema": 0.5,
    "early_stop": 2,
    "checkpoint_every": "7",
    "on_diverge": "rollback:lr*0.5",
    "on_oom": "accumulate",
}
OF_ANOTHER_TRAINING = {"folds", "pretrained", "weights", "freeze_until"}


def test_figure_and_numbers(tmp_path):
    said = []
    options = TrainOptions(data="digits", batch_size=128, filters=8, runs=str(tmp_path))
    found = find_rate(options, say=said.append)
    assert found.folder == tmp_path / "lr-find" / "digits-1"
    record = json.loads((found.folder / "lr_find.json").read_text())
    assert record["suggestion"] == found.sweep.suggestion
    assert len(record["rates"]) == len(record["losses"]) == len(found.sweep.rates)
    with Image.open(found.folder / "lr_find.png") as image:
        assert image.width > 500
    assert said[0].startswith("Data: ")


def test_what_has_no_flag_of_lr_find_changes_nothing(tmp_path):
    assert {*FLAGS, *IDLE, *OF_ANOTHER_TRAINING} == set(names_by_flag().values())
    plain, other = (
        find_rate(TrainOptions(**SMALL, **more, runs=str(tmp_path))).sweep for more in ({}, IDLE)
    )
    assert other == plain


def test_a_place_that_cannot_be_written_is_told_before_the_data_are_read(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r'must be writable\. Got ".*file" is no folder\. Name ano'):
        find_rate(TrainOptions(data="no such data", runs=str(tmp_path / "file" / "runs")))
