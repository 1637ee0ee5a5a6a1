"""Pictures that look the same: copies are found, pictures that only resemble are not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from striate.data.doctor import check_data
from striate.data.doctor.near import NEAR_BITS, _candidates
from striate.data.doctor.pictures import look_at_all
from striate.data.formats.detect import open_index
from tests.data.doctor.planted import picture


def save_all(root, pictures):
    for name, image in pictures.items():
        path = root / "x" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    (root / "y").mkdir(exist_ok=True)
    for seed in (1000, 1001):
        picture(seed).save(root / "y" / f"{seed}.png")
    return root


def groups(root):
    found = check_data(root).by_kind.get("near_duplicate", [])
    return [sorted(Path(path).name for path in each.paths) for each in found]


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.resize((300, 250), Image.Resampling.LANCZOS),
        lambda image: image.resize((40, 34), Image.Resampling.BOX),
        lambda image: image.point(lambda v: v * 0.94 + 6),
    ],
    ids=["larger", "smaller", "paler"],
)
def test_a_changed_copy_is_found(tmp_path, change):
    image = picture(3, size=(120, 100))
    root = save_all(tmp_path, {"a.png": image, "b.png": change(image), "c.png": picture(4)})
    assert groups(root) == [["a.png", "b.png"]]


def test_another_colour_or_another_part_is_no_copy(tmp_path):
    image = picture(3, size=(120, 100))
    red, green, blue = image.split()
    spot = image.copy()
    spot.paste((0, 255, 0), (50, 40, 75, 62))
    swapped = Image.merge("RGB", (blue, green, red))
    assert groups(save_all(tmp_path, {"a.png": image, "b.png": swapped, "c.png": spot})) == []


def test_pale_pictures_are_not_alike_for_being_pale(tmp_path):
    pale = {f"{n}.png": picture(n).point(lambda v: 240 + v // 25) for n in range(12)}
    assert groups(save_all(tmp_path, pale)) == []


def test_chains_of_copies_are_one_group(tmp_path):
    image = picture(3, size=(120, 100))
    sizes = {f"{side}.png": image.resize((side, side * 5 // 6)) for side in (60, 90, 120, 180)}
    assert groups(save_all(tmp_path, sizes)) == [sorted(sizes)]


def test_the_bands_miss_no_pair_of_near_hashes(tmp_path, rng):
    pictures = look_at_all(open_index(save_all(tmp_path, {"a.png": picture(1)})), full=True)
    hashes = rng.integers(0, 2**63, 60, dtype=np.uint64)
    for number in range(1, 60, 2):  # every second one is near the one before it
        flips = rng.choice(64, rng.integers(0, 9), replace=False).astype(np.uint64)
        hashes[number] = hashes[number - 1] ^ np.bitwise_or.reduce(np.uint64(1) << flips, initial=0)
    facts = np.zeros(60, pictures.facts.dtype)
    facts["height"], facts["looks"] = 1, hashes
    object.__setattr__(pictures, "facts", facts)
    slow = {
        (i, j)
        for i in range(60)
        for j in range(i + 1, 60)
        if (int(hashes[i]) ^ int(hashes[j])).bit_count() <= NEAR_BITS
    }
    assert set(_candidates(pictures)) == slow
    assert 15 < len(slow) < 30


@pytest.mark.long
def test_the_same_field_of_cells_is_seen_in_two_parts(shared_data):
    (found,) = check_data(shared_data / "bccd").by_kind["near_leak"]
    assert sorted(Path(path).stem[-2:] for path in found.paths) == ["37", "38"]
