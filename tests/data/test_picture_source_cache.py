"""Decoded pictures are kept: shared, bounded, mended, and never the wrong ones."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image

from striate.data import cached_pictures, file_keys
from striate.data.loader import Loader
from striate.data.picture_source import PictureSource
from striate.data.pictures import read_picture
from striate.errors import ArgumentError
from striate.records import Preprocess
from tests.data.sources import SIZE, fetched, source_of

pytestmark = pytest.mark.usefixtures("cache")


def count_decoded(monkeypatch):
    """A list that each decoding adds to; the decoding itself is done."""
    seen = []

    def counting(source, *args, **kwargs):
        seen.append(kwargs["name"])
        return read_picture(source, *args, **kwargs)

    monkeypatch.setattr("striate.data.picture_source.read_picture", counting)
    return seen


def test_a_picture_is_decoded_once_for_all_epochs_and_runs(paths, pixels, monkeypatch, cache):
    seen = count_decoded(monkeypatch)
    for _ in range(2):
        source = source_of(paths)
        assert source.slow
        for epoch in range(2):
            for batch in Loader(source, 7, shuffle=True).epoch(epoch):
                np.testing.assert_array_equal(batch.images, pixels[batch.sample_ids])
        assert not source.slow
        assert source.notes == ()
    assert sorted(seen) == [str(path) for path in paths]
    (found,) = cached_pictures(cache)
    assert (found.count, found.size_bytes) == (40, 40 * SIZE)
    assert found.recipe["size"] == [24, 32]


def test_scale_and_mean_share_the_pictures(paths, monkeypatch):
    fetched(source_of(paths))
    seen = count_decoded(monkeypatch)
    record = Preprocess((24, 32), channels=3, scale=1 / 255, mean=(0.5,), order="bgr")
    fetched(PictureSource(paths, preprocess=record))
    assert seen == []


def test_other_versions_of_the_decoder_do_not_share(paths, monkeypatch):
    fetched(source_of(paths))
    seen = count_decoded(monkeypatch)
    monkeypatch.setattr("striate.data.picture_source.DECODER", "2")
    fetched(source_of(paths))
    assert len(seen) == 40


@pytest.mark.parametrize("settled", [True, False])
def test_a_picture_that_was_edited_is_seen_by_the_next_source(paths, pixels, monkeypatch, settled):
    if settled:
        monkeypatch.setattr(file_keys, "_SETTLED_NS", -1)
    fetched(source_of(paths))
    before = paths[1].stat()
    Image.fromarray(pixels[5]).save(paths[1])
    os.utime(paths[1], ns=(before.st_atime_ns, before.st_mtime_ns))
    expected = pixels.copy()
    expected[1] = pixels[5]
    np.testing.assert_array_equal(fetched(source_of(paths)), expected)


def test_a_damaged_cache_is_rebuilt_and_said(paths, pixels, cache):
    fetched(source_of(paths))
    (rows,) = cache.glob("*/*.rows")
    data = bytearray(rows.read_bytes())
    for number in (3, 20, 21):
        data[number * SIZE + 5] ^= 16
    rows.write_bytes(data)
    source = source_of(paths)
    np.testing.assert_array_equal(fetched(source), pixels)
    (note,) = source.notes
    assert "3 were damaged and were decoded anew." in note
    source = source_of(paths)
    np.testing.assert_array_equal(fetched(source), pixels)
    assert source.notes == ()


def test_a_cache_that_is_emptied_during_a_run_changes_no_pixel(paths, pixels, cache):
    source = source_of(paths)
    for epoch in range(4):
        for batch in Loader(source, 7, shuffle=True).epoch(epoch):
            np.testing.assert_array_equal(batch.images, pixels[batch.sample_ids])
            if epoch == 1:
                shutil.rmtree(cache, ignore_errors=True)
        np.testing.assert_array_equal(fetched(source_of(paths)), pixels)


def test_a_cache_folder_that_cannot_be_made_is_said(paths, pixels, tmp_path, monkeypatch):
    (tmp_path / "cache").write_bytes(b"")
    seen = count_decoded(monkeypatch)
    source = source_of(paths)
    for _ in range(2):
        np.testing.assert_array_equal(fetched(source), pixels)
    assert len(seen) == 40  # memory takes its place
    (note,) = source.notes
    assert note == "Cache of pictures: none is used, as its folder fails: Not a directory."


def test_the_setting_bounds_the_cache(paths, monkeypatch, cache):
    monkeypatch.setenv("STRIATE_CACHE_GIB", str(9.5 * SIZE / 2**30))
    source = source_of(paths)
    fetched(source)
    assert sum(each.size_bytes for each in cached_pictures(cache)) == 9 * SIZE
    assert "31 were not kept" in source.notes[0]
    monkeypatch.setenv("STRIATE_CACHE_GIB", "0")
    assert source_of(paths).notes == ()
    monkeypatch.setenv("STRIATE_CACHE_GIB", "much")
    with pytest.raises(ArgumentError, match="`STRIATE_CACHE_GIB` must be a number of at least 0"):
        source_of(paths)
