import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.row_store import RowStore, row_files


def key(number):
    return hashlib.sha256(bytes([number])).digest()


def row(number, size=10):
    return np.random.default_rng(number).integers(0, 256, size, dtype=np.uint8)


def fill(folder, numbers, **options):
    store = RowStore(folder, 10, **options)
    return store, [store.append(key(number), row(number)) for number in numbers]


def found(folder, numbers):
    """number -> whether a new store finds its row; a row that is found must be the right one."""
    store, out, result = RowStore(folder, 10), np.empty(10, np.uint8), {}
    for number in numbers:
        result[number] = store.find(key(number), out) >= 0
        if result[number]:
            np.testing.assert_array_equal(out, row(number))
    return result, store.damaged


@given(
    written=st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=25),
    file_rows=st.integers(1, 9),
    asked=st.data(),
)
def test_rows_are_read_as_they_were_written(tmp_path_factory, written, file_rows, asked):
    folder = tmp_path_factory.mktemp("rows")
    store, places = fill(folder, written, file_bytes=10 * file_rows)
    assert len(row_files(folder)) == -(-len(written) // file_rows)
    chosen = asked.draw(st.lists(st.integers(0, len(written) - 1), max_size=40))
    out = np.zeros((len(chosen), 10), np.uint8)
    assert store.read(np.array([places[i] for i in chosen], np.int64), out).all()
    for got, i in zip(out, chosen, strict=True):
        np.testing.assert_array_equal(got, row(written[i]))
    assert found(folder, range(31)) == ({n: n in written for n in range(31)}, 0)


def test_two_stores_of_one_process_share_a_file(tmp_path):
    stores = [RowStore(tmp_path, 10) for _ in range(2)]
    places = [stores[n % 2].append(key(n), row(n)) for n in range(20)]
    assert len(row_files(tmp_path)) == 1
    for each in range(2):
        out = np.empty((10, 10), np.uint8)
        assert stores[each].read(np.array(places[each::2]), out).all()
        np.testing.assert_array_equal(out, [row(n) for n in range(each, 20, 2)])
    assert all(found(tmp_path, range(20))[0].values())


@given(at=st.integers(0, 99), bit=st.integers(0, 7))
def test_a_damaged_row_is_not_found(tmp_path_factory, at, bit):
    folder = tmp_path_factory.mktemp("rows")
    fill(folder, range(10))
    (path,) = row_files(folder)
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)
    assert found(folder, range(10)) == ({n: n != at // 10 for n in range(10)}, 1)


@given(cut=st.integers(0, 100))
def test_after_a_cut_whole_rows_stand_and_new_ones_are_added(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("rows")
    fill(folder, range(10))
    (path,) = row_files(folder)
    os.truncate(path, cut)
    store = RowStore(folder, 10)
    if store.append(key(20), row(20)) == -1:
        assert cut % 10
        assert store.append(key(20), row(20)) >= 0
    there, _ = found(folder, [*range(10), 20])
    # a new row may stand where a lost one stood, and then does not pass for it
    assert there == {n: n < cut // 10 for n in range(10)} | {20: True}


def test_files_that_are_removed_stay_readable_where_they_are_mapped(tmp_path):
    store, places = fill(tmp_path, range(6), file_bytes=30)
    out = np.empty((6, 10), np.uint8)
    assert store.read(np.array(places[:3]), out[:3]).all()
    for path in row_files(tmp_path):
        path.unlink()
    assert store.read(np.array(places), out).tolist() == [True] * 3 + [False] * 3
    np.testing.assert_array_equal(out[:3], [row(n) for n in range(3)])
    assert found(tmp_path, range(6)) == (dict.fromkeys(range(6), False), 0)
    fill(tmp_path, range(3, 9))
    assert store.read(np.array(places[3:]), out[3:]).tolist() == [False] * 3
    assert found(tmp_path, range(9)) == ({n: n > 2 for n in range(9)}, 0)


def test_a_file_says_when_it_was_last_used(tmp_path):
    fill(tmp_path, range(2))
    (path,) = row_files(tmp_path)
    os.utime(path, (1, 1))
    RowStore(tmp_path, 10)
    assert path.stat().st_mtime == 1
    assert all(found(tmp_path, range(2))[0].values())
    assert path.stat().st_mtime > 1


def test_a_full_disk_is_an_oserror_and_spoils_nothing(tmp_path):
    """The limit of a file's size stands for the disk: the last row is written in part."""
    code = (
        "import resource, signal, sys; from pathlib import Path; "
        "from tests.data.test_row_store import fill, found, key, row; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "store, _ = fill(Path(sys.argv[1]), range(60)); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (605, 605)); "
        "store.append(key(60), row(60))"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True)
    assert "OSError: [Errno 27] File too large" in done.stderr
    fill(tmp_path, [70])
    fill(tmp_path, [70, 71])
    there, damaged = found(tmp_path, [*range(61), 71])
    assert damaged == 0
    assert there == {n: n != 60 for n in [*range(61), 71]}


WRITER = """
import sys
from pathlib import Path
from tests.data.test_row_store import fill
sys.stdin.readline()
fill(Path(sys.argv[1]), range(int(sys.argv[2]), int(sys.argv[2]) + 80), file_bytes=300)
"""


def test_processes_write_at_the_same_time(tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path, str(start)], stdin=subprocess.PIPE
        )
        for start in (0, 80, 160)
    ]
    for writer in writers:
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert found(tmp_path, range(240)) == (dict.fromkeys(range(240), True), 0)


@pytest.mark.parametrize("content", [b"", b"no record at all"])
def test_what_is_no_index_finds_nothing(tmp_path, content):
    (tmp_path / "index").write_bytes(content)
    assert found(tmp_path, range(3)) == (dict.fromkeys(range(3), False), 0)
