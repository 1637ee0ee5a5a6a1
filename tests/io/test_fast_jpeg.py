"""The faster decoder of JPEGs gives Pillow's pixels and Pillow's refusals, bit for bit."""

import io
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from striate.errors import DataError
from striate.io import fast_jpeg as module
from striate.io.decode import decode
from striate.io.fast_jpeg import fast_jpeg
from tests.io.mutations import mutated, seeds


def by_pillow(data, monkeypatch, **options):
    """What `decode` gives without simplejpeg: pixels, or the words of the refusal."""
    with monkeypatch.context() as patch:
        patch.setattr(module, "_decoder", lambda: None)
        return outcome(data, **options)


def outcome(data, **options):
    try:
        return decode(data, name="x", **options)
    except DataError as error:
        return str(error)


def same(a, b):
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and a == b
    return a.shape == b.shape and bool((a == b).all())


def jpeg(height, width, colour, seed=0, **options):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (max(1, height // 5), max(1, width // 5), 3), np.uint8)
    image = (
        Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).convert(colour)
    )
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from(["RGB", "L", "CMYK"]),
    st.integers(5, 98),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from([None, (1, 1), (9, 14), (20, 20), (45, 30), (90, 90)]),
    st.sampled_from([1, 3, 4, None]),
)
def test_same_bits_as_pillow(h, w, colour, quality, subsampling, progressive, size_px, channels):
    options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    data = jpeg(h, w, colour, **options)
    with pytest.MonkeyPatch.context() as patch:
        slow = by_pillow(data, patch, size_px=size_px, channels=channels)
    assert same(decode(data, size_px=size_px, channels=channels), slow)


@pytest.mark.parametrize("size_px", [None, (150, 100), (40, 40), (20, 30)])
def test_same_bits_on_photographs(shared_data, size_px, monkeypatch):
    paths = sorted((shared_data / "ants_bees224").rglob("*.jpg"))[::9]
    paths += sorted((shared_data / "nasty").rglob("*.jp*g"))
    assert len(paths) > 40
    different = [
        path.name
        for path in paths
        if not same(
            outcome(path.read_bytes(), size_px=size_px),
            by_pillow(path.read_bytes(), monkeypatch, size_px=size_px),
        )
    ]
    assert different == []


def test_damage_is_judged_by_pillow(monkeypatch):
    draw = random.Random(5)
    jpegs = [data for data in seeds() if data.startswith(b"\xff\xd8")]
    jpegs += [jpeg(40, 56, "RGB"), jpeg(64, 33, "L", progressive=True)]
    pixels = refused = 0
    for _ in range(1500):
        data = mutated(draw.choice(jpegs), draw)
        found = outcome(data, size_px=(16, 16))
        assert same(found, by_pillow(data, monkeypatch, size_px=(16, 16)))
        pixels, refused = pixels + (not isinstance(found, str)), refused + isinstance(found, str)
    assert pixels > 100
    assert refused > 100


def test_it_decodes_what_is_whole_and_leaves_the_rest():
    whole, tiny = jpeg(40, 56, "RGB"), jpeg(8, 56, "RGB")

    def pixels(data):
        file = io.BytesIO(data)
        with Image.open(file) as image:
            return fast_jpeg(image, file)

    assert pixels(whole).shape == (40, 56, 3)
    assert pixels(whole).flags.writeable
    assert pixels(jpeg(40, 56, "L")).shape == (40, 56, 1)
    assert pixels(tiny) is None
    assert pixels(jpeg(40, 56, "CMYK")) is None
    assert pixels(whole[:-9]) is None


def test_a_path_and_its_bytes_are_one(tmp_path):
    data = jpeg(
        70,
        90,
        "RGB",
        exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
    )
    (tmp_path / "turned.jpg").write_bytes(data)
    out = decode(tmp_path / "turned.jpg")
    assert out.shape == (90, 70, 3)
    assert (out == decode(data)).all()


def test_without_the_package_pillow_decodes(monkeypatch):
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    module._decoder.cache_clear()
    try:
        assert module._decoder() is None
        assert decode(jpeg(40, 56, "RGB")).shape == (40, 56, 3)
    finally:
        module._decoder.cache_clear()
