"""Files that were made to do harm: each is a picture or one sentence, soon and in little memory."""

import json
import random
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import DataError
from striate.io.decode import FORMATS, decode, probe
from tests.io.mutations import mutated, outcome, seeds
from tests.io.picture_bytes import png

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory, reads /proc")

# Their pixels are whole: only what follows or describes them is damaged.
HARMLESS = {"truncated_end_chunk.png", "exif.png"}


def test_every_nasty_file_is_a_picture_or_one_sentence(shared_data):
    rows = json.loads((shared_data / "nasty" / "manifest.json").read_text(encoding="utf-8"))
    wrong = []
    for row in rows:
        path = shared_data / "nasty" / row["path"]
        good = row["status"] == "ok" and row["format"] in (*FORMATS, "MPO")
        start = time.perf_counter()
        try:
            out = decode(path)
            info = probe(path)
        except DataError as error:
            text = str(error)
            ok = not good and text.startswith(f'Picture "{path}": must ') and "\n" not in text
        else:
            ok = (good or path.name in HARMLESS) and out.dtype == np.uint8
            ok = ok and info.size_px == out.shape[:2]
            if good:
                turned = row["exif_orientation"] in (5, 6, 7, 8)
                size = row["size"] if turned else row["size"][::-1]
                ok = ok and out.shape == (*size, 3)
                ok = ok and info.animated == (row["frames"] > 1 and row["format"] != "MPO")
        if not ok or time.perf_counter() - start > 2:
            wrong.append(row["path"])
    assert len(rows) > 700
    assert wrong == []


LIMITED = """
import json, resource, sys
from striate.errors import DataError
from striate.io.decode import decode
from tests.io.mutations import peak_bytes
resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))
found = []
for path in sys.stdin.read().splitlines():
    try:
        found.append(len(decode(path).shape))
    except DataError as error:
        found.append(str(error))
print(json.dumps([found, peak_bytes()]))
"""


def test_every_nasty_file_in_half_a_gibibyte_of_address_space(shared_data):
    paths = sorted(str(path) for path in (shared_data / "nasty").rglob("*") if path.is_file())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        input="\n".join(paths),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found, rss_bytes = json.loads(done.stdout)
    assert len(found) == len(paths)
    assert all(each == 3 or each.startswith('Picture "') for each in found)
    assert not [each for each in found if "fit into memory" in str(each)]
    assert rss_bytes < 2**28


def test_a_picture_that_memory_cannot_hold_is_one_sentence(tmp_path):
    path = tmp_path / "large.png"
    row = bytes(3 * 16_000)
    path.write_bytes(png(16_000, 5_000, 8, 2, [row] * 5_000))  # 80 million pixels, 240 MB as RGB
    assert path.stat().st_size < 2**20
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        input=str(path),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    ((text,), _) = json.loads(done.stdout)
    assert text.startswith(f'Picture "{path}": must fit into memory. Got ')


def test_a_header_that_promises_more_than_there_is_costs_nothing():
    start = time.process_time()
    for width, height in ((65_535, 65_535), (2**31 - 1, 1), (1, 2**31 - 1), (2**31 - 1, 2**31 - 1)):
        with pytest.raises(DataError, match=r"pixels|whole"):
            decode(png(width, height, 8, 2, [b"\0" * 9]))
    with pytest.raises(DataError, match="must be a whole, undamaged picture"):
        decode(png(9_000, 9_000, 1, 0, [b"\0" * 9]), channels=1)
    assert time.process_time() - start < 2


def run_mutations(seed, count, *folder):
    done = subprocess.run(
        [sys.executable, "-m", "tests.io.mutations", str(seed), str(count), *map(str, folder)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def check(result, count):
    found = result["found"]
    assert sum(found.values()) == count
    assert 0.1 * count < found["decoded"] < 0.6 * count
    assert len(found) >= 4
    assert result["slowest_s"] < 2
    assert result["rss_bytes"] < 2**28


def test_thousands_of_mutated_files_are_a_picture_or_one_sentence(shared_data):
    check(run_mutations(11, 5000, shared_data / "nasty"), 5000)


@pytest.mark.long
def test_200_000_mutated_files_are_a_picture_or_one_sentence(shared_data):
    start = time.perf_counter()
    check(run_mutations(12, 200_000, shared_data / "nasty"), 200_000)
    assert time.perf_counter() - start < 120


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_one_sentence(data):
    outcome(data)
    for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1\x00\x40Exif\0\0", b"GIF89a", b"BM"):
        outcome(magic + data)


@given(st.integers(0, 10**6), st.sampled_from(list(seeds())))
def test_a_reduced_size_refuses_what_the_full_size_refuses(seed, data):
    """Damage does not hide from a smaller decoding."""
    changed = mutated(data, random.Random(seed))
    try:
        full = decode(changed, max_pixels=10**6)
    except DataError:
        with pytest.raises(DataError):
            decode(changed, max_pixels=10**6, size_px=(4, 4))
    else:
        small = decode(changed, max_pixels=10**6, size_px=(4, 4))
        assert all(0 < a <= b for a, b in zip(small.shape, full.shape, strict=True))
