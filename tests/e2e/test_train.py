"""striate train as real processes: every kind of data, settings that repeat, folders unchanged."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
STRIATE = [sys.executable, "-c", "from striate.cli import main; main()"]
COLOURS = {"blue": (0, 0, 200), "green": (0, 180, 0), "red": (200, 0, 0)}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("train")


@pytest.fixture(scope="module")
def striate(place):
    """striate(*words): the finished process, in the folder `place`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STRIATE_")}
    own = {"PYTHONPATH": str(ROOT / "src"), "STRIATE_OFFLINE": "1", "STRIATE_THREADS": "1"}
    own["STRIATE_CACHE"] = str(place / "cache")

    def call(*words, **variables):
        words = [*STRIATE, *map(str, words)]
        env = {**kept, **own, **variables}
        return subprocess.run(
            words, cwd=place, env=env, capture_output=True, text=True, timeout=120
        )

    return call


@pytest.fixture(scope="module")
def pets(place):
    """Class folders of 8 pictures each, and a table that names them with owners and tags."""
    rows = []
    for name, colour in COLOURS.items():
        for number in range(8):
            noise = np.random.default_rng([number, *colour]).integers(0, 50, (18, 16, 3))
            path = place / "pets" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray((np.array(colour) + noise).astype(np.uint8)).save(path)
            rows.append((f"pets/{name}/{number}.png", name, f"{name}{number // 2}", number % 2))
    with (place / "pets.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("file", "label", "owner"), *(row[:3] for row in rows)])
    with (place / "tags.jsonl").open("w") as file:
        for path, name, _, odd in rows:
            labels = ["coloured"] + ([name] if odd else [])
            file.write(json.dumps({"file": path, "labels": labels}) + "\n")
    with zipfile.ZipFile(place / "pets.zip", "w") as archive:
        for row in rows:
            archive.write(place / row[0], row[0])
    return place / "pets"


def digest(place):
    """Every file of the user's."""
    own = [*place.glob("pets*"), *place.glob("tags*"), *place.glob("pets/**/*")]
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(own)
        if path.is_file()
    }


def run_of(done):
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    return document, done.stderr


QUICK = ("--epochs", 1, "--batch-size", 8, "--json")


def test_folders_learn_and_their_settings_repeat_the_run_bit_for_bit(striate, place, pets):
    before = digest(place)
    words = ("train", pets, "--epochs", 2, "--batch-size", 8, "--lr", 0.01, "--ema", "--json")
    first, said = run_of(striate(*words, "--mixup", 0.2, "--seed", 5, "--set", "filters=8"))
    assert f'Data: "{pets}", format folder, as it holds 3 class folders' in said
    again, _ = run_of(striate("train", "--config", f"{first['folder']}/config.toml", "--json"))
    assert again["folder"] != first["folder"]
    weights = [
        (place / each["folder"] / "model" / "model.safetensors").read_bytes()
        for each in (first, again)
    ]
    assert weights[0] == weights[1]
    settings = [(place / r["folder"] / "config.toml").read_text() for r in (first, again)]
    assert settings[0] == settings[1]
    assert "filters = 8" in settings[0]
    assert digest(place) == before


@pytest.mark.long
def test_a_table_with_groups_and_an_archive(striate, place, pets):
    before = digest(place)
    found, said = run_of(striate("train", "pets.csv", *QUICK, "--group-by", "owner"))
    assert "format table" in said
    assert "no group by owner divided" in said
    manifest = json.loads((place / found["folder"] / "data_manifest.json").read_text())
    owners = [
        {f"{Path(file).parent.name}{int(Path(file).stem) // 2}" for file in part["files"]}
        for part in manifest["parts"].values()
    ]
    assert owners[0].isdisjoint(owners[1])
    _, said = run_of(striate("train", "pets.zip", *QUICK))
    assert "in pets.zip, it holds 3 class folders" in said
    assert digest(place) == before


@pytest.mark.long
def test_several_classes_a_picture_go_all_the_way(striate, place, pets):
    found, said = run_of(striate("train", "tags.jsonl", *QUICK, "--epochs", 2))
    assert "several a picture" in said
    model = place / found["folder"] / "model"
    assert (model / "labels.txt").read_text().split() == ["blue", "coloured", "green", "red"]
    assert found["mean_average_precision"] is not None
    done = striate("predict", found["folder"], "pets/red/1.png", "--json")
    assert done.returncode == 0, done.stderr
    done = striate("evaluate", found["folder"], "--json")
    assert json.loads(done.stdout)["accuracy"] == found["accuracy"]


@pytest.mark.long
def test_a_bad_picture_fails_with_its_name_or_is_left_out(striate, place, pets):
    broken = place / "spoilt"
    for path in pets.rglob("*.png"):
        (broken / path.parent.name).mkdir(parents=True, exist_ok=True)
        (broken / path.parent.name / path.name).write_bytes(path.read_bytes())
    (broken / "red" / "3.png").write_bytes(b"no picture")
    torn = broken / "blue" / "1.png"
    torn.write_bytes(torn.read_bytes()[:-100])
    done = striate("train", broken, *QUICK)
    assert done.returncode == 3
    assert "hold pictures that can be read. Got 2 of 24" in done.stderr
    assert "red/3.png" in done.stderr
    assert "--on-bad-image skip" in done.stderr
    found, said = run_of(striate("train", broken, *QUICK, "--on-bad-image", "skip"))
    assert "Left out 2 of 24 pictures that cannot be used:" in said
    manifest = json.loads((place / found["folder"] / "data_manifest.json").read_text())
    assert [Path(path).name for path, _ in manifest["left_out"]] == ["1.png", "3.png"]


@pytest.mark.long
def test_folds_and_a_searched_rate(striate, place, pets):
    found, said = run_of(striate("train", pets, *QUICK, "--folds", 2, "--lr", "auto"))
    folder = place / Path(found["folder"]).parent
    summary = json.loads((folder / "folds.json").read_text())
    assert found["folds"] == summary["accuracies"]
    assert f"Accuracy over 2 folds: {summary['mean']:.4f} ± {summary['margin']:.4f}" in said
    held = [
        set(
            json.loads((folder / run / "data_manifest.json").read_text())["parts"]["validation"][
                "files"
            ]
        )
        for run in summary["runs"]
    ]
    assert held[0].isdisjoint(held[1])
    assert len(held[0] | held[1]) == 24
    assert (folder / summary["runs"][0] / "lr_find.png").is_file()


def test_a_rate_is_searched_and_drawn(striate, place, pets):
    done = striate("lr-find", pets, "--batch-size", 8)
    assert done.returncode == 0, done.stderr
    figure = done.stdout.split()[-1]
    with Image.open(place / figure) as image:
        assert image.width > 300


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("train",), 2, "train: `data` must name what is trained on"),
        (("train", "pets.csv", "--set", "epocs=3"), 2, "Nearest: epochs"),
        (("train", "pets.csv", "--config", "no.toml"), 3, 'Settings "no.toml": must be'),
        (("train", "pets.csv", "--group-by", "("), 2, "`group_by` must be parent, a column of"),
    ],
)
def test_errors(striate, pets, words, code, sentence):
    done = striate(*words)
    assert done.returncode == code
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
