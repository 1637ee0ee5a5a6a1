import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.formats.rows import Columns, columns_of, read_rows
from striate.errors import DataError


@pytest.fixture
def put(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, newline="", encoding="utf-8")
        return path

    return write


def rows(path):
    return list(read_rows(path, columns_of(path)))


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("file,label", Columns("file", "label", False, None)),
        ("Image , Class,Split", Columns("Image", "Class", False, "Split")),
        ("id;filename;category;x", Columns("filename", "category", False, None)),
        ("path\ttags\tpart", Columns("path", "tags", True, "part")),
        ("a,file_name,labels", Columns("file_name", "labels", True, None)),
    ],
)
def test_columns_are_known_by_their_names(put, header, columns):
    sign = next(sign for sign in ",;\t" if sign in header)
    assert columns_of(put("a.csv", f"{header}\n{sign.join('1234')}\n")) == columns


@pytest.mark.parametrize("text", ["", "file,label\n", "a,b\n1,2\n", "file,x\n1,2\n", "label\nb\n"])
def test_other_tables_have_no_columns(put, text):
    assert columns_of(put("a.csv", text)) is None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("file,path,label", r'must have one column of files\. Got "file", "path"\. Rename those'),
        ("file,label,class", r"must have one column of labels\. Got"),
        ("file,label,labels", r"must have one column of labels\. Got"),
        ("file,label,split,subset", r"must have one column of parts\. Got"),
        ("file,label,file", r'must name each column once\. Got "file" twice, line 1\. Mend that'),
    ],
)
def test_columns_that_may_be_meant_both(put, header, words):
    with pytest.raises(DataError, match=rf'^Table ".*a\.csv": {words}'):
        columns_of(put("a.csv", f"{header}\n1,2,3,4\n"))


def test_rows_of_csv(put):
    text = (
        '\ufefffile,label,split\na.png, cat ,train\n\n"b, ""c"".png",dog,\r\nd.png,,val\n,cat,val\n'
    )
    found = rows(put("a.csv", text + "e.png\nf.png,cat,val,more\n"))
    assert [(r.line, r.file, r.labels, r.split, r.fault) for r in found] == [
        (2, "a.png", ("cat",), "train", ""),
        (4, 'b, "c".png', ("dog",), "", ""),
        (5, "d.png", (), "val", 'no label in column "label"'),
        (6, "", (), "val", 'no file in column "file"'),
        (7, "e.png", (), "", 'no label in column "label"'),
        (8, "f.png", (), "val", "more fields than columns"),
    ]


@pytest.mark.parametrize(
    ("field", "labels"),
    [
        ("a", ("a",)),
        ("a|b", ("a", "b")),
        ("a; b;a", ("a", "b")),
        ('["a|b", "c", 3]', ("a|b", "c", "3")),
        ("[]", ()),
        ("", ()),
        ("a, b", ("a, b",)),
    ],
)
def test_several_labels_in_a_field(put, field, labels):
    quoted = field.replace('"', '""')
    (row,) = rows(put("a.csv", f'file,labels\n1.png,"{quoted}"\n'))
    assert (row.labels, row.fault) == (labels, "")


@pytest.mark.parametrize("field", ['["a"', "[1.5]", "[null]", "[[1]]"])
def test_several_labels_that_are_none(put, field):
    quoted = field.replace('"', '""')
    (row,) = rows(put("a.csv", f'file,labels\n1.png,"{quoted}"\n'))
    assert (row.labels, row.fault) == ((), 'no label in column "labels"')


def test_rows_of_json_lines(put):
    records = [
        {"file_name": "a.png", "label": 3},
        {"file_name": "b.png", "label": "dog", "more": [1]},
        {"file_name": "c.png", "label": None},
        {"file_name": "d.png", "label": True},
        {"file_name": 5, "label": "cat"},
        {"label": "cat"},
    ]
    text = "\n\n".join(map(json.dumps, records))
    found = rows(put("a.jsonl", text))
    assert [(row.line, row.file, row.labels, bool(row.fault)) for row in found] == [
        (1, "a.png", ("3",), False),
        (3, "b.png", ("dog",), False),
        *((5, "c.png", (), True), (7, "d.png", (), True)),
        *((9, "", (), True), (11, "", (), True)),
    ]


@pytest.mark.parametrize("label", ["two\nlines", "two\u2028lines", "two\x85lines", "half \ud800"])
def test_labels_that_are_no_line_of_text(put, label):
    for name, value in (("label", label), ("labels", ["cat", label])):
        (row,) = rows(put("a.jsonl", json.dumps({"file": "a.png", name: value})))
        assert (row.labels, row.fault) == ((), f'no label of one line of text in column "{name}"')


def test_a_label_of_two_lines_in_csv(put):
    found = rows(put("a.csv", 'file,label\na.png,"two\nlines"\nb.png,cat\n'))
    assert [(row.line, row.labels, bool(row.fault)) for row in found] == [
        (3, (), True),
        (4, ("cat",), False),
    ]


def test_a_list_means_several_labels(put):
    path = put("a.jsonl", '{"image": "a.png", "label": ["x", "y"]}\n{"image": "b.png"}\n')
    assert columns_of(path).many
    assert [row.labels for row in rows(path)] == [("x", "y"), ()]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "a.jsonl",
            '{"file": "a", "label": 1}\n{',
            r"object a line\. Got .*, line 2\. Mend",
        ),
        ("a.jsonl", "[1]", r"one JSON object a line\. Got list, line 1\. Mend that line"),
        ("a.csv", 'file,label\na,"b\n', r"must be CSV\. Got unexpected end of data, line 2\. Mend"),
        ("a.csv", 'file,label\na,"b"c\n', r"must be CSV\. Got .* expected after .*, line 2\. Mend"),
    ],
)
def test_tables_that_are_none(put, name, text, words):
    path = put(name, text)
    with pytest.raises(DataError, match=rf'^Table ".*": .*{words}'):
        list(read_rows(path, Columns("file", "label", False, None)))


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
WORDS = st.text(LETTERS, min_size=1, max_size=9).map(str.strip).filter(bool)


@given(data=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=9))
def test_what_csv_writes_is_read(data, tmp_path_factory):
    file = io.StringIO()
    csv.writer(file).writerows([("file", "label"), *data])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text(file.getvalue(), newline="", encoding="utf-8")
    assert [(row.file, *row.labels) for row in rows(path)] == data
