"""striate predict and evaluate as real processes: pipes, odd names, Ctrl-C, folders left alone."""

import contextlib
import csv
import functools
import hashlib
import io
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import striate as library
from striate.records import Preprocess

ROOT = Path(__file__).resolve().parents[2]
STRIATE = [sys.executable, "-c", "from striate.cli import main; main()"]
ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith(("STRIATE_", "COLUMNS"))},
    "PYTHONPATH": str(ROOT / "src"),
    "STRIATE_OFFLINE": "1",
    "STRIATE_THREADS": "1",
}
ODD = [b"a b.png", b"two\nlines.png", b"stray \xff byte.png", b"-dash.png", "größe.png".encode()]


def start(*words, cwd, **options):
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | options
    return subprocess.Popen([*STRIATE, *words], cwd=cwd, env=ENVIRONMENT, bufsize=0, **pipes)


def striate(*words, cwd, given=b""):
    """(exit code, standard output, standard error) of a command, as bytes."""
    with start(*words, cwd=cwd) as process:
        out, err = process.communicate(given, timeout=120)
    assert b"Traceback" not in err
    return process.returncode, out, err


def tree(root):
    """Every path below a folder with its content, time and rights."""
    found = {}
    for path in sorted(Path(os.fsdecode(root)).rglob("*")):
        stat = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        found[path] = (content, stat.st_mtime_ns, stat.st_mode)
    return found


def picture(value):
    file = io.BytesIO()
    Image.new("L", (8, 8), value).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a model (dark or light) and pictures, one of them broken."""
    place = tmp_path_factory.mktemp("work")
    model = library.Sequential(
        [
            library.Input((4, 4, 1)),
            library.layers.Flatten(),
            library.layers.Dense(2, activation="softmax"),
        ]
    )
    weight = np.tile([[-0.5, 0.5]], (16, 1)).astype("float32")
    model.layers[-1].set_weights([weight, np.array([4.0, -4.0], "float32")])
    preprocess = Preprocess(size=(4, 4), channels=1, scale=1 / 255)
    for name, details in (("net", None), ("warm", {"temperature": 4.0})):
        model.save(place / name, labels=["dark", "light"], preprocess=preprocess, details=details)
    photos = os.fsencode(place) + b"/photos"
    os.mkdir(photos)
    for number, name in enumerate(ODD):
        with open(photos + b"/" + name, "wb") as file:
            file.write(picture(255 * (number % 2)))
    (place / "broken").mkdir()
    (place / "broken" / "cut.png").write_bytes(picture(0)[:45])
    (place / "broken" / "notes.txt").write_text("no picture")
    return place


def test_odd_names_come_out_byte_for_byte_and_nothing_is_touched(place):
    before = tree(place)
    names = sorted(b"photos/" + name for name in ODD)
    listed = b"\0".join(names) + b"\0"
    code, out, err = striate(
        "predict", "net", "-0", "-", "--csv", "--top", "1", cwd=place, given=listed
    )
    assert (code, err) == (0, b"")
    rows = list(csv.reader(io.StringIO(out.decode("utf-8", "surrogateescape"), newline="")))
    assert [os.fsencode(row[0]) for row in rows[1:]] == names
    light = {b"photos/" + name: number % 2 for number, name in enumerate(ODD)}
    assert [row[1] for row in rows[1:]] == [("dark", "light")[light[name]] for name in names]
    code, out, err = striate("predict", "net", "photos", "broken", "--json", cwd=place)
    assert code == 3
    document = json.loads(out)
    assert [os.fsencode(each["file"]) for each in document["predictions"][:-1]] == names
    assert (document["files"], document["failed"]) == (6, 1)
    assert "cut.png" in document["predictions"][-1]["error"]
    words = err.decode().splitlines()
    assert any('Left out of folder "broken"' in line and "notes.txt" in line for line in words)
    assert words[-1] == "1 of 6 files could not be read."
    code, out, _ = striate("predict", "net", "photos", "broken", "--keep-going", cwd=place)
    assert code == 0
    assert len(out.splitlines()) == 6
    assert rb"photos/two\nlines.png" in out
    assert tree(place) == before


def test_a_list_or_a_picture_on_standard_input(place):
    code, out, err = striate(
        "predict",
        "warm",
        "-",
        "--csv",
        "--top",
        "1",
        cwd=place,
        given=b"photos/a b.png\ngone.png\n",
    )
    assert code == 3
    assert out.splitlines()[1] == b"photos/a b.png,dark,0.8808"  # 1 / (1 + exp(-8 / 4))
    assert err.startswith(b"Probabilities are calibrated: the model's temperature is 4.\n")
    assert b'Picture "gone.png": must be a file that can be read.' in err
    given = picture(255)
    code, out, _ = striate("predict", "net", "-", "--tta", "--json", cwd=place, given=given)
    document = json.loads(out)
    assert (code, document["tta"], document["temperature"]) == (0, True, None)
    (said,) = document["predictions"]
    assert (said["file"], said["label"]) == ("-", "light")


def test_a_closed_standard_input_is_asked_for_nothing(place):
    closed = {"stdin": None, "preexec_fn": functools.partial(os.close, 0)}
    for names, code, said in (("photos/a b.png", 0, b""), ("-", 3, b"must be told which pictures")):
        with start("predict", "net", names, cwd=place, **closed) as process:
            _, err = process.communicate(timeout=120)
        assert process.returncode == code
        assert said in err


def test_ctrl_c_ends_at_once_and_keeps_what_was_said(place):
    with start("predict", "net", "-", "--top", "1", cwd=place) as process:
        process.stdin.write(b"photos/a b.png\n" * 1000)
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rows = (first + process.stdout.read()).splitlines()
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == b"Stopped by Ctrl-C.\n"
    assert rows[0].startswith(b"file ")
    assert 64 <= len(rows) <= 1000
    assert all(row.startswith(b"photos/a b.png  dark") for row in rows[1:])


@pytest.mark.parametrize(
    "option", ["--csv", *(pytest.param(x, marks=pytest.mark.long) for x in ("--json", "--top=1"))]
)
def test_a_reader_that_leaves_ends_it_without_a_word(place, option):
    with start("predict", "net", "-", option, cwd=place) as process:
        process.stdin.write(b"photos/a b.png\n" * 300)
        process.stdout.readline()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            for _ in range(20):
                process.stdin.write(b"photos/a b.png\n" * 300)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_a_line_moves_on_a_terminal_and_nowhere_else(place):
    main, side = pty.openpty()
    (place / "list").write_bytes(b"photos/a b.png\n" * 3000 + b"gone.png\n")
    with open(place / "answers.csv", "wb") as answers, open(place / "list", "rb") as names:
        pipes = {"stdin": names, "stdout": answers, "stderr": side}
        with start("predict", "net", "-", "--csv", cwd=place, **pipes) as process:
            os.close(side)
            written = b""
            with contextlib.suppress(OSError):  # Linux says so when the other side is closed
                while part := os.read(main, 65536):
                    written += part
            os.close(main)
            assert process.wait(timeout=60) == 3
    assert b" pictures  " in written
    assert b" a second\r\x1b[2K" in written
    assert written.endswith(b"1 of 3001 files could not be read.\r\n")
    assert len((place / "answers.csv").read_bytes().splitlines()) == 3001
    (place / "answers.csv").unlink()


def test_evaluate_writes_its_worst_answers_and_leaves_the_pictures_alone(place):
    for name, value in (("dark", 10), ("light", 240), ("dark", 250)):
        (place / "labelled" / name).mkdir(parents=True, exist_ok=True)
        (place / "labelled" / name / f"{value}.png").write_bytes(picture(value))
    before = tree(place)
    words = ("evaluate", "net", "labelled", "--worst", "2", "--out", "seen", "--json")
    code, out, err = striate(*words, cwd=place)
    assert (code, err) == (0, b"")
    document = json.loads(out)
    assert document["accuracy"] == pytest.approx(2 / 3)
    assert [each["name"] for each in document["worst"]] == [
        "dark/250.png",
        document["worst"][1]["name"],
    ]
    assert document["folder"] == "seen"
    after = tree(place)
    assert {path: after[path] for path in before} == before
    new = sorted(path.name for path in set(after) - set(before))
    assert new == ["predictions.safetensors", "scores.json", "seen", "worst.csv", "worst.png"]
