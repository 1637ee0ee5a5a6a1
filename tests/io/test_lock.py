import errno
import os
import subprocess
import sys
import threading
import time

from striate.io.lock import FileLock


def test_one_at_a_time(tmp_path):
    inside, most = [], []

    def work():
        for _ in range(3):
            with FileLock(tmp_path / "x.lock", 60):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.01)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 9
    assert list(tmp_path.iterdir()) == []


def test_lock_of_a_dead_process_is_taken_over_at_once(tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom striate.io.lock import FileLock\n"
        "FileLock(Path(sys.argv[1]), 60).__enter__()\nos._exit(9)\n"
    )
    path = tmp_path / "x.lock"
    environment = {**os.environ, "PYTHONPATH": "src"}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=environment, timeout=60)
    assert done.returncode == 9
    assert path.exists()
    start = time.monotonic()
    with FileLock(path, 60):
        assert time.monotonic() - start < 2
    assert not path.exists()


def test_lock_that_nobody_renews_is_taken_over(tmp_path):
    path = tmp_path / "x.lock"
    path.write_text("1 another-machine 0\n")
    start = time.monotonic()
    with FileLock(path, 0.3):
        assert 0.3 < time.monotonic() - start < 3


def test_lock_that_is_renewed_is_waited_for(tmp_path):
    path = tmp_path / "x.lock"
    path.write_text("1 another-machine 0\n")
    order = []

    def hold():
        for _ in range(8):
            time.sleep(0.1)
            os.utime(path)
        order.append("released")
        path.unlink()

    holder = threading.Thread(target=hold)
    holder.start()
    with FileLock(path, 0.4):
        order.append("taken")
    holder.join()
    assert order == ["released", "taken"]


def test_lock_that_was_taken_over_is_not_removed(tmp_path):
    path = tmp_path / "x.lock"
    with FileLock(path, 60) as lock:
        path.unlink()
        lock._renewed = 0.0
        lock.renew()
        (tmp_path / "other").write_text("2 other 0\n")
        os.replace(tmp_path / "other", path)
    assert path.read_text() == "2 other 0\n"


def test_a_full_disk_leaves_no_lock_behind(tmp_path):
    """One that names no holder would make all others wait until it is stale."""
    code = (
        "import resource, sys; from pathlib import Path; from striate.io.lock import FileLock\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "try:\n    FileLock(Path(sys.argv[1]), 60).__enter__()\n"
        "except OSError as error:\n    print(error.errno)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "x.lock")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) == errno.EFBIG
    assert list(tmp_path.iterdir()) == []
