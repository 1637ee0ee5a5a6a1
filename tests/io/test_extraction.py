import pytest

from striate.io.damage import Damaged
from striate.io.extraction import LIMITS, Extraction, Limits
from striate.io.members import Member, read_exactly


def member(name, data=b"1", kind="file"):
    return Member(name, kind, len(data), lambda: iter([data[:1], data[1:]]))


def test_plain_files_are_written(tmp_path):
    writer = Extraction(tmp_path, LIMITS, 1000)
    for each in (member("b", kind="folder"), member("./a//c.png", b"123"), member("d.exe")):
        writer.take(each)
    assert (tmp_path / "a" / "c.png").read_bytes() == b"123"
    assert writer.files == [("a/c.png", 3)]
    assert [name for name, _ in writer.skipped] == ["d.exe"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a"]


def test_a_folder_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "away").mkdir()
    (tmp_path / "root" / "a").symlink_to(tmp_path / "away")
    with pytest.raises(Damaged, match="a folder that lies outside"):
        Extraction(tmp_path / "root", LIMITS, 1000).take(member("a/b.png"))
    assert list((tmp_path / "away").iterdir()) == []


def test_a_file_that_is_there_or_is_a_link_is_not_written(tmp_path):
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    with pytest.raises(FileExistsError):
        Extraction(tmp_path, LIMITS, 1000).take(member("a.png"))
    assert not (tmp_path / "b.png").exists()


def test_what_may_be_unpacked():
    limits = Limits(total_bytes=1000, ratio=10, free_bytes=50)
    assert [limits.most_bytes(size) for size in (0, 1, 94, 95, 96)] == [50, 60, 990, 1000, 1000]


def test_bytes_are_counted_over_all_files(tmp_path):
    writer = Extraction(tmp_path, Limits(free_bytes=5, ratio=0), 1000)
    writer.take(member("a.png", b"123"))
    with pytest.raises(Damaged, match="more than the 5 bytes that it may hold unpacked"):
        writer.take(member("b.png", b"123"))


def test_read_exactly(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"123")
    with open(path, "rb") as file:
        assert read_exactly(file, 2, "it") == b"12"
        with pytest.raises(Damaged, match="an end in the middle of it"):
            read_exactly(file, 2, "it")
