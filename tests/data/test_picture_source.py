import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from striate.data import cached_pictures, file_keys
from striate.data.loader import Loader
from striate.data.picture_source import PictureSource
from striate.data.pictures import read_picture
from striate.errors import ArgumentError, DataError
from striate.records import Preprocess

RECORD = Preprocess((24, 32), channels=3)
SIZE = 24 * 32 * 3


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """The cache folder of a test."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STRIATE_CACHE_GIB", raising=False)
    return tmp_path / "cache" / "pictures"


@pytest.fixture
def paths(tmp_path):
    """Forty pictures of noise, JPEG and PNG by turns, each of its own size."""
    folder, rng = tmp_path / "photos", np.random.default_rng(3)
    folder.mkdir()
    for number in range(40):
        pixels = rng.integers(0, 256, (30 + number, 90 - number, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.{('jpg', 'png')[number % 2]}")
    return sorted(folder.iterdir())


@pytest.fixture
def pixels(paths):
    """What each picture is, as `read_picture` reads it."""
    return np.stack([read_picture(path, RECORD) for path in paths])


def source_of(paths, **options):
    return PictureSource(paths, np.arange(len(paths)), preprocess=RECORD, **options)


def fetched(source, indices=None):
    return source.fetch(np.arange(len(source)) if indices is None else np.array(indices))[0].numpy()


def count_decoded(monkeypatch):
    """A list that each decoding adds to; the decoding itself is done."""
    seen = []

    def counting(source, *args, **kwargs):
        seen.append(kwargs["name"])
        return read_picture(source, *args, **kwargs)

    monkeypatch.setattr("striate.data.picture_source.read_picture", counting)
    return seen


@pytest.mark.parametrize("options", [{}, {"cache_limit_bytes": 0}, {"cache_limit_bytes": 9 * SIZE}])
@pytest.mark.parametrize("memory", [0, 2**30])
def test_every_way_gives_the_pixels_of_read_picture(paths, pixels, options, memory):
    for _ in range(2):
        source = source_of(paths, memory_limit_bytes=memory, **options)
        for _ in range(2):
            np.testing.assert_array_equal(fetched(source), pixels)
            np.testing.assert_array_equal(fetched(source, [7, 3, 3, 39]), pixels[[7, 3, 3, 39]])
        assert fetched(source, np.empty(0, np.int64)).shape == (0, 24, 32, 3)


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


def stream(loader, epochs, start_step=0):
    """Numbers and pixels of every batch from a step of the first epoch on."""
    found = []
    for epoch in epochs:
        for batch in loader.epoch(epoch, start_step=start_step):
            digest = hashlib.sha256(batch.images.numpy().tobytes()).hexdigest()
            found.append((batch.sample_ids.tolist(), batch.targets.tolist(), digest))
        start_step = 0
    return found


@pytest.mark.parametrize("limit", [None, 0, 11 * SIZE])
def test_the_order_is_the_same_for_any_number_of_threads_and_after_a_stop(paths, tmp_path, limit):
    def loader(threads):
        return Loader(
            source_of(paths, cache_limit_bytes=limit, memory_limit_bytes=0),
            6,
            shuffle=True,
            seed=5,
            threads=threads,
        )

    whole = stream(loader(0), range(3))
    assert len(whole) == 21
    assert [ids for ids, _, _ in whole[:7]] != [ids for ids, _, _ in whole[7:14]]
    for threads in (1, 2, 4):
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        assert stream(loader(threads), range(3)) == whole
        for step in (3, 6):
            assert stream(loader(threads), [1, 2], step) == whole[7 + step :]


RUN = """
import sys
import numpy as np
from striate.data import Loader, PictureSource
from striate.records import Preprocess
paths = sys.argv[1:]
source = PictureSource(paths, np.arange(len(paths)), preprocess=Preprocess((24, 32), channels=3))
for epoch in range(1000):
    for batch in Loader(source, 3, shuffle=True, threads=2).epoch(epoch):
        print(epoch, flush=True)
"""


def test_runs_that_are_killed_and_runs_side_by_side_leave_the_right_pixels(paths, pixels, cache):
    """Two processes fill one cache, and each is killed in the middle of it."""
    for step in (1, 9):
        shutil.rmtree(cache, ignore_errors=True)
        runs = [
            subprocess.Popen([sys.executable, "-c", RUN, *paths], stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        for run in runs:
            for _ in range(step):
                run.stdout.readline()
            run.send_signal(signal.SIGKILL)
            run.communicate()
        assert cached_pictures(cache)
        for _ in range(2):
            source = source_of(paths)
            np.testing.assert_array_equal(fetched(source), pixels)
            assert source.notes == ()


GROWTH = """
import gc, os, sys
import numpy as np
from striate.data import Loader, PictureSource
from striate.records import Preprocess

def anonymous_bytes():
    gc.collect()
    rows = dict(line.split(":") for line in open("/proc/self/status"))
    return int(rows["RssAnon"].split()[0]) * 1024

def run(paths):
    source = PictureSource(paths, preprocess=Preprocess((16, 16), channels=3))
    for epoch in range(2):
        for batch in Loader(source, 64, shuffle=True).epoch(epoch):
            pass
    return source

first = [entry.path for entry in os.scandir(sys.argv[1])][:200]
kept = run(first)
before = anonymous_bytes()
kept = run(entry.path for entry in os.scandir(sys.argv[1]))
print(anonymous_bytes() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads RssAnon from /proc")
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(3_000, id="3000"),
        pytest.param(1_000, marks=pytest.mark.long, id="1000"),
        pytest.param(10_000, marks=pytest.mark.long, id="10000"),
        pytest.param(100_000, marks=pytest.mark.long, id="100000"),
    ],
)
def test_memory_grows_by_at_most_300_bytes_a_file(tmp_path, cache, count):
    """Cold and warm; half a megabyte is the threads', whatever the number of files."""
    Image.new("RGB", (8, 8)).save(tmp_path / "small.png")
    small = (tmp_path / "small.png").read_bytes()
    folder = tmp_path / "a_folder_of_pictures" / "a_class_of_pictures"
    folder.mkdir(parents=True)
    for number in range(count):
        path = folder / f"picture_{number:08}.png"
        path.write_bytes(small + number.to_bytes(4, "little"))  # contents of their own
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", GROWTH, folder], capture_output=True, text=True, check=True
        )
        assert int(done.stdout) <= 300 * count + 2**20
    assert cached_pictures(cache)[0].count == count


def test_an_epoch_from_the_cache_is_far_faster(paths, shared_data):
    photo = shared_data / "darknet-photos" / "dog.jpg"
    copies = []
    for number in range(60):
        copies.append(paths[0].parent / f"copy{number}.jpg")
        copies[-1].write_bytes(photo.read_bytes() + bytes([number]))
    source = PictureSource(copies, preprocess=Preprocess((64, 64), channels=3))
    seconds = []
    for _ in range(6):
        start = time.process_time()
        for start_at in range(0, 60, 20):
            source.fetch(np.arange(start_at, start_at + 20))
        seconds.append(time.process_time() - start)
    assert seconds[0] > 20 * min(seconds[1:])


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
