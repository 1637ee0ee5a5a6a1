"""The command line as real processes: a demo from beginning to end, Ctrl-C, a terminal."""

import hashlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
STRIATE = [sys.executable, "-c", "from striate.cli import main; main()"]
ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith(("STRIATE_", "COLUMNS"))},
    "PYTHONPATH": str(ROOT / "src"),
    "STRIATE_OFFLINE": "1",
    "STRIATE_THREADS": "1",
}


def striate(*words, cwd, **variables):
    return subprocess.run(
        [*STRIATE, *map(str, words)],
        cwd=cwd,
        env={**ENVIRONMENT, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def demo(place):
    started = time.perf_counter()
    done = striate("demo", cwd=place)
    return done, time.perf_counter() - started


def test_the_demo_ends_with_a_trained_model_and_pictures(demo, place):
    done, seconds = demo
    assert done.returncode == 0, done.stderr
    assert seconds < 60
    assert float(re.search(r"^accuracy +(\S+)", done.stdout, re.MULTILINE)[1]) > 0.97
    pictures = re.findall(r"^picture +(\S+)$", done.stdout, re.MULTILINE)
    assert len(pictures) == 5
    for picture in pictures:
        with Image.open(place / picture) as image:
            assert np.asarray(image.convert("L")).std() > 10
    assert "striate train YOUR_FOLDER" in done.stderr


def test_in_a_pipe_there_is_one_line_an_epoch_and_no_colour(demo):
    done, _ = demo
    lines = [line for line in done.stderr.splitlines() if line.startswith("Epoch ")]
    assert [line.split()[1] for line in lines] == [f"{n}/{len(lines)}" for n in range(1, 13)]
    assert "\x1b" not in done.stderr + done.stdout
    assert "Epoch" not in done.stdout


def test_evaluate_gives_the_scores_of_the_run_as_json(demo, place):
    done = striate("evaluate", "runs/classify/demo-1", "--json", cwd=place)
    assert done.returncode == 0
    assert done.stderr == ""
    written = json.loads((place / "runs/classify/demo-1/scores.json").read_text())
    assert json.loads(done.stdout) == written


def test_predict_names_what_is_there_and_counts_what_is_not(demo, place):
    (place / "new").mkdir()
    Image.new("L", (9, 9), 90).save(place / "new" / "grey, light.png")
    (place / "new" / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    done = striate("predict", "runs/classify/demo-1", "new", "--csv", "--top", 1, cwd=place)
    assert done.returncode == 3
    head, row = done.stdout.splitlines()
    assert head == "file,class,probability"
    assert row.startswith('"new/grey, light.png",')
    assert 'Picture "new/broken.jpg": must be' in done.stderr
    assert done.stderr.endswith("1 of 2 files could not be read.\n")


def digest(root):
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def folder_of_pictures(root):
    for name, colour in (("blue", (0, 0, 200)), ("red", (200, 0, 0))):
        for number in range(6):
            (root / name).mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (30 + number, 20), colour).save(root / name / f"{number}.jpg")
    return root


def test_a_folder_is_trained_on_and_left_alone_a_broken_picture_is_named(place):
    root = folder_of_pictures(place / "pets")
    before = digest(root)
    done = striate("train", root, "--epochs", "1", "--batch-size", "4", "--json", cwd=place)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["figures"][0] == "batch0.png"
    assert digest(root) == before
    broken = root / "red" / "3.jpg"
    broken.write_bytes(broken.read_bytes()[:200])
    done = striate("train", root, "--epochs", "1", "--name", "broken", cwd=place)
    assert done.returncode == 3
    assert 'pets": must hold pictures that can be read. Got 1 of 12' in done.stderr
    assert "red/3.jpg" in done.stderr
    assert not (place / "runs" / "classify" / "broken-1").exists()


def test_ctrl_c_ends_after_the_step_and_keeps_model_and_numbers(start, tmp_path):
    process = start("train", "digits", "--epochs", "5000", "--name", "stopped")
    for line in process.stderr:
        if line.startswith("Epoch 1/"):
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "Stopped by Ctrl-C."
    assert out == ""
    folder = tmp_path / "runs" / "classify" / "stopped-1"
    rows = [json.loads(row) for row in (folder / "metrics.jsonl").read_text().splitlines()]
    assert rows[0]["finished"] is True
    assert (folder / "model" / "model.safetensors").stat().st_size > 100_000


def on_terminal(*words, cwd, **variables):
    """What the command writes to a terminal."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [*STRIATE, *words],
        cwd=cwd,
        env={**ENVIRONMENT, "COLUMNS": "120", **variables},
        stderr=side,
        stdout=subprocess.DEVNULL,
    )
    os.close(side)
    written = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        written += part
    os.close(main)
    assert process.wait(timeout=60) == 0
    return written.decode()


def test_on_a_terminal_the_line_lives(place):
    text = on_terminal("train", "digits", "--epochs", "1", cwd=place, TERM="xterm")
    assert "\x1b[2K" in text  # the line is wiped and written anew
    assert len(re.findall(r"pictures/s", text)) > 2


@pytest.mark.long  # tests/train/callbacks/test_progress.py has one too
def test_a_dumb_terminal_gets_plain_lines(place):
    text = on_terminal("train", "digits", "--epochs", "1", cwd=place, TERM="dumb")
    assert "\x1b" not in text
    assert len(re.findall(r"^Epoch 1/1 .* pictures/s", text, re.MULTILINE)) == 1
