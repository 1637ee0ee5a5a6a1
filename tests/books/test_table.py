"""The listings are the texts' code: each line that is not marked stands in the text."""

import re
from pathlib import Path

import pytest

from striate.books import LISTINGS

MARKS = re.compile(r"#\s*(changed|slip|added)\b")


def test_every_file_is_in_the_table_and_in_order():
    folder = LISTINGS["000_1_mnist_convnet"].path.parent
    assert sorted(path.stem for path in folder.glob("*.py")) == list(LISTINGS)
    assert not (folder / "__init__.py").exists(), "the listings are data, not a package"


def test_every_text_has_a_listing():
    assert {name[:3] for name in LISTINGS} == {"000", "001", "002", "003", "004"}


def test_a_training_is_said_to_be_one():
    for listing in LISTINGS.values():
        assert listing.trains == (".fit(" in listing.code)


def squeezed(text):
    """Without white space, prompts, and the two names that every listing changes."""
    text = re.sub(r"^(>>>|\.\.\.)", "", text, flags=re.MULTILINE)
    return re.sub(r"\s+", "", text).replace("tf.keras", "keras")


def statements(code):
    """The lines that must stand in the text."""
    body = code.split('"""', 2)[2]
    for line in body.splitlines():
        if not line.strip() or MARKS.search(line) or re.match(r"(from|import) ", line):
            continue
        printed = re.fullmatch(r"print\((.*)\)", line)
        yield printed[1] if printed else line


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda each: each.name)
def test_unmarked_lines_stand_in_the_text(listing, shared_data):
    (path,) = sorted(Path(shared_data).parent.glob(f"seeds/{listing.name[:3]}_*.txt"))
    text = squeezed(path.read_text(encoding="utf-8"))
    missing = [line for line in statements(listing.code) if squeezed(line) not in text]
    assert not missing, "\n" + "\n".join(missing)
