"""Thumbnails: small ones exact, large ones shrunk, both within their address."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from striate.io.thumbnail import data_uri, thumbnail


def decoded(address):
    head, content = address.split(",")
    image = Image.open(io.BytesIO(base64.b64decode(content)))
    assert head == f"data:image/{image.format.lower()};base64"
    return image


@pytest.mark.parametrize("channels", [1, 3])
def test_small_pictures_stay_exact(rng, channels):
    pixels = rng.integers(0, 256, (28, 64, channels), dtype=np.uint8)
    image = decoded(thumbnail(pixels))
    assert image.format == "PNG"
    assert np.array_equal(np.asarray(image).reshape(pixels.shape), pixels)


@pytest.mark.parametrize(("shape", "size"), [((300, 600), (192, 96)), ((100, 80), (80, 100))])
def test_large_ones_keep_their_proportions(shape, size):
    pixels = np.full((*shape, 3), (10, 120, 240), np.uint8)
    image = decoded(thumbnail(pixels))
    assert (image.format, image.size) == ("JPEG", size)
    assert np.abs(np.asarray(image, int) - (10, 120, 240)).max() < 8


def test_an_address_holds_its_content():
    assert data_uri(b"\xff\x00", "image/png") == "data:image/png;base64,/wA="
