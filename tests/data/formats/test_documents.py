import os

import pytest

from striate.data.formats.documents import (
    is_number,
    read_json,
    read_lines,
    read_text,
    read_xml,
    read_yaml,
)
from striate.errors import DataError


@pytest.fixture
def put(tmp_path):
    def write(data):
        path = tmp_path / "file"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


def test_text_is_utf_8(put):
    assert read_text(put("ä\r\n")) == "ä\r\n"
    assert read_text(put(b"\xef\xbb\xbfa")) == "a"
    with pytest.raises(DataError, match=r"must be text in UTF-8\. Got byte 0xff at 1\. Save it"):
        read_text(put(b"a\xff"))
    with pytest.raises(DataError, match=r"must have at most 2 bytes\. Got 3\. Is it the right"):
        read_text(put("abc"), 2)


def test_lines_are_utf_8(put):
    assert list(read_lines(put(b"\xef\xbb\xbfa\r\n\nb"))) == ["a\r\n", "\n", "b"]
    with pytest.raises(DataError, match=r"must be text in UTF-8\. Got byte 0xff\. Save it as"):
        list(read_lines(put(b"a\n\xff")))


def test_only_regular_files_are_opened(tmp_path):
    with pytest.raises(DataError, match=r"must be a regular file\. Got no such file\. Check"):
        read_text(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    for read in (read_text, read_json, read_yaml, read_xml, lambda path: list(read_lines(path))):
        with pytest.raises(DataError, match=r"Got a folder, pipe or device"):
            read(tmp_path / "pipe")


def test_a_file_that_may_not_be_read(put, monkeypatch):
    path = put("a")

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(DataError, match=r"must be readable\. Got Permission denied\. Check its"):
        read_text(path)
    with pytest.raises(DataError, match=r"must be readable\. Got Permission denied\. Check its"):
        list(read_lines(path))


@pytest.mark.parametrize("text", ["{", "", "[1,]", "[" * 200_000, "1" * 5000])
def test_json_that_is_none(put, text):
    with pytest.raises(DataError, match=r'File ".*": must hold JSON\. Got \w+(: .*)?\. Mend'):
        read_json(put(text))


def test_json(put):
    assert read_json(put('{"a": [1, null]}')) == {"a": [1, None]}


def test_words_of_yaml_stay_words(put):
    text = "names: [no, yes, 1e3, 007, 2024-01-01, ~, 'a b']\nnc: 7\n0: on\nempty:\n"
    text += "tag: !!python/object/apply:os.system [ls]"
    assert read_yaml(put(text)) == {
        "names": ["no", "yes", "1e3", "007", "2024-01-01", "~", "a b"],
        "nc": "7",
        "0": "on",
        "empty": "",
        "tag": ["ls"],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "ParserError"),
        ("names: {0: a, 1: b, 0: c}", r'the key "0" stands there twice'),
        ("a: &a [*b]", "ComposerError"),
        ("[" * 5000, "Error"),
    ],
)
def test_yaml_that_is_refused(put, text, words):
    with pytest.raises(DataError, match=rf'File ".*": must hold YAML\. Got .*{words}'):
        read_yaml(put(text))


def test_yaml_whose_aliases_multiply_takes_no_memory(put):
    rows = [
        "a0: &a0 [x]",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)),
    ]
    assert len(read_yaml(put("\n".join(rows)))) == 30


def test_xml(put):
    assert read_xml(put("<a><b>1</b></a>")).findtext("b") == "1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<a>", "ParseError"),
        ("", "ParseError"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTDForbidden"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DTDForbidden"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "LookupError|ParseError|ValueError"),
    ],
)
def test_xml_that_is_refused(put, text, words):
    with pytest.raises(DataError, match=rf'File ".*": must hold plain XML\. Got ({words})'):
        read_xml(put(text))


def test_numbers_that_can_be_computed_with():
    good = [0, -1, 1.5, 2**70]
    bad = [True, None, "1", float("nan"), float("inf"), -float("inf"), 10**400, [1]]
    assert all(map(is_number, good))
    assert not any(map(is_number, bad))
