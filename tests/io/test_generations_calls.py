"""In which order the operating system is asked: write, fsync, rename, fsync of the folder."""

import re
import shutil
import subprocess
import sys

import pytest

WRITER = """
import sys
from striate.io.generations import Generations
run = Generations(sys.argv[1], keep=1)
for number in (1, 2):
    run.write(number, {"a.json": b"a", "b.bin": bytes(5_000_000)})
"""
CALLS = "openat,mkdir,write,fsync,rename,renameat,renameat2,unlink,unlinkat,rmdir"
FILES = ("a.json", "b.bin", "generation.json", "manifest.json")


def traced(folder, trace):
    """[(call, name, second name)] of the calls that change the folder, in order."""
    command = ["strace", "-f", "-qq", "-y", "-s", "0", "-e", f"trace={CALLS}", "-o", str(trace)]
    program = [sys.executable, "-c", WRITER, str(folder)]
    done = subprocess.run([*command, *program], capture_output=True, text=True, check=False)
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    events = []
    for line in trace.read_text().splitlines():
        call = re.match(r"\d+ +(\w+)\(", line)
        if call is None or str(folder) not in line or "= -1" in line:
            continue
        if call[1] == "openat" and "O_CREAT" not in line:
            continue
        names = [name.removeprefix(f"{folder}/") for name in re.findall(r'[<"]([^">]+)[>"]', line)]
        events.append((call[1].replace("renameat2", "rename"), *names))
    return events


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_each_step_is_on_the_disk_before_the_next_begins(tmp_path):
    folder = tmp_path / "checkpoints"
    events = traced(folder, tmp_path / "trace")
    for number in (1, 2):
        name = f"step-{number:010d}"
        renamed = events.index(("rename", f".{name}.new", name))
        here = events[: renamed + 1]
        last = {each[1]: n for n, each in enumerate(here) if each[0] == "write"}
        for file in FILES:
            path = f".{name}.new/{file}"
            assert last[path] < here.index(("fsync", path)) < here.index(("fsync", f".{name}.new"))
        after = events[renamed + 1 :]
        order = [
            after.index(("fsync", str(folder))),
            after.index(("write", ".LATEST.new")),
            after.index(("fsync", ".LATEST.new")),
            after.index(("rename", ".LATEST.new", "LATEST")),
        ]
        order.append(after.index(("fsync", str(folder)), order[-1]))
        assert order == sorted(order)
        if number == 2:
            gone = ("rename", "step-0000000001", ".step-0000000001.gone")
            assert order[-1] < after.index(gone)
    assert ("rename", "step-0000000001", ".step-0000000001.gone") in events
