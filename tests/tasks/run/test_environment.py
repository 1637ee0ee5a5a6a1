"""What env.json and the doctor say is what this process has."""

import json
import os
import platform
import sys
from datetime import UTC, datetime

import pytest
import torch

from striate.tasks.run import environment


def test_versions_and_machine():
    facts = environment.environment()
    assert facts["python"] == platform.python_version()
    assert facts["packages"]["torch"] == torch.__version__
    assert facts["threads"] == torch.get_num_threads()
    assert 1 <= facts["cores"] <= os.cpu_count()
    assert facts["precision"] in ("float32", "bfloat16")
    assert environment.best_device().type == ("cuda" if torch.cuda.is_available() else "cpu")
    json.dumps(facts)


def test_a_package_that_is_missing_is_none(monkeypatch):
    monkeypatch.setattr(environment, "_PACKAGES", ("no-such-package",))
    assert environment.environment()["packages"] == {"no-such-package": None}


def test_folders_follow_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "not" / "there"))
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    found = environment.folders()
    assert found["cache"] == str(tmp_path / "not" / "there")
    assert found["offline"] == "STRIATE_OFFLINE=1"
    assert found["free_bytes"] > 0
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize("there", [True, False])
def test_data_sets_at_hand(monkeypatch, tmp_path, there):
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path))
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    if there:
        (tmp_path / "mnist.npz").touch()
    found = environment.data_sets_at_hand()
    assert found["mnist"] == (str(tmp_path / "mnist.npz") if there else None)
    assert found["digits"] == "comes with scikit-learn"


def test_a_run_knows_when_and_by_which_words_it_began(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/striate", "train", "my pets"])
    before = datetime.now(UTC).replace(microsecond=0)
    found = environment.run_environment()
    assert before <= datetime.fromisoformat(found["started"]) <= datetime.now(UTC)
    assert found["command"] == ["striate", "train", "my pets"]
    assert found["python"] == platform.python_version()
    json.dumps(found)
