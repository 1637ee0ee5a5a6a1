"""The gallery: each picture with its truth, its answer and its name, in the given order."""

import base64
import io
import re

import numpy as np
from PIL import Image

from striate.tasks.page.gallery import gallery
from striate.tasks.scoring.worst import Case
from tests.io.test_markup import parsed

CASES = [
    Case(3, "a/1.png", ("cat",), (("dog", 0.93),), 0.05, False),
    Case(1, "a/2.png", (), (), 0.5, True),
    Case(2, "a/3.png", ("cat", "owl"), (("cat", 0.9), ("owl", 0.6)), 0.5, True),
]


def test_pictures_and_words_in_their_order(rng):
    images = rng.integers(0, 256, (3, 10, 12, 3), dtype=np.uint8)
    text = gallery(CASES, images)
    found = [base64.b64decode(c) for c in re.findall(r'src="data:image/png;base64,([^"]+)"', text)]
    shown = np.stack([np.asarray(Image.open(io.BytesIO(content))) for content in found])
    assert np.array_equal(shown, images)
    assert parsed(text).text == (
        "cattaken for dog 93%a/1.png"
        "none of the classesrecognised: nothinga/2.png"
        "cat, owlrecognised: cat 90%, owl 60%a/3.png"
    )
    assert re.findall(r'<span class="(\w+)">', text) == ["wrong", "right", "right"]


def test_only_small_pictures_are_shown_as_pixels(rng):
    for side, pixels in ((64, True), (65, False)):
        images = rng.integers(0, 256, (1, side, side, 1), dtype=np.uint8)
        assert ('class="pixels"' in gallery(CASES[:1], images)) == pixels
