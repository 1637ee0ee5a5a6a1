import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from striate.errors import DataError
from striate.io.sole_writer import SoleWriter

HOLD = (
    "import sys\nfrom striate.io.sole_writer import SoleWriter\n"
    "with SoleWriter(sys.argv[1]):\n"
    "    print('inside', flush=True)\n"
    "    sys.stdin.read()\n"
)
FORK = (
    "import os, sys, time\nfrom striate.io.sole_writer import SoleWriter\n"
    "with SoleWriter(sys.argv[1]):\n"
    "    if os.fork() == 0:\n"
    "        os.close(1)\n"
    "        time.sleep(20)\n"
    "        os._exit(0)\n"
    "    print('inside', flush=True)\n"
    "    time.sleep(20)\n"
)


def start(folder, code=HOLD):
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "inside\n"
    return process


def end(process):
    with process:
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_second_process_is_refused_at_once_and_told_who_is_inside(tmp_path):
    process = start(tmp_path / "run")
    begun = time.monotonic()
    with pytest.raises(DataError) as failure, SoleWriter(tmp_path / "run"):
        pass
    assert time.monotonic() - begun < 1
    assert str(failure.value) == (
        f'Folder "{tmp_path / "run"}": must be written by one process at a time. Got process '
        f"{process.pid} on {socket.gethostname()}, which writes it now. Wait for it to end, or "
        "choose another folder."
    )
    end(process)
    with SoleWriter(tmp_path / "run") as writer:
        assert writer.folder == tmp_path / "run"
    assert [path.name for path in (tmp_path / "run").iterdir()] == [".writer.lock"]


def test_a_killed_process_frees_it(tmp_path):
    process = start(tmp_path)
    with process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    assert (tmp_path / ".writer").exists()
    with SoleWriter(tmp_path):
        assert (tmp_path / ".writer").read_text().split()[0] == str(os.getpid())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_of_a_killed_process_does_not_hold_it(tmp_path):
    process = start(tmp_path, FORK)
    with process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        try:
            _within(5.0, lambda: SoleWriter(tmp_path).__enter__()).__exit__(None, None, None)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _within(seconds, attempt):
    """What an attempt gives: the child may not have let go yet when its parent is killed."""
    end = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except DataError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_one_writer_within_a_process_too(tmp_path):
    with SoleWriter(tmp_path):
        with pytest.raises(DataError, match=f"Got process {os.getpid()} on"), SoleWriter(tmp_path):
            pass
        with SoleWriter(tmp_path / "other"):
            pass
    with SoleWriter(tmp_path):
        pass


def test_many_at_once_let_one_in(tmp_path):
    """Four processes try at the same moment, again and again: never two inside."""
    code = (
        "import os, sys, time\nfrom pathlib import Path\nfrom striate.errors import DataError\n"
        "from striate.io.sole_writer import SoleWriter\n"
        "inside = Path(sys.argv[1]) / 'inside'\n"
        "wins, until = 0, time.monotonic() + 30\n"
        "while wins < 5 and time.monotonic() < until:\n"
        "    try:\n"
        "        with SoleWriter(sys.argv[1]):\n"
        "            handle = os.open(inside, os.O_CREAT | os.O_EXCL | os.O_WRONLY)\n"
        "            os.close(handle)\n"
        "            time.sleep(0.005)\n"
        "            inside.unlink()\n"
        "        wins += 1\n"
        "    except DataError:\n"
        "        time.sleep(0.005)\n"
        "sys.exit(0 if wins == 5 else 1)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4


def test_the_note_of_a_dead_process_is_not_believed(tmp_path):
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait(30)
    with SoleWriter(tmp_path):
        for text in (f"{done.pid} {socket.gethostname()}\n", "x\n", "1 2 3\n", "a b\n"):
            (tmp_path / ".writer").write_text(text)
            if text == "a b\n":
                text = None  # of another machine: cannot be asked
            rule = "Got another process, which writes" if text else "Got process a on b, which wri"
            with pytest.raises(DataError, match=rule), SoleWriter(tmp_path):
                pass
        (tmp_path / ".writer").unlink()
        with pytest.raises(DataError, match="Got another process"), SoleWriter(tmp_path):
            pass


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "run", "/proc/striate"):
        with pytest.raises(DataError, match=r"must be writable and take a lock\. Got "):
            with SoleWriter(path):
                pass
    (tmp_path / "run" / ".writer").mkdir(parents=True)
    for _ in range(2):  # and the lock is given back
        with pytest.raises(
            DataError, match=r"must be writable and take a lock\. Got Is a directory"
        ):
            with SoleWriter(tmp_path / "run"):
                pass
    shutil.rmtree(tmp_path / "run" / ".writer")
    with SoleWriter(tmp_path / "run"):
        pass
