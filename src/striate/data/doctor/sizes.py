"""Sizes and colours that lie far from the usual."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from striate._counted import counted
from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures

__all__ = ["mixed_colour", "odd_aspects", "odd_sizes"]

_AREA_TIMES, _ASPECT_TIMES = 16.0, 3.0


def odd_sizes(pictures: Pictures) -> Iterator[Finding]:
    """Pictures of over 16 times, or under a sixteenth of, the median number of pixels."""
    facts = pictures.facts[pictures.good]
    pixels = facts["height"].astype(np.float64) * facts["width"]
    far = np.abs(np.log(pixels / np.median(pixels))) > np.log(_AREA_TIMES)
    for place in np.flatnonzero(far):
        text = (
            f"It has {facts['height'][place]} × {facts['width'][place]} pixels; usual are "
            f"{np.median(facts['height']):.0f} × {np.median(facts['width']):.0f}."
        )
        yield Finding.of("odd_size", text, [pictures.path(pictures.good[place])])


def odd_aspects(pictures: Pictures) -> Iterator[Finding]:
    """Pictures over 3 times as wide for their height, or as high for their width, as is usual."""
    facts = pictures.facts[pictures.good]
    aspect = np.log(facts["width"] / np.maximum(facts["height"], 1))
    usual = float(np.median(aspect)) if len(aspect) else 0.0
    for place in np.flatnonzero(np.abs(aspect - usual) > np.log(_ASPECT_TIMES)):
        text = (
            f"It has {facts['height'][place]} × {facts['width'][place]} pixels: width / height "
            f"is {np.exp(aspect[place]):.2f}, usual is {np.exp(usual):.2f}."
        )
        yield Finding.of("odd_aspect", text, [pictures.path(pictures.good[place])])


def mixed_colour(pictures: Pictures) -> Iterator[Finding]:
    """Files that are stored grey where most are in colour, or in colour where most are grey."""
    good = pictures.good
    grey = pictures.facts["grey"][good]
    if not grey.any() or grey.all():
        return
    fewer = grey if grey.mean() <= 0.5 else ~grey
    word = "grey" if grey.mean() <= 0.5 else "in colour"
    some = counted(int(fewer.sum()), "is stored", "are stored")
    text = f"Of {len(good):,} files {some} {word}, the others are not."
    yield Finding.of("mixed_colour", text, pictures.paths(good[fewer]))
