from collections import Counter
from dataclasses import replace

import pytest
from PIL import Image

from striate.books import CLAIMS, check
from striate.books.checks import CHECKS
from striate.books.session import Session
from striate.books.summaries import SUMMARIES
from striate.errors import DataError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures") / "new"


@pytest.fixture(scope="module")
def rows(folder):
    said = []
    rows = list(check(folder, say=said.append))
    assert said == [f"Pictures of the line filters: {folder}"]
    return rows


def test_every_number_of_the_books_is_found(rows):
    wrong = [row for row in rows if not row.ok]
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_every_claim_has_one_row_and_every_row_a_claim(rows):
    found = Counter((row.listing, row.what) for row in rows)
    claims = [key for key, claim in CLAIMS.items() if not claim.full]
    summaries = [
        (name, f"summary {number}, row {row}")
        for name, tables in SUMMARIES.items()
        for number, table in enumerate(tables, 1)
        for row in range(1, len(table) + 1)
    ]
    assert found == Counter([*claims, *summaries])


def test_the_pictures_show_the_photographs(rows, folder):
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        f"{photograph}_{line}.png"
        for photograph in ("china", "flower")
        for line in ("horizontal", "vertical")
    ]
    for name in names:
        with Image.open(folder / name) as picture:
            assert (picture.size, picture.mode) == ((640, 427), "L")


def other(value):
    """A value that is not equal by any rule of the claims."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return (other(value[0]), *value[1:])
    return value + 1


@pytest.mark.parametrize("part", CHECKS, ids=lambda part: part.__name__)
def test_a_wrong_number_is_not_ok(part, tmp_path, monkeypatch):
    changed = {
        key: replace(claim, book=other(claim.book))
        for key, claim in CLAIMS.items()
        if claim.between is None
    }
    monkeypatch.setattr("striate.books.session.CLAIMS", changed)
    if part.__name__ == "summaries":
        tables = {
            name: tuple(tuple(f"{line}1" for line in table) for table in tables)
            for name, tables in SUMMARIES.items()
        }
        monkeypatch.setattr("striate.books.checks.summaries.SUMMARIES", tables)
    rows = list(part(Session(tmp_path, say=print)))
    assert rows
    assert not [row for row in rows if row.ok]


@pytest.mark.long
def test_the_trainings_reach_the_books_accuracies(tmp_path):
    rows = [row for row in check(tmp_path, full=True, say=print) if row.rule != "equal"]
    wrong = [row for row in rows if not row.ok]
    assert not wrong, "\n" + "\n".join(map(str, wrong))
    assert len([row for row in rows if row.what == "test accuracy"]) == 4


@pytest.mark.parametrize("below", ["", "pictures"])
def test_a_file_in_the_place_of_the_folder_is_refused_before_anything_runs(tmp_path, below):
    (tmp_path / "file").write_text("mine")
    words = r'Folder ".*file.*": must be a folder that takes the pictures\. Got .*\. Name another'
    with pytest.raises(DataError, match=words):
        next(check(tmp_path / "file" / below))
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(DataError, match="Got no permission to write"):
        next(check(tmp_path))
