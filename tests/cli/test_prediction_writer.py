"""Table, CSV and JSON: what was said comes out whole, odd names too."""

import csv
import io
import json
import os

import pytest

from striate.cli.prediction_writer import CsvWriter, JsonWriter, TableWriter, open_writer
from striate.tasks.classify import Prediction


def said(file, *pairs, labels=None):
    labels = pairs[:1] if labels is None else labels
    return Prediction(file, *pairs[0], labels, pairs)


BROKEN = Prediction("x.png", None, None, (), (), "it is broken")
TWO = (
    said("a.png", ("cat", 0.75), ("dog", 0.25)),
    said("b/long name.png", ("dog, wet", 1.0), ("cat", 0.0)),
)


def test_the_table_is_aligned_and_leaves_out_what_is_broken(capsys):
    writer = TableWriter(several=False)
    for each in (TWO[0], BROKEN, TWO[1]):
        writer.add(each)
    assert capsys.readouterr().out == ""
    writer.end(1)
    assert capsys.readouterr().out == (
        "file             class     probability  top 2\n"
        "a.png            cat            0.7500  cat 0.750, dog 0.250\n"
        "b/long name.png  dog, wet       1.0000  dog, wet 1.000, cat 0.000\n"
    )


def test_a_long_table_comes_in_parts_below_each_other(capsys):
    writer = TableWriter(several=False)
    for number in range(150):
        writer.add(said(f"{number:03}.png", ("cat", 0.5)))
        if number == 100:
            assert len(capsys.readouterr().out.splitlines()) == 64
    writer.add(said("a much longer name.png", ("cat", 0.5)))
    writer.flush()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 152 - 64
    assert lines[0] == "063.png  cat         0.5000  cat 0.500"
    assert sum(line.startswith("file") for line in lines) == 0


def test_one_row_is_one_line_whatever_the_name(capsys):
    writer = TableWriter(several=False)
    writer.add(said("two\nlines\x1b[31m\udcff.png", ("cat", 0.5)))
    writer.end(0)
    _, line = capsys.readouterr().out.splitlines()
    assert line.startswith(r"two\nlines\x1b[31m\udcff.png  cat")


def test_several_labels_in_the_table_and_in_csv(capsys):
    rows = [
        said("a.png", ("cat", 0.9), ("dog", 0.8), labels=(("cat", 0.9), ("dog", 0.8))),
        said("b.png", ("cat", 0.2), labels=()),
    ]
    table, values = TableWriter(several=True), CsvWriter(several=True)
    for each in rows:
        table.add(each)
    table.end(0)
    assert capsys.readouterr().out == (
        "file   classes   top 2\n"
        "a.png  cat, dog  cat 0.900, dog 0.800\n"
        "b.png  -         cat 0.200\n"
    )
    for each in rows:
        values.add(each)
    values.end(0)
    out = capsys.readouterr().out
    assert out == "file,labels,probabilities\na.png,cat|dog,0.9000|0.8000\nb.png,,\n"


def test_csv_holds_as_many_classes_as_were_asked_for(capsys):
    writer = CsvWriter(several=False)
    for each in (BROKEN, *TWO):
        writer.add(each)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [
        ["file", "class", "probability", "class_2", "probability_2"],
        ["a.png", "cat", "0.7500", "dog", "0.2500"],
        ["b/long name.png", "dog, wet", "1.0000", "cat", "0.0000"],
    ]


def test_csv_gives_names_back_byte_for_byte(capfdbinary):
    name = 'two\nlines, "quoted" \udcff.png'
    CsvWriter(several=False).add(said(name, ("cat", 0.5)))
    out = capfdbinary.readouterr().out
    text = io.StringIO(out.decode("utf-8", "surrogateescape"), newline="")
    assert os.fsencode(list(csv.reader(text))[1][0]) == os.fsencode(name)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_one_document(capsys, count):
    writer = JsonWriter({"run": "r", "tta": False})
    for each in [*TWO, BROKEN][:count]:
        writer.add(each)
    with pytest.raises(json.JSONDecodeError):
        json.loads(capsys.readouterr().out or "{")
    writer = JsonWriter({"run": "r", "tta": False})
    for each in [*TWO, BROKEN][:count]:
        writer.add(each)
    writer.end(7)
    document = json.loads(capsys.readouterr().out)
    assert document["run"] == "r"
    assert (document["files"], document["failed"]) == (count, 7)
    assert len(document["predictions"]) == count
    if count == 3:
        assert document["predictions"][0]["top"] == [["cat", 0.75], ["dog", 0.25]]
        assert document["predictions"][2]["error"] == "it is broken"


def test_no_document_begins_before_there_is_an_answer(capsys):
    JsonWriter({"run": "r"})  # what asks may yet find an option wrong
    assert capsys.readouterr().out == ""


def test_json_keeps_names_that_are_no_text(capsys):
    writer = JsonWriter({"run": "r"})
    writer.add(said("ä \udcff\n.png", ("cat", 0.5)))
    writer.end(0)
    out = capsys.readouterr().out
    assert out.encode("utf-8")
    assert json.loads(out)["predictions"][0]["file"] == "ä \udcff\n.png"


def test_the_options_choose_the_writer():
    class Asked:
        class_names, several, temperature = ("a", "b"), True, 1.5

    for json_, as_csv, kind in (
        (True, False, JsonWriter),
        (False, True, CsvWriter),
        (False, False, TableWriter),
    ):
        assert type(open_writer(Asked, "run", json=json_, as_csv=as_csv, tta=False)) is kind
