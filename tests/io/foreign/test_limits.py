"""What a process may no longer do, tried in real processes."""

import signal
import subprocess
import sys

import pytest

from striate.io.foreign.limits import FORBIDDEN_CODE

START = (
    "import os, sys, socket, subprocess, ctypes, shutil, signal, tempfile\n"
    "from striate.io.foreign.limits import forbid, limit\n"
)
ACTS = {
    "open for reading": "open('/etc/hostname')",
    "open for writing": "open({file!r}, 'w')",
    "os.open": "os.open({file!r}, os.O_CREAT | os.O_WRONLY)",
    "os.system": "os.system('touch {file}')",
    "os.posix_spawn": "os.posix_spawn('/bin/touch', ['touch', {file!r}], {{}})",
    "os.exec": "os.execv('/bin/touch', ['touch', {file!r}])",
    "os.fork": "os.fork()",
    "os.mkdir": "os.mkdir({file!r})",
    "os.rename": "os.rename('/none', {file!r})",
    "os.remove": "os.remove('/none')",
    "os.putenv": "os.environ['A'] = 'b'",
    "os.listdir": "os.listdir('/')",
    "subprocess": "subprocess.run(['touch', {file!r}])",
    "a socket": "socket.socket()",
    "a name": "socket.getaddrinfo('localhost', 80)",
    "an import": "import antigravity",
    "exec": "exec('1')",
    "eval": "eval('1')",
    "compile": "compile('1', 'x', 'eval')",
    "ctypes": "ctypes.CDLL(None)",
    "shutil": "shutil.copy('/etc/hostname', {file!r})",
    "tempfile": "tempfile.mkdtemp()",
    "a signal": "signal.raise_signal(9) if False else os.kill(0, 0)",
}


def ran(code):
    return subprocess.run(
        [sys.executable, "-c", START + code], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("act", ACTS)
def test_what_is_forbidden_ends_the_process_before_it_happens(act, tmp_path):
    file = tmp_path / "made"
    done = ran(f"forbid()\n{ACTS[act].format(file=str(file))}\nos.write(1, b'still here')")
    assert (done.returncode, done.stdout) == (FORBIDDEN_CODE, ""), done.stderr
    assert not file.exists()


def test_reading_and_writing_what_is_open_goes_on():
    done = ran("file = open(0, 'rb', closefd=False)\nforbid()\nfile.read()\nos.write(1, b'done')")
    assert (done.returncode, done.stdout) == (0, "done")


pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
LIMIT = "limit(memory_bytes={0}, written_bytes={1}, seconds={2})\n"


@pytest.mark.parametrize(("size", "fits"), [(1 << 24, True), (1 << 29, False)])
def test_memory_is_limited_beyond_what_is_taken(size, fits):
    done = ran(LIMIT.format(1 << 26, 1, 60) + f"b = bytes({size})")
    assert (done.returncode == 0) == fits
    assert fits or "MemoryError" in done.stderr


def test_what_is_written_is_limited(tmp_path):
    code = LIMIT.format(1 << 28, 1000, 60)
    done = ran(
        code
        + f"f = open({str(tmp_path / 'x')!r}, 'wb', 0); [f.write(bytes(600)) for _ in range(3)]"
    )
    assert "File too large" in done.stderr
    assert (tmp_path / "x").stat().st_size <= 1000


def test_time_is_limited():
    done = ran(LIMIT.format(1 << 28, 1, 1) + "while True: pass")
    assert done.returncode < 0


def test_open_files_are_limited():
    done = ran(LIMIT.format(1 << 28, 1, 60) + "x = [os.dup(0) for _ in range(100)]")
    assert "Too many open files" in done.stderr


def test_with_no_files_a_library_of_c_opens_none_and_open_ones_go_on():
    code = LIMIT.format(1 << 28, 100, "60, files=0")
    done = ran(
        "libc, file = ctypes.CDLL(None), open(0, 'rb', closefd=False)\n"
        + code
        + "file.read(); os.write(1, str(libc.open(b'/etc/hostname', 0)).encode())"
    )
    assert (done.returncode, done.stdout) == (0, "-1"), done.stderr


def test_time_is_limited_in_parts_of_a_second_beyond_what_is_taken():
    start = "import time\nwhile time.process_time() < 1.1: pass\n"
    code = LIMIT.format(1 << 28, 1, 0.3) + "then = time.process_time()\n"
    assert ran(f"{start}{code}while time.process_time() < then + 0.1: pass").returncode == 0
    done = ran(f"{start}{code}while time.process_time() < then + 1: pass")
    assert done.returncode == -signal.SIGPROF


def test_names_of_old_zip_files_are_read_without_an_import():
    done = ran(LIMIT.format(1 << 28, 1, 60) + "forbid()\nb'\\x81'.decode('cp437')")
    assert done.returncode == 0, done.stderr
