"""The hash of how a picture looks: its rule against a slow twin, and what it does not see."""

import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from striate.data.doctor.near import NEAR_BITS
from striate.data.doctor.perceptual_hash import perceptual_hash
from tests.data.doctor.planted import picture


def bits_apart(a, b):
    return (perceptual_hash(np.asarray(a)) ^ perceptual_hash(np.asarray(b))).bit_count()


def test_the_bits_are_those_of_the_cosine_transform(rng):
    pixels = rng.integers(0, 256, (32, 32, 1), dtype=np.uint8)
    low = dctn(pixels[..., 0].astype(float), type=2)[:8, :8]
    low[0, 0] = 0.0
    expected = np.packbits(low > np.median(low)).tobytes()
    assert perceptual_hash(pixels) == int.from_bytes(expected, "big")


@pytest.mark.parametrize("seed", range(8))
def test_copies_stay_near_and_others_are_far(seed):
    image = picture(seed, size=(96, 80))
    for copy in (image.resize((48, 40)), image.resize((300, 250)), image.point(lambda v: v * 0.9)):
        assert bits_apart(image, copy) <= NEAR_BITS
    assert bits_apart(image, picture(seed + 100, size=(96, 80))) > NEAR_BITS


def test_transparency_is_seen_on_white():
    clear = picture(1).convert("RGBA")
    clear.putalpha(128)
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    assert bits_apart(clear, white) <= 1
