"""Two trainings and their comparison as real processes: the whole run folder, ls and diff."""

import hashlib
import json

import pytest
from safetensors.numpy import load_file

from tests.e2e.test_command_line import striate
from tests.tasks.conftest import draw


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with two runs on the same pictures."""
    place = tmp_path_factory.mktemp("work")
    for number in range(12):
        name, colour = ("red", (200, 0, 0)) if number % 2 else ("blue", (0, 0, 200))
        draw(place / "pets" / name / f"{number}.png", colour, seed=number)
    for epochs in (1, 2):
        done = striate("train", "pets", "--epochs", epochs, "--batch-size", "4", cwd=place)
        assert done.returncode == 0, done.stderr
    return place


def test_a_run_leaves_every_file(place):
    run = place / "runs" / "classify" / "pets-1"
    for name in (
        "batch0.png",
        "calibration.json",
        "config.toml",
        "curves.png",
        "data_manifest.json",
        "env.json",
        "metrics.jsonl",
        "model/README.md",
        "model/labels.txt",
        "model/model.safetensors",
        "model/preprocess.json",
        "predictions.safetensors",
        "report.html",
        "scores.json",
    ):
        assert (run / name).stat().st_size > 0, name
    assert list(run.glob("events/train/events*"))
    scores = json.loads((run / "scores.json").read_text())
    assert f"{scores['accuracy']:.1%}" in (run / "report.html").read_text()
    assert load_file(run / "predictions.safetensors")["truth"].shape == (scores["pictures"],)
    assert json.loads((run / "env.json").read_text())["command"][1:3] == ["train", "pets"]


def test_the_manifests_hashes_are_those_of_the_files(place):
    run = place / "runs" / "classify" / "pets-1"
    manifest = json.loads((run / "data_manifest.json").read_text())
    assert len(manifest["data_sha256"]) == 64
    seen = 0
    for part in manifest["parts"].values():
        for file, found in zip(part["files"], part["sha256"], strict=True):
            assert hashlib.sha256((place / "pets" / file).read_bytes()).hexdigest() == found
            seen += 1
    assert seen == 12


def test_ls_and_diff(place):
    done = striate("runs", "ls", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row.split()[0] for row in done.stdout.splitlines()] == [
        "run",
        "runs/classify/pets-1",
        "runs/classify/pets-2",
    ]
    words = ("runs", "diff", "runs/classify/pets-1", "runs/classify/pets-2")
    done = striate(*words, cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert "data: the same pictures" in done.stdout
    found = json.loads(striate(*words, "--json", cwd=place).stdout)
    assert [(c["name"], c["first"], c["second"]) for c in found["settings"]] == [("epochs", 1, 2)]
    pairs = found["pairs"]
    flips = len(pairs["gained"]) + len(pairs["lost"])
    assert pairs["pictures"] == pairs["both_right"] + pairs["both_wrong"] + flips
