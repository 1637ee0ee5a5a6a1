"""What striate data says. In this process, without a new one for each."""

import functools
import json
import re
import shlex

import pytest

from tests.data.doctor.planted import clean_classes, plant


@pytest.fixture
def data(striate):
    """data(*words): (exit code, standard output, standard error) of striate data."""
    return functools.partial(striate, "data")


@pytest.mark.parametrize("name", ["check", "show"])
def test_every_help_ends_with_two_examples_that_name_real_options(data, name):
    code, out, _ = data(name, "--help")
    assert code == 0
    *_, head, first, second = out.rstrip().splitlines()
    assert head.strip() == "Examples:"
    for example in (first, second):
        assert shlex.split(example)[:3] == ["striate", "data", name]
        for option in re.findall(r" (--\w+)", example):
            assert re.search(rf"^ +(--\w+/)?(--full / )?{option}\b|{option}\b", out, re.MULTILINE)


def test_a_clean_set_ends_with_0(data, tmp_path):
    clean_classes(tmp_path / "pets")
    code, out, err = data("check", "pets")
    assert (code, err) == (0, "")
    assert out == (
        '"pets": format folder; 40 train, 12 val; all pixels decoded.\nNothing is wrong with it.\n'
    )


def test_errors_end_with_3_and_warnings_with_0(data, tmp_path):
    root = clean_classes(tmp_path / "pets")
    (root / "train/cat/again.jpg").write_bytes((root / "train/cat/0.jpg").read_bytes())
    code, out, _ = data("check", "pets")
    assert code == 0
    assert "warning   same picture again          1      2\n" in out
    assert out.endswith("\n0 errors, 1 warning, 0 notes.\n")
    (root / "train/cat/torn.jpg").write_bytes(b"torn")
    code, out, _ = data("check", "pets", "--fast")
    assert code == 3
    assert "headers and bytes read" in out
    assert "train/cat/torn.jpg" in out


def test_report_and_json_are_written_outside_the_data(data, tmp_path):
    plant(clean_classes(tmp_path / "pets"))
    code, out, err = data("check", "pets", "--json", "--report", "doctor")
    assert code == 3
    assert json.loads(out)["counts"]["undecodable"] == 2
    assert err.split() == ["report", "doctor/report.html", "report", "doctor/report.json"]
    assert json.loads((tmp_path / "doctor/report.json").read_text()) == json.loads(out)
    code, _, err = data("check", "pets", "--report", "pets/doctor")
    assert code == 2
    assert "`report` must lie outside the data" in err
    (tmp_path / "doctor" / "mine.txt").touch()
    code, _, err = data("check", "pets", "--report", "doctor")
    assert code == 2
    assert "`report` must be new or empty, or hold an earlier report" in err
    assert not (tmp_path / "pets/doctor").exists()


def test_show_says_where_the_picture_is(data, tmp_path):
    clean_classes(tmp_path / "pets", train=3, val=1)
    code, out, err = data("show", "pets", "--augment", "light", "--batch", "4", "--out", "b.png")
    assert (code, out, err) == (0, "b.png\n", "")
    assert (tmp_path / "b.png").stat().st_size > 1000
    code, _, err = data("show", "nothing")
    assert code == 3
    assert "must be an existing folder" in err
