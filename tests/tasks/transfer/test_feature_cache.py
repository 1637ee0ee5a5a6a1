"""Features by the pixels of their picture and by all that the numbers depend on."""

import numpy as np
import torch

from striate.data import cached_pictures
from striate.settings import cache_folder
from striate.tasks.transfer.feature_cache import FOLDER, FeatureCache

CPU = torch.device("cpu")


def image(value):
    return torch.full((4, 4, 3), value, dtype=torch.uint8)


def test_what_was_kept_is_found_by_the_next_process(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))
    rows = np.random.default_rng(0).normal(size=(3, 7)).astype(np.float32)
    first = FeatureCache({"net": "a"}, 7, CPU)
    for number, row in enumerate(rows):
        assert first.find(first.key(image(number))) is None
        first.keep(first.key(image(number)), row)
    again = FeatureCache({"net": "a"}, 7, CPU)
    for number, row in enumerate(rows):
        assert np.array_equal(again.find(again.key(image(number))), row)
    (listed,) = cached_pictures(cache_folder() / FOLDER)
    assert (listed.count, listed.size_bytes, listed.recipe["net"]) == (3, 3 * 7 * 4, "a")


def test_another_recipe_or_machine_finds_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))
    cache = FeatureCache({"net": "a"}, 2, CPU)
    key = cache.key(image(1))
    cache.keep(key, np.ones(2, np.float32))
    assert FeatureCache({"net": "b"}, 2, CPU).find(key) is None
    threads = torch.get_num_threads()
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads + 1)
    assert FeatureCache({"net": "a"}, 2, CPU).find(key) is None


def test_keys_tell_sizes_and_pixels_apart():
    keys = {FeatureCache.key(image(1)), FeatureCache.key(image(2))}
    keys.add(FeatureCache.key(image(1).reshape(2, 8, 3)))
    assert len(keys) == 3
    strided = torch.zeros(4, 8, 3, dtype=torch.uint8)[:, ::2] + 1
    assert FeatureCache.key(strided) == FeatureCache.key(image(1))


def test_without_a_cache_nothing_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "none"))
    monkeypatch.setenv("STRIATE_CACHE_GIB", "0")
    cache = FeatureCache({"net": "a"}, 2, CPU)
    cache.keep(cache.key(image(1)), np.ones(2, np.float32))
    assert cache.find(cache.key(image(1))) is None
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv("STRIATE_CACHE_GIB", "1")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "file"))
    assert FeatureCache({"net": "a"}, 2, CPU).find(b"0" * 32) is None
