"""Run folders: numbered, never overwritten, TOML that tomllib reads back."""

import math
import os
import threading
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import DataError
from striate.tasks.classify import open_classifier
from striate.tasks.run.run_folder import new_run_folder, read_run_json, to_toml, write_run_file
from striate.tasks.run.runs import read_settings


def test_each_run_takes_the_next_number(tmp_path):
    (tmp_path / "cats-7").mkdir()
    (tmp_path / "cats-and-dogs-9").mkdir()
    (tmp_path / "cats-x").mkdir()
    assert new_run_folder(tmp_path, "cats").name == "cats-8"
    assert new_run_folder(tmp_path, "cats").name == "cats-9"


@pytest.mark.parametrize(
    ("name", "folder"),
    [("../../evil", "evil-1"), ("a/b c", "a-b-c-1"), ("...", "run-1"), ("Köche", "Köche-1")],
)
def test_a_name_never_leaves_the_folder_of_runs(tmp_path, name, folder):
    made = new_run_folder(tmp_path / "runs", name)
    assert made == tmp_path / "runs" / folder


def test_runs_that_begin_together_do_not_meet(tmp_path):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(new_run_folder(tmp_path, "x")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"must take a new run folder. Got .* Name another folder"):
        new_run_folder(tmp_path / "file", "x")


def test_files_are_written_once(tmp_path):
    write_run_file(tmp_path, "a.txt", "grün")
    write_run_file(tmp_path, "a.json", {"a": [1, None]})
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "grün"
    assert read_run_json(tmp_path, "a.json") == {"a": [1, None]}
    with pytest.raises(DataError, match=r"must take the file a.txt. Got File exists"):
        write_run_file(tmp_path, "a.txt", "other")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "grün"


def test_bytes_of_names_that_are_no_utf8_are_escaped(tmp_path):
    write_run_file(tmp_path, "a.json", {"caf\udce9.jpg": ["\ud800"]})
    write_run_file(tmp_path, "a.html", "<p>caf\udce9.jpg")
    assert read_run_json(tmp_path, "a.json") == {"caf\udce9.jpg": ["\ud800"]}
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == r"<p>caf\udce9.jpg"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "must hold x.json. Got No such file"),
        ("{", "must hold a x.json that is JSON"),
        ("[" * 100_000, "must hold a x.json that is JSON"),
        ("[1]", "must hold a record in x.json. Got list"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path, content, words):
    if content is not None:
        (tmp_path / "x.json").write_text(content)
    with pytest.raises(DataError, match=words):
        read_run_json(os.fspath(tmp_path), "x.json")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.one_of(TEXT, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats())


@given(TEXT, VALUES, st.lists(VALUES, max_size=4))
def test_toml_is_read_back(text, value, values):
    back = tomllib.loads(to_toml({"text": text, "value": value, "list": values, "none": None}))
    assert back["text"] == text
    for mine, theirs in zip([value, *values], [back["value"], *back["list"]], strict=True):
        same = mine == theirs or (math.isnan(mine) and math.isnan(theirs))
        assert same
        assert type(mine) is type(theirs)
    assert "none" not in back


def test_the_runs_of_folds_are_no_run(tmp_path):
    for name in ("fold-1-1", "fold-2-1"):
        (tmp_path / name).mkdir()
    (tmp_path / "folds.json").write_text("{}")
    for read in (open_classifier, read_settings):
        with pytest.raises(DataError, match=r"must be one run. .* Name one of them: fold-1-1, fol"):
            read(tmp_path)
