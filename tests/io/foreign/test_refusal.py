"""A refusal is one short JSON object."""

import json

from striate.io.damage import Damaged
from striate.io.foreign.refusal import REASON_LETTERS, few_names, refusal


def test_a_refusal_gives_the_reason_and_no_more():
    assert json.loads(refusal(Damaged("a\n" * 999))) == {"refused": ("a\n" * 999)[:REASON_LETTERS]}
    assert json.loads(refusal(MemoryError()))["refused"].startswith(
        "contents that take more memory"
    )


def test_few_names_are_few_and_short():
    assert json.loads(few_names(("a", "b" * 200))) == ["a", "b" * 80]
    assert json.loads(few_names([str(number) for number in range(99)])) == [
        str(number) for number in range(50)
    ]
