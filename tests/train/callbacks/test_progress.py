"""ProgressBar: one line an epoch in a pipe, a live line on a terminal."""

import os
import re
import select
import subprocess
import sys
import textwrap

import pytest

PROGRAM = """
    import os, time, numpy as np, striate
    from striate import layers

    class Slow(layers.Layer):
        def call(self, x, training=None):
            time.sleep(0.01)
            return x

    net = striate.Sequential([striate.Input((4,)), Slow(), layers.Dense(1)])
    net.compile("sgd", loss="mse", metrics=["mae"])
    x = np.ones((60, 4), "float32")
    for case in {cases}:
        print("case", case, flush=True)
        verbose, *variables = case.split()
        for variable in variables:
            name, _, value = variable.partition("=")
            os.environ[name] = value
        y = x[:, :1]
        words = {{"verbose": verbose}} if verbose != "auto" else {{}}
        net.fit(x, y, batch_size=4, epochs=2, validation_data=(x, y), **words)
"""
LINE = re.compile(
    r"Epoch \d/2  loss \d+\.\d{4}  mae \d+\.\d{4}  val_loss \d+\.\d{4}  val_mae \d+\.\d{4}  "
    r"[\d,]+ pictures/s  \d+\.\d s"
)


def start(*cases, **streams):
    """The program in a process of its own, with its fits one after the other."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    path = os.pathsep.join(sys.path)
    text = textwrap.dedent(PROGRAM).format(cases=cases)
    environment = {**kept, "PYTHONPATH": path, "TERM": "xterm"}
    return subprocess.Popen([sys.executable, "-c", text], env=environment, **streams)


def parts(written):
    """What was written in each case."""
    found = re.split(r"case (.*?)\r?\n", written)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


@pytest.fixture(scope="module")
def piped():
    child = start("auto", "0", "2", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = child.communicate(timeout=120)
    assert (child.returncode, err) == (0, b"")
    return parts(out.decode())


@pytest.fixture(scope="module")
def on_a_terminal():
    ours, theirs = os.openpty()
    child = start("auto", "2", "auto NO_COLOR=1", "auto TERM=dumb", stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    while True:
        if select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                part = b""
            if not part:
                break
            written += part
    os.close(ours)
    assert child.wait(60) == 0
    return parts(written.decode())


def test_in_a_pipe_there_is_one_line_an_epoch(piped):
    first, *lines = piped["auto"].splitlines()
    assert re.fullmatch(
        r"60 pictures, 15 steps an epoch, batches of 4; cpu with \d+ threads?, float32", first
    )
    assert len(lines) == 2
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert "\x1b" not in piped["auto"]


def test_verbose_says_how_much(piped):
    assert piped["0"] == ""
    assert len(piped["2"].splitlines()) == 3


def test_on_a_terminal_the_line_lives(on_a_terminal):
    written = on_a_terminal["auto"]
    assert len(set(re.findall(r"(\d+)/15", written))) > 2
    assert "\x1b[2K" in written  # the line is wiped and written again
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
    assert len(LINE.findall(plain)) == 2
    assert re.search(r"\d+/15 .*loss \d\.\d{4}.*pictures/s", plain)
    assert written.count("\x1b[?25h") >= written.count("\x1b[?25l") > 0  # the cursor comes back


def test_on_a_terminal_2_means_plain_lines(on_a_terminal):
    assert "/15" not in on_a_terminal["2"]
    assert len(LINE.findall(on_a_terminal["2"])) == 2


def test_colours_may_be_refused(on_a_terminal):
    colour = re.compile(r"\x1b\[[0-9;]*3[0-8][;m]")
    assert colour.search(on_a_terminal["auto"])
    assert not colour.search(on_a_terminal["auto NO_COLOR=1"])


def test_a_dumb_terminal_gets_plain_lines(on_a_terminal):
    written = on_a_terminal["auto TERM=dumb"]
    assert "\x1b" not in written
    assert len(LINE.findall(written)) == 2
