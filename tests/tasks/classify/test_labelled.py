"""Labelled pictures of a run: those of an archive are there again after the cache was emptied."""

import shutil

from striate.tasks.classify import evaluate, train


def test_an_emptied_cache_is_filled_again(tmp_path, red_and_blue, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    archive = shutil.make_archive(str(tmp_path / "pets"), "zip", red_and_blue(count=5))
    run = train(archive, epochs=1, filters=4, runs=tmp_path / "runs")
    before = evaluate(run.folder).scores.accuracy
    shutil.rmtree(tmp_path / "cache" / "archives")
    assert evaluate(run.folder).scores.accuracy == before
