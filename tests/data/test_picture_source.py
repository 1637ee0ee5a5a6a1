import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from striate.data.picture_source import PictureSource
from striate.data.pictures import read_picture
from striate.errors import ArgumentError, DataError
from striate.records import Preprocess
from tests.data.sources import RECORD, SIZE, fetched, source_of

pytestmark = pytest.mark.usefixtures("cache")


@pytest.mark.parametrize("options", [{}, {"cache_limit_bytes": 0}, {"cache_limit_bytes": 9 * SIZE}])
@pytest.mark.parametrize("memory", [0, 2**30])
def test_every_way_gives_the_pixels_of_read_picture(paths, pixels, options, memory):
    for _ in range(2):
        source = source_of(paths, memory_limit_bytes=memory, **options)
        for _ in range(2):
            np.testing.assert_array_equal(fetched(source), pixels)
            np.testing.assert_array_equal(fetched(source, [7, 3, 3, 39]), pixels[[7, 3, 3, 39]])
        assert fetched(source, np.empty(0, np.int64)).shape == (0, 24, 32, 3)


def test_a_batch_belongs_to_its_taker(paths, pixels):
    source = source_of(paths)
    for _ in range(3):
        images, _, _ = source.fetch(np.arange(40))
        np.testing.assert_array_equal(images, pixels)
        images.zero_()


@pytest.mark.parametrize(
    "other",
    [
        Preprocess((24, 33), channels=3),
        Preprocess((24, 32), channels=1),
        Preprocess((24, 32), channels=3, fit="crop"),
        Preprocess((24, 32), channels=3, interpolation="bicubic"),
    ],
)
def test_another_way_of_fitting_is_another_picture(paths, pixels, other):
    fetched(source_of(paths))
    source = PictureSource(paths, preprocess=other)
    expected = np.stack([read_picture(path, other) for path in paths])
    np.testing.assert_array_equal(fetched(source), expected)
    np.testing.assert_array_equal(fetched(source_of(paths)), pixels)


def tree(root):
    """Names, bytes and times of everything below a folder."""
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_ctime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_the_pictures_stay_as_they_are(paths):
    before = tree(paths[0].parent)
    for _ in range(2):
        fetched(source_of(paths))
    assert tree(paths[0].parent) == before


def test_a_picture_that_cannot_be_read_is_named_and_the_others_are_kept(paths, tmp_path):
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(paths[0].read_bytes()[:300])
    source = source_of([*paths[:3], cut])
    for _ in range(2):
        with pytest.raises(DataError, match=rf'^Picture "{cut}": must be a whole, undamaged pict'):
            source.fetch(np.arange(4))
    assert fetched(source, [0, 1, 2]).shape == (3, 24, 32, 3)
    with pytest.raises(DataError, match=r'^Picture ".*none\.png": must be a file that can be read'):
        source_of([tmp_path / "none.png"]).fetch(np.array([0]))


@pytest.mark.parametrize("record", [Preprocess((8, 8)), Preprocess(channels=3)])
def test_batches_need_a_size_and_channels(record):
    words = (
        r"^PictureSource: `preprocess` must name size and channels: the pictures of a batch are "
        r"of one shape\. Got preprocess=Preprocess\(.*\)\. For example Preprocess\("
    )
    with pytest.raises(ArgumentError, match=words):
        PictureSource(["a.png"], preprocess=record)


def test_a_limit_below_zero_is_refused():
    with pytest.raises(ArgumentError, match="`cache_limit_bytes` must be a whole number of at lea"):
        PictureSource(["a.png"], preprocess=RECORD, cache_limit_bytes=-1)


def test_its_tensors_are_uint8(paths):
    images, targets, weights = source_of(paths[:2]).fetch(np.array([1]))
    assert (images.dtype, images.shape) == (torch.uint8, (1, 24, 32, 3))
    assert (targets.tolist(), weights) == ([1], None)
    source = PictureSource((Path(path) for path in paths), preprocess=RECORD)
    assert source.paths[0] == str(paths[0])


@pytest.mark.parametrize("cached", [True, False])
def test_a_file_that_changes_while_it_is_in_use_is_named(paths, cache, cached):
    words = {} if cached else {"cache_limit_bytes": 0, "memory_limit_bytes": 0}
    source = PictureSource(paths[:4], preprocess=RECORD, **words)
    numbers = np.arange(4)
    first = source.fetch(numbers)[0]
    assert torch.equal(source.fetch(numbers)[0], first)
    shutil.copy(paths[7], paths[2])
    if cached:  # the pictures come from the cache, and the file does not matter
        assert torch.equal(source.fetch(numbers)[0], first)
        shutil.rmtree(cache)
        source._places[:] = -1
    words = r'2\.(jpg|png)": must stay as it was while it is in use\. Got a file that was changed\.'
    with pytest.raises(DataError, match=words):
        source.fetch(numbers)
