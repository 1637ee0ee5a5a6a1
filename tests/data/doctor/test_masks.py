"""Masks that cannot be learned from, each planted beside a picture."""

import numpy as np
import pytest
from PIL import Image

from striate.data.doctor import check_data
from tests.data.doctor.planted import jpeg, picture


@pytest.fixture
def masked(tmp_path):
    """make(mask of the first picture, full): what is found in four pictures with masks."""
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    (tmp_path / "classes.txt").write_text("ground\ncat\ndog\n")
    for number in range(4):
        (tmp_path / f"images/{number}.jpg").write_bytes(jpeg(picture(number)))
        good = np.random.default_rng(number).choice([0, 1, 2, 255], (40, 48)).astype(np.uint8)
        Image.fromarray(good).save(tmp_path / f"masks/{number}.png")

    def make(mask=None, full=True):
        path = tmp_path / "masks/0.png"
        if isinstance(mask, bytes):
            path.write_bytes(mask)
        elif mask is not None:
            mask.save(path)
        return [(each.kind, each.text) for each in check_data(tmp_path, full=full).findings]

    return make


def grey(*values, size=(40, 48), dtype=np.uint8):
    return Image.fromarray(np.resize(np.array(values, dtype), size))


@pytest.mark.parametrize("full", [True, False])
def test_masks_that_are_right_raise_no_alarm(masked, full):
    assert masked(full=full) == []
    palette = grey(0, 1, 2).convert("P")
    palette.putdata(list(np.resize([0, 1, 2], 40 * 48)))
    assert masked(palette, full) == []


@pytest.mark.parametrize(
    ("mask", "kind", "words"),
    [
        (grey(0, 255), "mask_255", "only 0 and 255: 255 means ignored"),
        (grey(0, 1, 3, 9), "mask_unknown", "holds 3, 9, and there are 3 classes, 0 to 2"),
        (grey(0, 1, 300, dtype=np.uint16), "mask_ids", "holds 3 numbers, up to 300"),
        (Image.new("RGB", (48, 40)), "mask_undecodable", "must hold one number a pixel"),
        (b"torn", "mask_undecodable", "must be a whole picture"),
        (grey(0, 1, size=(20, 24)), "mask_size", "has 20 × 24 pixels, its picture 40 × 48"),
    ],
)
def test_a_mask_that_cannot_be_learned_from_is_named(masked, mask, kind, words):
    ((found, text),) = masked(mask)
    assert found == kind
    assert words in text
    seen_in_headers = kind == "mask_size" or isinstance(mask, bytes)
    assert [each for each, _ in masked(full=False)] == ([kind] if seen_in_headers else [])


def test_a_mask_alone_and_a_picture_alone_are_named(masked, tmp_path):
    grey(0, 1).save(tmp_path / "masks/alone.png")
    (tmp_path / "images/lonely.jpg").write_bytes(jpeg(picture(9)))
    assert [kind for kind, _ in masked()] == ["unpaired", "unpaired"]
