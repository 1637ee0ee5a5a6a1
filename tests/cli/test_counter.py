"""The moving line: only where standard error is a terminal and standard output is not."""

import re
import time

import pytest

from striate.cli import counter as module
from striate.cli.counter import Counter


@pytest.fixture
def terminal(monkeypatch):
    """Two streams of which the first may be a terminal: set(out, err)."""

    def put(*, out, err, kind="xterm"):
        monkeypatch.setenv("TERM", kind)
        monkeypatch.setattr(module.sys.stdout, "isatty", lambda: out, raising=False)
        monkeypatch.setattr(module.sys.stderr, "isatty", lambda: err, raising=False)

    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return put


def run(count):
    with Counter("pictures") as counter:
        for _ in range(count):
            counter.add()
            time.sleep(0.06)
        counter.wipe()
    return counter.count


def test_the_line_moves_and_is_taken_away(terminal, capsys):
    terminal(out=False, err=True)
    assert run(5) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert re.match(r"\r\x1b\[2K[1-5] pictures  \d+ a second\r", err)
    assert err.endswith("\r\x1b[2K")


@pytest.mark.parametrize(
    ("out", "err", "kind"), [(True, True, "xterm"), (False, False, "xterm"), (False, True, "dumb")]
)
def test_elsewhere_nothing_is_written(terminal, capsys, out, err, kind):
    terminal(out=out, err=err, kind=kind)
    assert run(3) == 3
    assert capsys.readouterr().err == ""
