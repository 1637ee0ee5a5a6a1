"""Threads, stops, kills, memory and speed change no pixel."""

import hashlib
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from striate.data import cached_pictures
from striate.data.loader import Loader
from striate.data.picture_source import PictureSource
from striate.records import Preprocess
from tests.data.sources import SIZE, fetched, source_of

pytestmark = pytest.mark.usefixtures("cache")


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
