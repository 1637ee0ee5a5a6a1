"""What striate books says. In this process, without a new one for each."""

import functools
import json
import re
import shlex
from dataclasses import replace

import pytest

from striate.books import CLAIMS, LISTINGS
from striate.cli import GROUPS


@pytest.fixture
def books(striate):
    """books(*words): (exit code, standard output, standard error) of striate books."""
    return functools.partial(striate, "books")


@pytest.mark.parametrize("name", ["ls", "show", "check"])
def test_every_help_ends_with_two_examples_that_name_real_options(books, name):
    code, out, _ = books(name, "--help")
    assert code == 0
    *_, head, first, second = out.rstrip().splitlines()
    assert head.strip() == "Examples:"
    for example in (first, second):
        assert shlex.split(example)[:3] == ["striate", "books", name]
        for option in re.findall(r" (--\w+)", example):
            assert re.search(rf"^ +{option}\b", out, re.MULTILINE), option


def test_the_group_lists_its_commands(books):
    out = "".join(books()[1:])
    assert all(re.search(rf"^  {name} +\w", out, re.MULTILINE) for name in GROUPS["books"][1])


def test_ls_lists_every_listing_below_its_book(books):
    code, out, err = books("ls")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    for listing in LISTINGS.values():
        (line,) = (line for line in lines if line.split()[:1] == [listing.name])
        assert listing.title in line
        assert line.endswith("(trains)") == listing.trains
        assert listing.book in lines
    rows = json.loads(books("ls", "--json")[1])
    assert [row["name"] for row in rows] == list(LISTINGS)


@pytest.mark.parametrize("name", LISTINGS)
def test_show_prints_the_file(books, name):
    code, out, err = books("show", name)
    assert code == 0
    assert out == LISTINGS[name].code
    assert len(err.splitlines()) == len(LISTINGS[name].replacements)
    for key in LISTINGS[name].replacements:
        assert f"{key} is " in err


def test_an_unknown_listing_is_one_sentence(books):
    code, out, err = books("show", "004_4_resnet")
    assert (code, out) == (2, "")
    assert 'books show: `name` must be one of "004_4_resnet34", ' in err
    assert 'Did you mean "004_4_resnet34"?' in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("json_", [False, True])
def test_what_was_found_is_printed_where_a_later_part_fails(books, monkeypatch, json_):
    monkeypatch.delitem(CLAIMS, ("003", "bytes of the output"))
    code, out, err = books("check", "--out", "pictures", *["--json"] * json_)
    assert code == 1
    assert "KeyError" in err
    rows = json.loads(out) if json_ else out.splitlines()
    assert len(rows) > 20


def test_a_number_that_is_not_found_ends_with_1(books, monkeypatch):
    key = ("003", "bytes of the output")
    monkeypatch.setitem(CLAIMS, key, replace(CLAIMS[key], book=12_000_001))
    code, out, err = books("check", "--out", "pictures")
    assert code == 1
    (wrong,) = (line for line in out.splitlines() if line.endswith("NO"))
    assert re.search(r"bytes of the output +12,000,001: 12 MB +12,000,000 +NO$", wrong)
    total = len(out.splitlines()) - 1
    assert err.splitlines()[-1] == f"{total - 1} of {total} numbers are the books'."
