"""Damaged model folders: one sentence, at once, and no memory taken."""

import re
import resource
import time

import pytest

import striate
from striate.errors import WeightsError
from tests.models.forged_folders import forged, graph, net

SENTENCE = re.compile(
    r"^(Model folder|Folder|layer entry)[^\n]*: must [^\n]+\. Got [^\n]+\.[^\n]*$"
)


def refused(folder):
    """The words with which a folder is refused, within a second."""
    started = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(WeightsError) as caught:
        striate.load_model(folder)
    assert time.perf_counter() - started < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB
    words = str(caught.value)
    assert SENTENCE.match(words), words
    assert len(words) < 1000
    return words


def test_an_unchanged_forgery_loads(tmp_path):
    assert striate.load_model(forged(tmp_path / "net")).count_params() == 202
    assert striate.load_model(forged(tmp_path / "g", graph())).count_params() == 30


def test_a_file_that_is_missing(tmp_path):
    for name in ("model.json", "model.safetensors", "README.md", "manifest.json"):
        folder = tmp_path / name
        net().save(folder)
        (folder / name).unlink()
        assert name in refused(folder)


def test_a_place_that_is_no_folder(tmp_path):
    assert "Got no such folder. Check the path." in refused(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    assert "Got a file" in refused(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert "manifest.json" in refused(tmp_path / "empty")


@pytest.mark.parametrize("name", ["model.json", "model.safetensors", "README.md", "manifest.json"])
def test_every_flipped_bit_is_found(name, tmp_path):
    net().save(tmp_path / "net")
    path = tmp_path / "net" / name
    whole = path.read_bytes()
    for part in range(12):
        place = (len(whole) - 1) * part // 11
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << part % 8]) + whole[place + 1 :])
        refused(tmp_path / "net")
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        refused(tmp_path / "net")
    path.write_bytes(whole)
    striate.load_model(tmp_path / "net")


def test_after_a_crash_between_two_renames_the_old_model_is_found(tmp_path):
    net().save(tmp_path / "net")
    (tmp_path / "net").rename(tmp_path / ".net.old")
    assert striate.load_model(tmp_path / "net").count_params() == 202


def test_a_run_folder_is_read_by_its_model(tmp_path):
    net().save(tmp_path / "run" / "model")
    (tmp_path / "run" / "metrics.jsonl").write_text("{}")
    assert striate.load_model(tmp_path / "run").count_params() == 202
    (tmp_path / "run" / "model").rename(tmp_path / "run" / ".model.old")
    assert striate.load_model(tmp_path / "run").count_params() == 202
