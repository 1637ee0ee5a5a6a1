import re
from pathlib import Path

import pytest

from striate.books import LISTINGS
from striate.books.summaries import SUMMARIES


@pytest.mark.parametrize("listing", SUMMARIES)
def test_the_lines_are_the_texts(listing, shared_data):
    (path,) = sorted(Path(shared_data).parent.glob(f"seeds/{listing[:3]}_*.txt"))
    text = " ".join(path.read_text(encoding="utf-8").split())
    lines = [line for table in SUMMARIES[listing] for line in table]
    missing = [line for line in lines if line not in text]
    # Text 001 breaks off in its second table; what follows there is arithmetic.
    computed = [line for line in missing if re.match(r"(dense|Total|Trainable)", line)]
    assert missing == computed
    assert not computed or listing == "001_1_mnist_convnet"


def test_a_table_adds_up():
    for tables in SUMMARIES.values():
        for table in tables:
            layers = [int(line.split()[-1]) for line in table if "(" in line]
            assert f"Total params: {sum(layers):,}" in table
    assert set(SUMMARIES) <= set(LISTINGS)
