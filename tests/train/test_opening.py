"""Which checkpoint a run goes on with: refused where that is not clear, said where it is odd."""

import logging

import pytest
import torch

from striate.errors import ArgumentError, DataError, WeightsError
from striate.io.sole_writer import SoleWriter
from striate.train import Checkpoint
from striate.train.opening import opened
from tests.train.stopping import STEPS, Stop, Stopper, life, same


def stopped(folder, step=STEPS + 2, **options):
    with pytest.raises(Stop):
        life(folder, every=1, callbacks=[Stopper(step=step)], **options)


def test_auto_begins_where_there_is_nothing(tmp_path):
    said = []
    life(tmp_path / "new", said=said)
    assert said == []


def test_a_folder_that_is_named_must_hold_a_run(tmp_path):
    words = r"nothing\": must hold checkpoints of a run\. Got none\. Name a folder that fit\("
    with pytest.raises(WeightsError, match=words), opened(None, tmp_path / "nothing"):
        pass


def test_a_new_run_does_not_take_the_place_of_another(tmp_path):
    stopped(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(ArgumentError, match="`checkpoint` must be a folder without the checkpoin"):
        life(tmp_path, resume=None)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".writer") == before


def test_a_run_goes_on_in_another_folder(tmp_path):
    whole = life(tmp_path / "whole")
    stopped(tmp_path / "first")
    files = sorted((tmp_path / "first").rglob("*"))
    assert same(life(tmp_path / "second", every=1, resume=tmp_path / "first"), whole)
    assert sorted((tmp_path / "first").rglob("*")) == files
    with pytest.raises(ArgumentError, match="must be a folder without the checkpoints of another"):
        life(tmp_path / "second", resume=tmp_path / "first")
    assert same(life(tmp_path / "second", resume=str(tmp_path / "second")), whole)


def test_auto_needs_a_place():
    with pytest.raises(ArgumentError, match=r'`checkpoint` must be given where resume="auto"'):
        with opened(None, "auto"):
            pass


@pytest.mark.parametrize("wrong", ["run/ckpt", 5, True])
def test_a_checkpoint_is_a_checkpoint(wrong):
    words = r"fit: `checkpoint` must be a striate\.train\.Checkpoint\. Got .* For example"
    with pytest.raises(ArgumentError, match=words), opened(wrong, None):
        pass


@pytest.mark.parametrize("wrong", [True, False, 3, ""])
def test_a_run_is_resumed_by_a_word_or_from_a_folder(tmp_path, wrong):
    words = r'fit: `resume` must be "auto" or a folder\. Got .* Use resume="auto"'
    with pytest.raises(ArgumentError, match=words), opened(Checkpoint(tmp_path / "run"), wrong):
        pass
    assert not (tmp_path / "run").exists()


def test_nothing_is_opened_where_nothing_is_asked_for():
    with opened(None, None) as keeper:
        assert not keeper.is_needed


def test_a_damaged_checkpoint_is_said_and_passed_over(tmp_path):
    whole = life(tmp_path / "whole")
    folder = tmp_path / "run"
    stopped(folder)
    newest = max(folder.glob("step-*"))
    data = bytearray((newest / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (newest / "model.safetensors").write_bytes(data)
    said = []
    assert same(life(folder, said=said), whole)
    assert f"{newest.name} was passed over." in said[0]
    assert "its sha256 differs" in said[0]
    assert f'after step 1 of epoch 2, as saved in Checkpoint "{folder}/step-' in said[1]


def test_a_folder_of_damaged_ones_alone_is_refused(tmp_path):
    stopped(tmp_path)
    for folder in tmp_path.glob("step-*"):
        (folder / "state.json").unlink()
    with pytest.raises(WeightsError, match="must hold a whole generation"):
        life(tmp_path)


def test_one_process_saves_in_a_folder(tmp_path):
    words = "must be written by one process at a time"
    with SoleWriter(tmp_path), pytest.raises(DataError, match=words):
        life(tmp_path)


def test_other_surroundings_are_one_warning(tmp_path, caplog):
    stopped(tmp_path)
    checkpoint = Checkpoint(tmp_path)
    with caplog.at_level(logging.WARNING, "striate"), opened(checkpoint, "auto") as keeper:
        scope = {**keeper.found.scope, "threads": 77}
        object.__setattr__(keeper.found, "scope", scope)
        keeper.agree(keeper.found.configuration, torch.device("cpu"), epochs=9)
    assert "The run goes on after step 2 of epoch 2" in caplog.text
    assert "the run was saved in other surroundings (threads: 77 → " in caplog.text
