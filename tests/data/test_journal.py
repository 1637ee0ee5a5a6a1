import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from striate.data.journal import Journal


def key(number):
    return number.to_bytes(4, "big") * 4


def value(number):
    return number.to_bytes(8, "little")


def journal(folder, name="a"):
    return Journal(folder / name, 16, 8)


@given(numbers=st.lists(st.integers(0, 20), max_size=40))
def test_the_newest_value_of_a_key_is_found(tmp_path_factory, numbers):
    folder = tmp_path_factory.mktemp("journal")
    writer = journal(folder)
    for at, number in enumerate(numbers):
        writer.append(key(number), value(at))
    newest = {number: value(at) for at, number in enumerate(numbers)}
    reader = journal(folder)
    assert len(reader) == len(numbers)
    assert {n: reader.find(key(n)) for n in range(21)} == {n: newest.get(n) for n in range(21)}


def test_keys_of_one_beginning_are_told_apart(tmp_path):
    writer = journal(tmp_path)
    for end in b"abc":
        writer.append(b"12345678" + bytes([end] * 8), value(end))
    reader = journal(tmp_path)
    for end in b"abc":
        assert reader.find(b"12345678" + bytes([end] * 8)) == value(end)
    assert reader.find(b"12345678" + b"d" * 8) is None


def test_a_journal_finds_what_stood_there_when_it_was_opened(tmp_path):
    early = journal(tmp_path)
    early.append(key(1), value(1))
    assert early.find(key(1)) is None
    assert journal(tmp_path).find(key(1)) == value(1)
    assert len(journal(tmp_path, "none")) == 0


@given(at=st.integers(0, 5 * 28 - 1), bit=st.integers(0, 7))
def test_a_damaged_record_is_passed_over(tmp_path_factory, at, bit):
    folder = tmp_path_factory.mktemp("journal")
    for number in range(5):
        journal(folder).append(key(number), value(number))
    data = bytearray((folder / "a").read_bytes())
    assert len(data) == 5 * 28
    data[at] ^= 1 << bit
    (folder / "a").write_bytes(data)
    found = [journal(folder).find(key(number)) for number in range(5)]
    assert found == [None if number == at // 28 else value(number) for number in range(5)]


@given(cut=st.integers(0, 5 * 28))
def test_after_a_cut_whole_records_stand_and_new_ones_are_added(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("journal")
    for number in range(5):
        journal(folder).append(key(number), value(number))
    data = (folder / "a").read_bytes()
    (folder / "a").write_bytes(data[:cut])
    journal(folder).append(key(9), value(9))
    reader = journal(folder)
    found = [reader.find(key(number)) for number in range(5)]
    assert found == [value(number) if number < cut // 28 else None for number in range(5)]
    assert reader.find(key(9)) == value(9)


WRITER = """
import sys
from pathlib import Path
from striate.data.journal import Journal
journal = Journal(Path(sys.argv[1]), 16, 8)
start = int(sys.argv[2])
sys.stdin.readline()
for number in range(start, start + 3000):
    journal.append(number.to_bytes(4, "big") * 4, number.to_bytes(8, "little"))
"""


def test_processes_write_at_the_same_time(tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path / "a", str(start)], stdin=subprocess.PIPE
        )
        for start in (0, 3000, 6000)
    ]
    for writer in writers:
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    reader = journal(tmp_path)
    assert len(reader) == 9000
    assert all(reader.find(key(number)) == value(number) for number in range(9000))
