"""Standard input: lists of names by line or NUL, as they come; a picture is told by its NUL."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from striate.cli import named_files as module
from striate.cli.named_files import named_files
from striate.errors import DataError

NAME = st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name)


@given(st.lists(NAME, max_size=60), st.booleans())
def test_a_list_separated_by_nul_is_exact(names, closed):
    content = b"\0".join(names) + (b"\0" if closed and names else b"")
    found = named_files(["-"], io.BytesIO(content), null=True)
    assert [os.fsencode(name) for name in found] == names


@given(st.lists(NAME.filter(lambda name: b"\n" not in name), max_size=900))
def test_a_list_by_lines_is_exact(names):
    content = b"".join(name + b"\n" for name in names) + b"\n"
    found = named_files(["-"], io.BytesIO(content), null=False)
    assert [os.fsencode(name) for name in found] == names


@pytest.mark.parametrize("null", [False, True])
def test_blanks_belong_to_a_name(null):
    end = b"\0" if null else b"\n"
    content = b" a ", b"\t", b"b\r", b" "
    found = named_files(["-"], io.BytesIO(end + end.join(content)), null=null)
    assert list(found) == [" a ", "\t", "b\r", " "]


def test_names_stand_where_the_user_put_them():
    found = named_files(["a", "-", "-z", "b"], io.BytesIO(b"one\n\ntwo"), null=False)
    assert list(found) == ["a", "one", "two", "-z", "b"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (300, 257), (2000, 1000)])
def test_every_kind_of_picture_is_told_from_a_list(kind, size):
    file = io.BytesIO()
    Image.effect_noise(size, 99).convert("RGB").save(file, kind)
    assert list(named_files(["-"], io.BytesIO(file.getvalue()), null=False)) == [file.getvalue()]


def test_a_list_is_read_as_it_comes():
    class Endless(io.RawIOBase):
        def read(self, count=-1):
            return (b"name\n" * count)[:count]

    found = named_files(["-"], Endless(), null=False)
    assert [next(found) for _ in range(5)] == ["name"] * 5


def test_a_picture_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(module, "_MOST_BYTES", 5000)
    assert list(named_files(["-"], io.BytesIO(bytes(5000)), null=False)) == [bytes(5000)]
    with pytest.raises(DataError, match=r"Standard input: must be a picture of at most 256 MiB"):
        list(named_files(["-"], io.BytesIO(bytes(5001)), null=False))
