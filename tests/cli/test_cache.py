"""What striate cache says. In this process, without a new one for each."""

import functools
import json
import re
import shlex
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from striate.data import PictureSource
from striate.io.archive import extract
from striate.records import Preprocess
from striate.tasks.transfer.feature_cache import FeatureCache


@pytest.fixture
def cache(striate, monkeypatch, tmp_path):
    """cache(*words): (exit code, standard output, standard error) of striate cache."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("STRIATE_CACHE_GIB", "2")
    return functools.partial(striate, "cache")


def fill(tmp_path, *sizes):
    for number in range(3):
        Image.new("RGB", (20, 20), (number, 0, 0)).save(tmp_path / f"{number}.png")
    for size in sizes:
        paths = [tmp_path / f"{number}.png" for number in range(3)]
        PictureSource(paths, preprocess=Preprocess(size, channels=3)).fetch(np.arange(3))


@pytest.mark.parametrize("name", ["ls", "rm"])
def test_every_help_ends_with_two_examples_that_name_real_options(cache, name):
    code, out, _ = cache(name, "--help")
    assert code == 0
    *_, head, first, second = out.rstrip().splitlines()
    assert head.strip() == "Examples:"
    for example in (first, second):
        assert shlex.split(example)[:3] == ["striate", "cache", name]
        for option in re.findall(r" (--\w+)", example):
            assert re.search(rf"^ +{option}\b", out, re.MULTILINE), option


def test_ls_lists_what_was_cached(cache, tmp_path):
    code, out, err = cache("ls")
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        f"{what}: 0.00 of 2 GiB in {tmp_path / 'cache'}"
        for what in ("pictures", "features", "unpacked archives")
    ]
    fill(tmp_path, (8, 8), (16, 12))
    code, out, err = cache("ls")
    head, *rows = out.splitlines()
    assert head.split() == ["name", "pictures", "size", "fit", "MiB", "last", "used"]
    assert {re.split(r" {2,}", row)[2] for row in rows} == {"8 × 8 × 3", "16 × 12 × 3"}
    assert all(re.match(r"[0-9a-f]{16} +3 ", row) for row in rows)
    found = json.loads(cache("ls", "--json")[1])
    assert found["limit_bytes"] == 2 * 2**30
    assert {each["size_bytes"] for each in found["pictures"]} == {3 * 192, 3 * 576}
    assert {each["count"] for each in found["pictures"]} == {3}


def test_rm_removes_what_is_named_or_all(cache, tmp_path):
    fill(tmp_path, (8, 8), (16, 12))
    name = json.loads(cache("ls", "--json")[1])["pictures"][0]["name"]
    assert cache("rm", name) == (0, "", "Removed 0.0 MiB.\n")
    (left,) = json.loads(cache("ls", "--json")[1])["pictures"]
    assert left["name"] != name
    assert cache("rm", "--all")[0] == 0
    assert json.loads(cache("ls", "--json")[1])["pictures"] == []
    fill(tmp_path, (8, 8))
    assert len(json.loads(cache("ls", "--json")[1])["pictures"]) == 1


def test_unpacked_archives_are_listed_and_removed(cache, tmp_path):
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as file:
        file.writestr("cat/note.txt", "x" * 1000)
    for remove in ("name", "--all"):
        extract(tmp_path / "pets.zip")
        _, row = cache("ls")[1].splitlines()
        assert re.split(r" {2,}", row)[1:3] == ["1", "unpacked"]
        assert json.loads(cache("ls", "--json")[1])["archives"][0]["size_bytes"] == 1000
        assert cache("rm", row.split()[0] if remove == "name" else remove)[0] == 0
        assert json.loads(cache("ls", "--json")[1])["archives"] == []


def test_features_are_listed_and_removed(cache, tmp_path):
    image = torch.zeros(8, 8, 3, dtype=torch.uint8)
    for remove in ("name", "--all"):
        recipe = {"net": "resnet20", "size": [8, 8]}
        features = FeatureCache(recipe, 5, torch.device("cpu"))
        features.keep(features.key(image), np.zeros(5, np.float32))
        _, row = cache("ls")[1].splitlines()
        assert re.split(r" {2,}", row)[1:4] == ["1", "8 × 8", "resnet20"]
        assert json.loads(cache("ls", "--json")[1])["features"][0]["size_bytes"] == 20
        assert cache("rm", row.split()[0] if remove == "name" else remove)[0] == 0
        assert json.loads(cache("ls", "--json")[1])["features"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("rm", "cache rm: `NAME` must be named, or --all be given, not both. Got NAME=[]."),
        ("rm abc --all", "Got NAME=['abc']. striate cache ls lists the names."),
        ("rm abc", "`name` must be one that striate cache ls lists. Got name='abc'. The cache is"),
    ],
)
def test_errors_are_one_sentence(cache, words, sentence):
    code, out, err = cache(*words.split())
    assert (code, out) == (2, "")
    assert sentence in err
