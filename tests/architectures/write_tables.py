"""Measures nets that are new, and writes the tables that tests hold to the nets.

    python -m tests.architectures.write_tables [all]

sizes.py gets a line for each net that has none, with "all" every line anew; docs/architectures.md
gets the table of all nets.
"""

import re
import sys
from pathlib import Path

from tests.test_architectures_page import HEAD, PAGE, lines

from striate.architectures import ARCHITECTURES, list_architectures, listing
from striate.weights import sizes


def main(words):
    """Writes both files."""
    known = {} if words == ["all"] else dict(sizes.SIZES)
    found = {
        name: known.get(name) or listing.measured(ARCHITECTURES.get(name)) for name in ARCHITECTURES
    }
    rows = "".join(f'    "{name}": ({a:_}, {b:_}),\n' for name, (a, b) in found.items())
    path = Path(sizes.__file__)
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"SIZES = \{\n.*?^\}", f"SIZES = {{\n{rows}}}", text, flags=re.S | re.M)
    path.write_text(text, encoding="utf-8")
    sizes.SIZES.clear()
    sizes.SIZES.update(found)
    text = PAGE.read_text(encoding="utf-8")
    table = "\n".join(lines(list_architectures()))
    PAGE.write_text(f"{text[: text.index(f'| {HEAD[0]} |')]}{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
