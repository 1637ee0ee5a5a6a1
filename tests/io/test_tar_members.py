import io
import tarfile

import pytest

from striate.io.damage import Damaged
from striate.io.tar_members import tar_members
from tests.io.hostile_archives import PIXELS, header, keyed, special, tarred

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def members(data, most=100):
    return [(m.name, m.kind, m.size_bytes) for m in tar_members(io.BytesIO(data), most)]


@pytest.mark.parametrize("format", FORMATS)
def test_entries_are_those_that_tarfile_reads(format):
    deep = "d" * 90 + "/" + "e" * 60 + ".png"
    names = ["a.png", "ä/日本.png", deep, *(["x" * 130 + ".png"] if format != "ustar" else [])]
    data = tarred(*((n, PIXELS * i) for i, n in enumerate(names)), format=FORMATS[format])
    with tarfile.open(fileobj=io.BytesIO(data)) as other:
        wanted = [(each.name, other.extractfile(each).read()) for each in other]
    found = [(m.name, b"".join(m.blocks())) for m in tar_members(io.BytesIO(data), 9)]
    assert found == wanted
    assert [name for name, _ in found] == names


def test_kinds():
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
    kinds += [tarfile.DIRTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE]
    data = tarred(*((special(str(i), kind), b"") for i, kind in enumerate(kinds)), ("z/", b""))
    assert [kind for _, kind, _ in members(data)] == [
        *("link", "hard link", "device", "device", "pipe"),
        *("folder", "file", "file", "folder"),
    ]


def test_contents_that_are_not_read_are_skipped():
    data = tarred(("a", bytes(1000)), ("b", bytes(512)), ("c", b"3"))
    read = []
    for member in tar_members(io.BytesIO(data), 3):
        if member.name == "c":
            read = list(member.blocks())
    assert read == [b"3"]


def test_keywords_stand_for_one_entry():
    data = tarred((keyed("a", path="first.png"), b""), ("b.png", b""), format=tarfile.PAX_FORMAT)
    assert [name for name, _, _ in members(data)] == ["first.png", "b.png"]


def test_numbers_in_octal_and_in_bytes():
    size = b"\x80" + (len(PIXELS)).to_bytes(11, "big")
    assert members(header(size=size) + header(b"b", size=b"         1 \0", body=b"1")) == [
        ("a.png", "file", 604),
        ("b", "file", 1),
    ]
    assert members(header(size=b"\0" * 12, body=b"")) == [("a.png", "file", 0)]


def test_a_tar_may_end_without_zeros_and_entries_are_counted():
    assert len(members(header() * 4, 4)) == 4
    with pytest.raises(Damaged, match="more than 3 entries"):
        members(header() * 4, 3)
