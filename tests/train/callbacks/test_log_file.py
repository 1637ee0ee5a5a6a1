"""A log grows by whole lines and goes back to any earlier text, whatever was written since."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import DataError
from striate.train.callbacks.log_file import LogFile

LINES = st.lists(
    st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"])), max_size=5
)


@given(LINES, LINES)
def test_it_goes_back_to_what_it_was(tmp_path_factory, first, later):
    path = tmp_path_factory.mktemp("log") / "deep" / "log.txt"
    log = LogFile(path)
    log.begin()
    for line in first:
        log.add(line)
    saved = log.text
    assert path.read_text("utf-8") == saved == "".join(f"{line}\n" for line in first)
    for line in later:
        log.add(line)
    again = LogFile(path)  # another life
    again.begin(keep=True)
    again.go_back(saved)
    assert path.read_text("utf-8") == saved == again.text
    again.add("more")
    assert path.read_text("utf-8") == f"{saved}more\n"


def test_a_file_that_was_lost_or_changed_is_written_anew(tmp_path):
    log = LogFile(tmp_path / "log.txt")
    log.begin()
    log.add("one")
    log.add("two")
    for spoil in (log.path.unlink, lambda: log.path.write_text("other")):
        spoil()
        log.go_back("one\n")
        assert log.path.read_text() == "one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["log.txt"]


def test_bytes_that_are_no_utf_8_stay(tmp_path):
    path = tmp_path / "log.txt"
    path.write_bytes(b"caf\xe9\n")
    log = LogFile(path)
    log.begin(keep=True)
    log.add("more")
    log.go_back(log.text)
    assert path.read_bytes() == b"caf\xe9\nmore\n"


def test_a_new_one_begins_empty(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text("old\n")
    log = LogFile(path)
    log.begin()
    assert path.read_bytes() == b""
    assert log.text == ""


def test_a_folder_that_is_gone_is_one_sentence(tmp_path):
    log = LogFile(tmp_path / "run" / "log.txt")
    log.begin()
    log.add("one")
    shutil.rmtree(tmp_path / "run")
    words = r'log\.txt": must take the lines of a run\. Got No such file or directory\. Free the d'
    for call in (lambda: log.add("two"), lambda: log.go_back("")):
        with pytest.raises(DataError, match=words):
            call()
