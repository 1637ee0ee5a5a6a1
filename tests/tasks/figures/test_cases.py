"""The sheet of cases: every case has its tile and its words; no name breaks it."""

import io

import numpy as np
import pytest
from PIL import Image

from striate.tasks.figures.canvas import INK, ORANGE, png
from striate.tasks.figures.cases import cases_figure
from striate.tasks.scoring.worst import Case


def case(number, truth, said, right):
    return Case(number, f"{number}.png", truth, said, 0.5, right)


CASES = [
    case(0, ("cat",), (("dog", 0.91),), False),
    case(1, ("cat",), (("cat", 0.6),), True),
    case(2, (), (), True),
    case(3, ("a$b_{", "dog"), (), False),
    case(4, ("a" * 60,), (("$x$", 0.2), ("y", 0.1)), False),
]


@pytest.mark.parametrize("shape", [(5, 8, 8, 1), (5, 20, 10, 3), (1, 4, 4, 3)])
def test_each_case_has_its_words(shape, rng):
    images = rng.integers(0, 256, shape, dtype=np.uint8)
    figure = cases_figure(images, CASES[: shape[0]], title="some cases")
    (axes,) = figure.axes
    words = [text.get_text() for text in axes.texts]
    wanted = [
        "cat\ntaken for dog, 91%",
        "cat\nrecognised, 60%",
        "none of the classes\nrecognised",
        "a$b_{, dog\nnothing was found",
        "a" * 25 + "…\ntaken for $x$, y, 20%",
    ]
    assert words == wanted[: shape[0]]
    colours = [text.get_color() for text in axes.texts]
    assert colours == [INK if each.right else ORANGE for each in CASES[: shape[0]]]
    with Image.open(io.BytesIO(png(figure))) as image:
        assert image.width > 1000
        assert np.asarray(image.convert("L")).std() > 10
