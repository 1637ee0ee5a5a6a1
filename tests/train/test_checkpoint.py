"""Checkpoint: what it is made of, and that what it writes is data, with a version."""

import json
import logging

import pytest

from striate.errors import ArgumentError
from striate.io.generations import Generations
from striate.train import Checkpoint
from striate.train.save_times import SaveTimes
from tests.train.stopping import life


def test_it_saves_at_the_end_of_epochs_unless_told_otherwise(tmp_path):
    assert Checkpoint(tmp_path).times == SaveTimes(True)
    assert Checkpoint(tmp_path, "5min").times == SaveTimes(False, None, 300.0)
    assert Checkpoint(str(tmp_path)).folder == tmp_path


def test_wrong_words_are_refused(tmp_path):
    with pytest.raises(ArgumentError, match='Checkpoint: `every` must be "epoch", a number of'):
        Checkpoint(tmp_path, "sometimes")
    with pytest.raises(ArgumentError, match="Checkpoint: `keep` must be a whole number of at lea"):
        Checkpoint(tmp_path, keep=0)


def test_it_speaks_to_the_logger(tmp_path, caplog):
    with caplog.at_level(logging.WARNING, "striate"):
        Checkpoint(tmp_path).say("words")
    assert caplog.messages == ["words"]


def test_what_is_on_the_disk_is_told(tmp_path):
    saved = []
    life(tmp_path, every="epoch", saved=saved.append)
    assert [folder.name for folder in saved] == [f"step-{5 * n:010d}" for n in (1, 2, 3)]
    assert saved[-1].is_dir()


def test_so_many_are_kept_and_hold_data_alone(tmp_path):
    life(tmp_path, every=1, keep=3)
    kept = sorted(tmp_path.glob("step-*"))
    assert [folder.name for folder in kept][-3:] == [f"step-{n:010d}" for n in (13, 14, 15)]
    names = {path.name for folder in kept for path in folder.iterdir()}
    assert {name.rpartition(".")[2] for name in names} == {"json", "safetensors"}
    state = json.loads(Generations(tmp_path).newest().files["state.json"])
    assert state["format"] == 1
    assert state["cursor"] == {"seed": 3, "epoch": 3, "step": 0, "updates": 15}
    assert sorted(state) == ["configuration", "cursor", "format", "scope", "state", "striate"]
