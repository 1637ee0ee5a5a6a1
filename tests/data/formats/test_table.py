import json

import pytest

from striate.data.formats.table import read_table, table_clue
from striate.errors import DataError


@pytest.fixture
def make(tmp_path):
    """make({"labels.csv": "a.png,cat …", "a.png": ""}) writes files and returns their folder."""

    def files(contents):
        for name, text in contents.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "data"

    return files


def pets(*names):
    return dict.fromkeys(names, "")


CSV = "file,label\n1.png,dog\n2.png,cat\n3.png,dog\n"


def test_a_table_of_classes(make):
    root = make({"labels.csv": CSV, **pets("1.png", "2.png", "3.png", "4.png")})
    index = read_table(root)["train"]
    assert [index.paths.name(i) for i in range(3)] == ["1.png", "2.png", "3.png"]
    assert index.labels.tolist() == [1, 0, 1]
    assert index.class_names == ("cat", "dog")
    assert (index.root, index.kind, index.format, index.faults) == (root, "labels", "table", ())
    assert index.why == "labels.csv names files and labels; files are in its own folder"
    assert read_table(root / "labels.csv")["train"].paths == index.paths


def test_whole_numbers_are_classes_by_their_value(make):
    text = "file,label\n1.png,10\n2.png,9\n3.png,b\n4.png,011\n"
    root = make({"a.csv": text, **pets("1.png", "2.png", "3.png", "4.png")})
    index = read_table(root)["train"]
    assert index.class_names == ("9", "10", "011", "b")
    assert index.labels.tolist() == [1, 0, 3, 2]


def test_a_table_of_several_labels(make):
    text = "path,tags\n1.png,a|b\n2.png,\n3.png,b\n"
    index = read_table(make({"t.csv": text, **pets("1.png", "2.png", "3.png")}))["train"]
    assert index.kind == "label_sets"
    assert [index.label_sets[i].tolist() for i in range(3)] == [[0, 1], [], [1]]
    assert index.counts == {"a": 1, "b": 2}


@pytest.mark.parametrize("folder", ["images", "labels", "train", "images/train", "."])
def test_where_the_files_are(make, folder):
    files = pets(*(f"{folder}/{n}.png" for n in (1, 2, 3)))
    index = read_table(make({"labels.csv": CSV, **files}))["train"]
    assert all(path.is_file() for path in index.paths)
    assert index.paths.name(0) == f"{folder}/1.png".removeprefix("./")


def test_a_column_of_parts(make):
    text = "file,label,split\n1.png,a,valid\n2.png,a,train\n3.png,b,Train\n4.png,b,test\n"
    root = make({"a.csv": text, **pets(*(f"{n}.png" for n in range(1, 5)))})
    parts = read_table(root)
    assert {part: index.labels.tolist() for part, index in parts.items()} == {
        "train": [0, 1],
        "val": [0],
        "test": [1],
    }
    assert list(parts) == ["train", "val", "test"]


def test_a_table_a_part(make):
    root = make({"train.csv": CSV, "val_labels.csv": "file,label\n4.png,cat\n"})
    for name in ("train/1.png", "train/2.png", "train/3.png", "val/4.png"):
        make(pets(name))
    parts = read_table(root)
    assert [each.paths.name(0) for each in parts.values()] == ["train/1.png", "val/4.png"]
    assert parts["val"].labels.tolist() == [0]
    assert parts["val"].class_names == ("cat", "dog")


def test_tables_in_the_folders_of_parts(make):
    lines = [{"file_name": f"{n}.png", "label": "ab"[n % 2]} for n in range(4)]
    text = "\n".join(map(json.dumps, lines))
    files = pets(*(f"{part}/{n}.png" for part in ("train", "test") for n in range(4)))
    root = make({"train/metadata.jsonl": text, "test/metadata.jsonl": text, **files})
    parts = read_table(root)
    assert [each.paths.name(3) for each in parts.values()] == ["train/3.png", "test/3.png"]
    assert table_clue(root).why == (
        'it holds "test/metadata.jsonl", "train/metadata.jsonl", with files and labels'
    )
    assert table_clue(root).uses == {"train", "test"}


def test_rows_that_cannot_be_used_are_named(make):
    text = CSV + "gone.png,dog\n2.png,dog\nnotes.txt,cat\n5.png,\n,cat\n"
    files = pets("1.png", "2.png", "3.png", "notes.txt", "5.png")
    index = read_table(make({"a.csv": text, **files}))["train"]
    assert len(index) == 3
    assert {path.name: why for path, why in index.faults} == {
        "gone.png": "no such file (a.csv, line 5)",
        "2.png": "named before, line 3 (a.csv, line 6)",
        "notes.txt": 'no picture: its name ends with ".txt" (a.csv, line 7)',
        "5.png": 'no label in column "label" (a.csv, line 8)',
        "a.csv": 'no file in column "file" (a.csv, line 9)',
    }


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"a.txt": ""},
            r"must hold a table \(\.csv, \.tsv, \.jsonl\) of labels\. Got no such table\. Name",
        ),
        (
            {"a.csv": CSV, "b.csv": CSV},
            r'must have one table, or one a part\. Got "a.csv", "b.csv"\. Name one of them',
        ),
        (
            {"a.csv": CSV, "train.csv": CSV},
            r'Got "a.csv", "train.csv"\. Name one of them, as ".*a\.csv"',
        ),
        (
            {"train.csv": CSV, "val.csv": "file,labels\n1.png,a|b\n"},
            r"must have tables of one kind: with one label a row, or with several\. Got both",
        ),
        (
            {"val.csv": CSV, "test.csv": CSV},
            r"must have a part train\. Got val and test|Got test and val",
        ),
        (
            {"train.csv": CSV, "training.csv": CSV},
            r"must have one table of the part train\. Got train.csv and training.csv\. Name one",
        ),
        (
            {"a.csv": "file,label,split\n1.png,a,holdout\n"},
            r'must name train, val or test in column "split"\. Got "holdout", line 2\. Mend',
        ),
        (
            {"a.csv": "file,label,split\n1.png,a,test\n"},
            r'Table ".*a\.csv": must have a part train\. Got test\. Name the parts train, val and',
        ),
        (
            {"train.csv": CSV, "val.csv": "file,label\n1.png,eel\n"},
            r'must have classes that the part train has\. Got "eel" in the part val\. Give',
        ),
        (
            {"a.csv": CSV + "gone.png,eel\n"},
            r'must have a picture of each class\. Got none of "eel"\. Add pictures, or take those',
        ),
        (
            {"a.csv": "file,label\ngone.png,eel\n"},
            r'must name pictures that are there\. Got 1 row without one\. The first: ".*gone.png"'
            r", no such file \(a\.csv, line 2\)\. Names begin at the folder",
        ),
    ],
)
def test_tables_that_do_not_fit(make, files, words):
    root = make({**files, **pets("1.png", "2.png", "3.png")})
    with pytest.raises(DataError, match=words):
        read_table(root)


def test_a_file_without_its_columns(make):
    root = make({"a.csv": "x,y\n1,2\n"})
    words = r"must begin with the names of its columns, among them file and label .*Got others, or"
    with pytest.raises(DataError, match=words):
        read_table(root / "a.csv")
    assert table_clue(root) is None


def test_absolute_and_outer_names(make, tmp_path):
    (tmp_path / "x.png").touch()
    text = f"file,label\n{tmp_path / 'x.png'},cat\n../x.png,dog\n"
    index = read_table(make({"a.csv": text}))["train"]
    assert [path.resolve() for path in index.paths] == [tmp_path / "x.png"] * 2


def test_names_that_no_file_can_have(make):
    lines = [{"file": name, "label": "a"} for name in ("1.png", "\ud800.png", "2\0.png")]
    text = "\n".join(map(json.dumps, lines))
    index = read_table(make({"a.jsonl": text, **pets("1.png")}))["train"]
    assert [why for _, why in index.faults] == [
        "no picture: no file can have its name (a.jsonl, line 2)",
        'no file in column "file" (a.jsonl, line 3)',
    ]
