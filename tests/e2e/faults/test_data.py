"""Data that cannot be used: one sentence, exit code 3, and the folder stays byte for byte."""

import os
import shutil
import struct
import zipfile
import zlib

import pytest

from tests.e2e.faults.commands import QUICK, cut, digest, ends, needs_linux

pytestmark = needs_linux


def header_of_a_bomb(path):
    data = path.read_bytes()
    head = b"IHDR" + struct.pack(">II", 60_000, 60_000) + data[24:29]
    path.write_bytes(data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:])


def table(pets, rows):
    (pets / "labels.csv").write_text("file,label\n" + "".join(f"{row}\n" for row in rows))
    return pets / "labels.csv"


def good_rows(pets):
    return [f"{path.relative_to(pets)},{path.parent.name}" for path in sorted(pets.rglob("*.png"))]


def archive(pets, name, *, slip=False):
    with zipfile.ZipFile(pets / name, "w") as file:
        for path in sorted(pets.rglob("*.png")):
            file.write(path, f"{'../' if slip else ''}{path.relative_to(pets)}")
    return pets / name


def broken_archive(pets):
    path = archive(pets, "pets.zip")
    path.write_bytes(path.read_bytes()[:3000])
    return path


DATA = {
    "no such folder": (lambda p: p / "none", 3, "must be"),
    "no such name": (lambda p: "petz", 3, 'Data "petz": must be a folder, table or archive'),
    "an empty folder": (lambda p: (p / "new").mkdir() or p / "new", 3, "Got 0 pictures"),
    "one class": (
        lambda p: shutil.rmtree(p / "red") or shutil.rmtree(p / "blue") or p,
        3,
        "and 1 folder,",
    ),
    "an empty class": (lambda p: (p / "x").mkdir() or p, 3, 'Got none in "x". Put pictures in'),
    "a class of one picture each": (
        lambda p: [f.unlink() for f in p.rglob("*.png") if f.stem != "1"] and p,
        3,
        "must",
    ),
    "a torn picture": (lambda p: cut(p / "red/3.png") or p, 3, "Got 1 of 24 that cannot be read"),
    "text for a picture": (
        lambda p: (p / "red/3.png").write_text("no") and p,
        3,
        "a file that begins with b'no'",
    ),
    "no bytes": (lambda p: (p / "red/3.png").write_bytes(b"") or p, 3, "red/3.png"),
    "a bomb": (lambda p: header_of_a_bomb(p / "red/3.png") or p, 3, "at most 178,956,970 pixels"),
    "a table of what is not there": (
        lambda p: table(p, [*good_rows(p), "red/99.png,red"]),
        3,
        "red/99.png",
    ),
    "a table without labels": (lambda p: table(p, [r.split(",")[0] for r in good_rows(p)]), 3, ""),
    "a table of one label": (lambda p: table(p, [f"{r[:-1]}x" for r in good_rows(p)][:8]), 3, ""),
    "a cut archive": (broken_archive, 3, "pets.zip"),
    "an archive that climbs out": (lambda p: archive(p, "up.zip", slip=True), 3, "up.zip"),
}


@pytest.mark.parametrize("name", DATA)
def test_data_that_cannot_be_used(striate, pets, name):
    spoil, code, words = DATA[name]
    data = spoil(pets)
    before = digest(pets)
    ends(striate("train", data, *QUICK), code, words)
    assert digest(pets) == before


def test_what_is_no_file_is_left_out_and_said(striate, pets):
    os.mkfifo(pets / "red" / "pipe.png")
    (pets / "red" / "gone.png").symlink_to("nothing")
    before = digest(pets)
    done = striate("train", pets, *QUICK)
    assert done.code == 0, done.err
    assert 'red/pipe.png": no regular file.' in done.err
    assert 'red/gone.png": a broken link.' in done.err
    assert digest(pets) == before


RIGHTS = {
    "a picture": ("red/3.png", "red/3.png", "Permission denied"),
    "a class folder": ("red", "red", "Permission denied"),
    "the folder": (".", "", "Permission denied"),
}


@pytest.mark.parametrize("name", RIGHTS)
def test_data_that_may_not_be_read(striate, pets, name):
    inside, *words = RIGHTS[name]
    before = digest(pets)
    mode = (pets / inside).stat().st_mode
    (pets / inside).chmod(0)
    try:
        ends(striate("train", pets, *QUICK, fault=("powerless",)), 3, *words)
    finally:
        (pets / inside).chmod(mode)
    assert digest(pets) == before
