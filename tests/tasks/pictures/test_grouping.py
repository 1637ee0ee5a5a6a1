"""Groups of pictures: by folder, by a column of the table, by their names."""

from pathlib import Path

import pytest

from striate.data import open_index
from striate.errors import ArgumentError
from striate.tasks.pictures.grouping import group_keys
from tests.tasks.conftest import draw

NAMES = ["pics/a_1.png", "pics/a_2.png", "pics/b_1.png"]


@pytest.fixture
def table(tmp_path):
    for name in NAMES:
        draw(tmp_path / name, (9, 9, 9))
    path = tmp_path / "t.csv"
    path.write_text("file,label,owner\na_1.png,x,Ann\na_2.png,y,Bob\nb_1.png,x,Ann\n")
    (tmp_path / "t").mkdir()
    for name in NAMES:
        (tmp_path / name).rename(tmp_path / "t" / Path(name).name)
    return path


def test_by_a_column_though_the_pictures_lie_in_a_folder_below(table):
    index = open_index(table)["train"]
    assert index.paths.name(0) == "t/a_1.png"
    assert group_keys(index, NAMES, "owner", source=table) == ["Ann", "Bob", "Ann"]
    assert group_keys(index, NAMES, "owner", source=table.parent) == ["Ann", "Bob", "Ann"]


def test_by_folder_and_by_name(table):
    index = open_index(table)["train"]
    assert group_keys(index, NAMES, "parent", source=table) == ["pics"] * 3
    assert group_keys(index, NAMES, r"/(\w)_", source=table) == ["a", "a", "b"]
    assert group_keys(index, NAMES, r"_\d", source=table) == ["_1", "_2", "_1"]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("(", "`group_by` must be parent, a column of the table, or a regular expression"),
        ("a_", 'an expression that is found in every path. .* It finds nothing in "pics/b_1.png"'),
    ],
)
def test_errors(table, by, words):
    with pytest.raises(ArgumentError, match=words):
        group_keys(open_index(table)["train"], NAMES, by, source=table)


def test_an_empty_field_is_no_group(table):
    table.write_text("file,label,owner\na_1.png,x,Ann\na_2.png,y,\nb_1.png,x,Ann\n")
    with pytest.raises(
        ArgumentError, match=r'filled in for every picture.*empty for "pics/a_2\.png"'
    ):
        group_keys(open_index(table)["train"], NAMES, "owner", source=table)
