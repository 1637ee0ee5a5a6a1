"""One run: honest words about the epoch that was kept, a searched rate, no validation part."""

import json
import tomllib

import numpy as np
import pytest
from PIL import Image

from striate.tasks.classify import train


def test_an_early_stop_keeps_the_best_epoch_and_says_what_that_means(red_and_blue, tmp_path):
    said = []
    options = {"epochs": 4, "batch_size": 8, "early_stop": 2, "filters": 8, "runs": tmp_path}
    run = train(red_and_blue(count=10), **options, say=said.append)
    losses = run.history.history["val_loss"]
    best = int(np.argmin(losses)) + 1
    assert f"Epoch {best} of {len(losses)} had the lowest validation loss and was kept." in said
    words = "The scored pictures are those that chose the epoch: the scores are a little too good."
    assert words in said
    assert words in (run.folder / "report.html").read_text(encoding="utf-8")


def test_with_a_test_part_the_scores_are_honest(tmp_path):
    said = []
    run = train("digits", epochs=2, early_stop=1, filters=4, runs=tmp_path, say=said.append)
    assert run.scores.part == "test"
    assert not any("chose the epoch" in each for each in said)


def test_a_searched_rate_is_drawn_and_recorded(tmp_path):
    run = train("digits", epochs=1, learning_rate="auto", filters=4, runs=tmp_path)
    config = tomllib.loads((run.folder / "config.toml").read_text(encoding="utf-8"))
    assert 1e-4 < config["learning_rate"] < 1.0
    assert (run.folder / "lr_find.png").is_file()
    again = train("digits", **{
        name: value for name, value in config.items() if name not in ("data", "task", "runs")
    }, runs=tmp_path)  # fmt: skip
    for name, weight in run.model.state_dict().items():
        assert weight.equal(again.model.state_dict()[name]), name


def test_without_a_validation_part_the_test_part_alone_is_looked_at(tmp_path):
    run = train("digits", epochs=1, validation=0.0, filters=4, runs=tmp_path)
    rows = [json.loads(row) for row in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert "val_loss" not in rows[0]
    assert run.scores.pictures == 355


@pytest.mark.parametrize("several", [False, True])
def test_the_first_batch_is_drawn_as_it_is_trained_on(tmp_path, several, red_and_blue):
    root = red_and_blue(count=6)
    data = root
    if several:
        rows = ["file,labels"]
        rows += [f"{p.relative_to(tmp_path)},{p.parent.name}|all" for p in root.rglob("*.png")]
        data = tmp_path / "t.csv"
        data.write_text("\n".join(rows) + "\n")
    options = {"epochs": 1, "mixup": 0.4, "filters": 4, "batch_size": 4}
    run = train(data, runs=tmp_path / "runs", **options)
    assert (run.folder / "batch0.png").stat().st_size > 3_000
    assert run.model.output.shape == (None, 3 if several else 2)


def test_frames_and_pictures_that_are_left_out_are_told_of(tmp_path, red_and_blue, monkeypatch):
    root = red_and_blue(count=6)
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    frames[0].save(root / "red" / "moving.gif", save_all=True, append_images=frames[1:])
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").write_text("a file stands where the cache should be")
    said = []
    train(root, epochs=1, filters=4, runs=tmp_path / "runs", say=said.append)
    words = "Several frames: 1 holds several frames, of which the first is used"
    assert sum(sentence.startswith(words) for sentence in said) == 1
    assert sum(sentence.startswith("Cache of pictures: none is used") for sentence in said) == 1
