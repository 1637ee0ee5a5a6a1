"""JSON read more narrowly than Python does: one kind of error, bounded time and memory."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.io.damage import Damaged
from striate.io.strict_json import MOST_BYTES, read_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_json_wrote_is_read(value):
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "no JSON: Expecting value"),
        (b"{", "no JSON: Expecting"),
        (b"\xff\xfe\x00", "no JSON: "),
        (b"[1] 2", "no JSON: Extra data"),
        (b'{"a": 1, "b": 2, "a": 3}', "'a' stands twice in one object"),
        (b'[{"x": {"b": 1, "b": 1}}]', "'b' stands twice"),
        (b"NaN", "the number NaN"),
        (b"[-Infinity]", "the number -Infinity"),
        (b'{"a": 1e999}', "the number 1e999"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
        (b"9" * 5000, "no JSON: "),
        (b"[" + b"[]," * 260_000 + b"0]", "260,001 lists and objects, more than 250,000"),
        (b" " * (MOST_BYTES + 1), "JSON of 8,388,609 bytes, more than 8,388,608"),
    ],
    ids=range(13),
)
def test_what_is_refused(text, words):
    with pytest.raises(Damaged, match=words):
        read_json(text)


def test_the_same_name_in_two_objects_is_no_matter():
    assert read_json(b'[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]


def test_a_limit_of_ones_own():
    assert read_json(b"[1]", 3) == [1]
    with pytest.raises(Damaged, match="4 bytes, more than 3"):
        read_json(b"[10]", 3)


@pytest.mark.parametrize("other", [{"w": 1}, None, "text", [1]])
def test_what_is_no_text(other):
    with pytest.raises(Damaged, match="tensors, no JSON"):
        read_json(other)


@pytest.mark.parametrize(
    "text",
    [
        b"{" + b",".join(b'"%d":0' % n for n in range(600_000)) + b',"0":1}',
        b"[" + b'"",' * 2_700_000 + b"0]",
        b"[" + b"[" * 0 + b",".join([b"1.5"] * 2_000_000) + b"]",
    ],
    ids=["names", "texts", "numbers"],
)
def test_the_worst_of_8_mb_takes_little_time(text):
    started = time.process_time()
    try:
        read_json(text)
    except Damaged:
        pass
    assert time.process_time() - started < 3
