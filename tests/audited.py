"""Runs hostile cases in a process of its own, in which every audited event is judged.

`python -m tests.audited MODULE FOLDER` loads each case of MODULE.CASES and prints a JSON object a
line. MODULE has CASES: name -> (make, words), of which make(folder) writes the artefact;
prepare(folder), called first; load(folder), which must refuse; ERRORS, the kinds of refusal.
"""

import importlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

FORBIDDEN = (
    "code.",
    "compile",
    "ctypes.",
    "exec",
    "ftplib.",
    "http.",
    "import",
    "marshal.",
    "mmap.",
    "os.chmod",
    "os.chown",
    "os.exec",
    "os.fork",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.putenv",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.startfile",
    "os.symlink",
    "os.system",
    "os.truncate",
    "os.utime",
    "pickle.",
    "pty.",
    "shutil.",
    "smtplib.",
    "socket.",
    "subprocess.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)
FACTS = ("/proc/meminfo", "/proc/self/status", "/proc/self/cgroup", "/sys/fs/cgroup/")
"""What tells how much memory is free may be read."""

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Judge:
    """Notes what happens while it watches, but for reading inside one folder."""

    def __init__(self):
        self.folder = None
        self.seen = []
        sys.addaudithook(self)

    def __call__(self, event, arguments):
        if self.folder is None:
            return
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, int):
                return
            inside = os.path.realpath(os.fsdecode(path)).startswith(f"{self.folder}{os.sep}")
            inside = inside or os.fsdecode(path).startswith(FACTS)
            if not inside or (flags or 0) & WRITES or any(c in (mode or "r") for c in "wax+"):
                self.seen.append(f"open {os.fsdecode(path)} {mode} {flags}")
        elif event.startswith(FORBIDDEN):
            self.seen.append(f"{event} {arguments!r}"[:300])


def peak_kib():
    """The greatest memory since the last call of `forget_peak`."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0])


def forget_peak():
    Path("/proc/self/clear_refs").write_text("5")


def main(module, folder):
    room = importlib.import_module(module)
    folder = Path(os.path.realpath(folder))
    room.prepare(folder / "prepared")
    judge = Judge()
    for number, (name, (make, _)) in enumerate(room.CASES.items()):
        place = folder / f"{number}"
        place.mkdir()
        make(place)
        row = {"name": name, "error": None, "ours": False, "words": ""}
        forget_peak()
        before, started = peak_kib(), (time.perf_counter(), time.process_time())
        judge.seen, judge.folder = [], str(place)
        try:
            room.load(place)
        except BaseException as error:
            row |= {"error": type(error).__name__, "words": str(error)}
            row["ours"] = isinstance(error, room.ERRORS)
        judge.folder = None
        row["seconds"] = time.process_time() - started[1]  # of computing: others compute too
        row["waited"] = time.perf_counter() - started[0]
        row["kib"] = peak_kib() - before
        print(json.dumps(row | {"seen": judge.seen}), flush=True)


def results(module, folder):
    """name -> what became of the case, from a process of its own."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the judge reads /proc")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.audited", module, str(folder)],
        capture_output=True,
        text=True,
        timeout=280,
        cwd=Path(__file__).resolve().parents[1],
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    rows = map(json.loads, ran.stdout.splitlines())
    return {row["name"]: row for row in rows}


def require_refusal(row, words):
    """Refused in words of ours, at once, in little memory, with nothing done."""
    assert row["seen"] == []
    assert row["ours"], row
    assert re.search(words, row["words"], re.DOTALL), row["words"]
    assert len(row["words"]) < 1200
    assert row["seconds"] < 1
    assert row["waited"] < 10
    assert row["kib"] < 300 * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
