"""The worst answers as pictures, each with its truth and what it was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from striate.io.markup import Html, element
from striate.io.thumbnail import thumbnail
from striate.tasks.scoring.worst import Case

__all__ = ["gallery"]

_SMALL_PX = 64


def gallery(cases: Sequence[Case], images: npt.NDArray[Any]) -> Html:
    """The pictures in the order of the cases.

    Args:
        cases: as `worst_cases` gives them.
        images: (n, h, w, 1 or 3) uint8, a picture for each case.
    """
    figures = [_figure(case, image) for case, image in zip(cases, images, strict=True)]
    return element("div", figures, class_="gallery")


def _figure(case: Case, image: npt.NDArray[np.uint8]) -> Html:
    said = ", ".join(f"{name} {chance:.0%}" for name, chance in case.said) or "nothing"
    truth = ", ".join(case.truth) or "none of the classes"
    words, style = f"taken for {said}", "wrong"
    if case.right:
        words, style = f"recognised: {said}", "right"
    small = max(image.shape[:2]) <= _SMALL_PX
    picture = element(
        "img", src=thumbnail(image), alt=f"{truth}, {words}", class_="pixels" if small else None
    )
    caption = [
        element("b", truth),
        element("span", words, class_=style),
        element("small", case.name),
    ]
    return element("figure", picture, element("figcaption", caption))
