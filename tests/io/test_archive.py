import gzip
import io
import os
import random
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from striate.errors import DataError
from striate.io.archive import extract
from striate.io.extraction import Limits
from tests.io.hostile_archives import (
    GOOD,
    HOSTILE,
    PIXELS,
    ended,
    listed,
    many,
    tarred,
    zipped,
)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "archives"


@pytest.fixture
def put(tmp_path):
    def write(name, data):
        (tmp_path / "in").mkdir(exist_ok=True)
        path = tmp_path / "in" / name
        path.write_bytes(data)
        return path

    return write


def tree(folder):
    """Path -> contents of all files below a folder."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        here = path.relative_to(folder).as_posix()
        found[here] = path.read_bytes() if path.is_file() else None
    return found


def files(folder):
    return {name: data for name, data in tree(folder).items() if data is not None}


def test_there_are_enough_hostile_cases():
    assert len(HOSTILE) >= 80


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_archives_leave_nothing(case, cache, put, tmp_path):
    ending, make, words = HOSTILE[case]
    path = put(f"evil.{ending}", make())
    before = tree(tmp_path)
    rule = r"must be an archive that can be unpacked safely\. Got .*"
    with pytest.raises(DataError, match=rf'^Archive "{path}": {rule}({words})') as caught:
        extract(path)
    assert str(caught.value).endswith("Nothing of it was kept.")
    assert str(caught.value).isprintable()
    after = tree(tmp_path)
    for folder in ("cache", "cache/archives"):
        assert after.pop(folder) is None
    assert after == before


FILES = {
    "cat/1.png": PIXELS,
    "cat/deep/er/2.JPG": bytes(3000),
    "über/日本.webp": b"",
    "notes.txt": b"text",
    "labels.csv": b"file,label\n" * 9000,
    "x" * 120 + "/" + "y" * 140 + ".gif": PIXELS,
}


def by_zip(method=zipfile.ZIP_DEFLATED, comment=b"", wide=False):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.comment = comment
        archive.mkdir("empty")
        for name, data in FILES.items():
            with archive.open(name, "w", force_zip64=wide) as entry:
                entry.write(data)
    return file.getvalue()


class _Stream(io.RawIOBase):
    """A file that can only be written on: zip entries then get their sizes behind them."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += data
        return len(data)


def by_stream():
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return bytes(stream.data)


def by_tar(format):
    return tarred(
        ("./", b""), *((f"./{name}", data) for name, data in FILES.items()), format=format
    )


GOOD_ARCHIVES = {
    "deflated.zip": by_zip,
    "stored.ZIP": lambda: by_zip(zipfile.ZIP_STORED, b"a comment with PK in it"),
    "wide.zip": lambda: by_zip(wide=True),
    "stream.zip": by_stream,
    "gnu.tar": lambda: by_tar(tarfile.GNU_FORMAT),
    "pax.tar": lambda: by_tar(tarfile.PAX_FORMAT),
    "pax.tar.gz": lambda: gzip.compress(by_tar(tarfile.PAX_FORMAT)),
    "gnu.tgz": lambda: gzip.compress(by_tar(tarfile.GNU_FORMAT)),
}


@pytest.mark.parametrize("name", GOOD_ARCHIVES)
def test_what_was_packed_is_unpacked(name, cache, put):
    unpacked = extract(put(name, GOOD_ARCHIVES[name]()))
    assert files(unpacked.folder) == FILES
    assert unpacked.skipped == ()
    modes = {path.stat().st_mode & 0o7777 for path in unpacked.folder.rglob("*.*")}
    assert all(mode & 0o7133 == 0 for mode in modes)


def test_ustar_splits_long_names(cache, put):
    names = {f"{'a' * 90}/{'b' * 90}.png": PIXELS}
    unpacked = extract(put("a.tar", tarred(*names.items(), format=tarfile.USTAR_FORMAT)))
    assert files(unpacked.folder) == names


def test_names_of_old_zips(cache, put):
    data = bytearray(zipped(("a??.png", b"")))
    for at in (30, len(data) - 22 - 7):
        data[at : at + 7] = b"a\x82\xff.png"
    assert list(files(extract(put("a.zip", bytes(data))).folder)) == ["aé\xa0.png"]


def test_only_pictures_and_text_are_written_and_the_rest_is_named(cache, put):
    names = ["a.png", ".b.png", "__MACOSX/a.png", "c.py", "README", "d/.e/f.png", "g.YAML", "h.pkl"]
    unpacked = extract(put("a.zip", zipped(*((name, b"1") for name in names))))
    assert sorted(files(unpacked.folder)) == ["a.png", "g.YAML"]
    no = "no picture, text or JSON: its name"
    assert dict(unpacked.skipped) == {
        ".b.png": "hidden",
        "__MACOSX/a.png": "hidden",
        "c.py": f'{no} ends with ".py"',
        "README": f"{no} has no ending",
        "d/.e/f.png": "hidden",
        "h.pkl": f'{no} ends with ".pkl"',
    }
    assert extract(put("b.zip", zipped(*((name, b"1") for name in names)))) == unpacked


def test_the_second_time_nothing_is_unpacked(cache, put):
    path = put("a.zip", zipped(GOOD, ("b.txt", b"1")))
    first = extract(path)
    stamps = {p: p.stat().st_ino for p in first.folder.rglob("*")}
    again = extract(put("other name.zip", path.read_bytes()))
    assert again == first
    assert {p: p.stat().st_ino for p in again.folder.rglob("*")} == stamps
    changed = extract(put("a.zip", zipped(GOOD, ("b.txt", b"2"))))
    assert changed.folder != first.folder
    assert (first.folder / "b.txt").read_bytes() == b"1"
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("harm", ["gone", "cut", "list"])
def test_a_damaged_cache_is_made_again(harm, cache, put):
    path = put("a.zip", zipped(GOOD, ("b.txt", b"1")))
    folder = extract(path).folder
    if harm == "gone":
        (folder / "b.txt").unlink()
    elif harm == "cut":
        (folder / "b.txt").write_bytes(b"")
    else:
        (folder.parent / "members.json").write_text("{")
    assert files(extract(path).folder) == {"a.png": PIXELS, "b.txt": b"1"}


def test_what_a_killed_process_left_is_taken_away(cache, put):
    path = put("a.zip", zipped(GOOD))
    folder = extract(path).folder
    fresh = folder.parent.with_name(f".{folder.parent.name}.new")
    os.rename(folder.parent, fresh)
    (fresh / "files" / "old.png").touch()
    assert files(extract(path).folder) == {"a.png": PIXELS}
    assert not fresh.exists()


def test_several_at_once_unpack_once(cache, put):
    path = put("a.zip", zipped(*((f"{n}.png", PIXELS) for n in range(200))))
    found = []
    threads = [threading.Thread(target=lambda: found.append(extract(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({each.folder for each in found}) == 1
    assert len(files(found[0].folder)) == 200
    assert [each.name[0] for each in cache.iterdir()] == [found[0].folder.parent.name[0]]


def test_limits(cache, put):
    path = put("a.zip", many(1001))
    with pytest.raises(DataError, match="Got more than 1,000 entries"):
        extract(path, limits=Limits(entries=1000))
    assert len(files(extract(path, limits=Limits(entries=1001)).folder)) == 1001
    path = put("a.tar", tarred(*((f"{n}.png", b"") for n in range(20))))
    with pytest.raises(DataError, match="Got more than 19 entries"):
        extract(path, limits=Limits(entries=19))
    path = put("b.zip", zipped(("a.txt", bytes(5000))))
    with pytest.raises(DataError, match="Got more than the 4,999 bytes"):
        extract(path, limits=Limits(total_bytes=4999))
    with pytest.raises(DataError, match="Got a name that is too long"):
        extract(path, limits=Limits(name_bytes=4))


def test_a_million_entries_are_refused_before_they_take_memory(cache, put):
    row = listed(b"a.txt", b"", 0)
    path = put("a.zip", row * 1_000_000 + ended(0xFFFF, len(row) * 1_000_000, 0))
    with pytest.raises(DataError, match="Got more than 500,000 entries"):
        extract(path)


def test_files_that_are_no_archives(cache, put, tmp_path):
    with pytest.raises(DataError, match=r'must end with \.zip, .*\. Got "a\.rar"\. Unpack it'):
        extract(put("a.rar", b""))
    with pytest.raises(DataError, match=r"must be a file that can be read\. Got No such file"):
        extract(tmp_path / "gone.zip")
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(DataError, match=r"must be a regular file\. Got a folder, pipe or device"):
        extract(tmp_path / "folder.zip")
    os.mkfifo(tmp_path / "pipe.tar")
    with pytest.raises(DataError, match=r"must be a regular file\. Got a folder, pipe or device"):
        extract(tmp_path / "pipe.tar")


def test_no_room_in_the_cache(put, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    with pytest.raises(DataError, match=r"must find room in .*cache\. Got (Not|File).*STRIATE"):
        extract(put("a.zip", zipped(GOOD)))


def test_an_archive_that_changes_meanwhile(cache, put, monkeypatch):
    path = put("a.tar", tarred(*((f"{n}.png", PIXELS) for n in range(3))))
    write = os.open

    def touching(name, *others, **more):
        if str(name).endswith("1.png"):
            os.utime(path, (1, 1))
        return write(name, *others, **more)

    monkeypatch.setattr("os.open", touching)
    with pytest.raises(DataError, match="Got a file that changed while it was read"):
        extract(path)
    assert list(cache.iterdir()) == []


MUTANTS = {"a.zip": by_zip(), "a.tar": by_tar(tarfile.PAX_FORMAT)}
MUTANTS["a.tgz"] = gzip.compress(MUTANTS["a.tar"])


def mutated(name, seed):
    """An archive with some bytes changed, cut out or put in; mostly where the headers are."""
    draw = random.Random(seed)
    data = bytearray(MUTANTS[name])
    for _ in range(draw.choice((1, 1, 2, 5))):
        near = draw.choice((0, 600, len(data) - 400, draw.randrange(len(data))))
        at = min(max(0, near + draw.randrange(400)), len(data) - 1)
        kind = draw.randrange(4)
        if kind == 0:
            del data[at : at + draw.randrange(1, 600)]
        elif kind == 1:
            data[at:at] = draw.randbytes(draw.randrange(1, 40))
        else:
            data[at] = draw.choice((0, 255, data[at] ^ 1 << draw.randrange(8)))
        if not data:
            break
    return bytes(data)


def unpack_mutants(name, seeds, put, cache, tmp_path):
    refused = 0
    for seed in seeds:
        path = put(name, mutated(name, seed))
        try:
            unpacked = extract(path, limits=Limits(free_bytes=1 << 22))
        except DataError:
            refused += 1
        else:
            found = files(unpacked.folder)
            assert len(found) <= len(FILES)
            if name == "a.zip":
                assert set(found.values()) <= set(FILES.values())
    assert set(os.listdir(tmp_path)) == {"in", "cache"}
    assert os.listdir(tmp_path / "in") == [name]
    assert not [each for each in os.listdir(cache) if each.startswith(".") or "lock" in each]
    return refused


@pytest.mark.parametrize("name", MUTANTS)
def test_mutated_archives_are_refused_or_whole(name, put, cache, tmp_path):
    assert unpack_mutants(name, range(120), put, cache, tmp_path) >= 40


@pytest.mark.long
@pytest.mark.parametrize("name", MUTANTS)
def test_very_many_mutated_archives_are_refused_or_whole(name, put, cache, tmp_path):
    assert unpack_mutants(name, range(5_000), put, cache, tmp_path) >= 1_500
