import io
import stat
import zipfile

import pytest

from striate.io.damage import Damaged
from striate.io.zip_members import zip_members
from tests.io.hostile_archives import PIXELS, listed, local, many, moded, one, zipped


def members(data, most=100):
    return [(m.name, m.kind, m.size_bytes) for m in zip_members(io.BytesIO(data), most)]


def test_entries_have_names_kinds_and_sizes():
    data = zipped(
        *(("a.png", PIXELS), ("b/", b""), (moded("c", stat.S_IFLNK), "a.png"), ("d", b"12")),
        *((moded("e", stat.S_IFIFO), b""), (moded("f", stat.S_IFREG), b"1")),
        (moded("g", stat.S_IFDIR), b""),
    )
    assert members(data) == [
        *(("a.png", "file", 604), ("b/", "folder", 0), ("c", "link", 5), ("d", "file", 2)),
        *(("e", "device or pipe", 0), ("f", "file", 1), ("g", "folder", 0)),
    ]


def test_contents_are_those_that_zipfile_reads():
    data = zipped(("a", bytes(3 << 20)), ("b", PIXELS * 9), ("c", b""))
    with zipfile.ZipFile(io.BytesIO(data)) as other:
        for member in zip_members(io.BytesIO(data), 9):
            blocks = list(member.blocks())
            assert b"".join(blocks) == other.read(member.name)
            assert all(len(block) <= 1 << 20 for block in blocks)


def test_contents_may_be_read_in_any_order_and_not_at_all():
    found = list(zip_members(io.BytesIO(zipped(("a", b"1"), ("b", b"2"), ("c", b"3"))), 3))
    assert b"".join(found[2].blocks()) == b"3"
    assert b"".join(found[0].blocks()) == b"1"


def test_entries_are_counted():
    assert len(members(many(5), 5)) == 5
    with pytest.raises(Damaged, match="more than 4 entries"):
        members(many(5), 4)


def test_the_list_may_be_in_another_order_than_the_contents():
    first, second = local(b"a", b"1"), local(b"b", b"22")
    rows = listed(b"b", b"22", len(first)) + listed(b"a", b"1", 0)
    end = one()[-22:-14] + b"\2\0\2\0" + len(rows).to_bytes(4, "little")
    end += len(first + second).to_bytes(4, "little") + b"\0\0"
    assert [name for name, _, _ in members(first + second + rows + end)] == ["a", "b"]
