"""The two line filters on both photographs: numbers by hand, and the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..row import Row
from ..session import Session

__all__ = ["line_filters"]

Array = npt.NDArray[np.float64]

_REACH = 3  # pixels from the middle of the filter to its end


def line_filters(session: Session) -> Iterator[Row]:
    """Feature map 0 is the vertical line's, 1 the horizontal one's."""
    name = "004_1_line_filters"
    names = session.run(name).names
    maps = np.asarray(names["outputs"], np.float64)
    images = np.asarray(names["images"], np.float64)
    yield session.row(name, "feature maps", maps.shape)
    by_hand = np.stack([_line_sums(images, axis) for axis in (1, 2)], axis=-1)
    difference = float(np.abs(maps - by_hand).max() / np.abs(by_hand).max())
    yield session.row(name, "sum over each line, difference", difference)
    for map_number, word in enumerate(("vertical", "horizontal")):
        stays = all(
            _kept(each[..., map_number], image.sum(axis=-1), map_number)
            for each, image in zip(maps, images, strict=True)
        )
        yield session.row(name, f"{word} lines stay, the rest is blurred", stays)
    yield session.row(name, "pictures written", len(_write(maps, session.out)))


def _line_sums(images: Array, axis: int) -> Array:
    """For every pixel the sum of 7 pixels along an axis, over all channels; zeros outside."""
    grey = images.sum(axis=-1)
    sides = [(_REACH, _REACH) if each == axis else (0, 0) for each in range(3)]
    padded = np.pad(grey, sides)
    size = grey.shape[axis]
    windows = [np.take(padded, range(k, k + size), axis) for k in range(2 * _REACH + 1)]
    return np.asarray(np.sum(windows, axis=0))


def _kept(feature_map: Array, picture: Array, along: int) -> bool:
    """Whether more is left of the picture's steps across the line than of those along it."""
    steps = [_step(feature_map, axis) / _step(picture, axis) for axis in (along, 1 - along)]
    return steps[1] > 1.2 * steps[0]


def _step(image: Array, axis: int) -> float:
    """The mean step from pixel to pixel down (0) or to the right (1), away from the border."""
    inside = image[_REACH:-_REACH, _REACH:-_REACH]
    return float(np.abs(np.diff(inside, axis=axis)).mean())


def _write(maps: Array, folder: Path) -> list[Path]:
    """A grey picture of each feature map; those that are all of one grey are not counted."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for photograph, each in zip(("china", "flower"), maps, strict=True):
        for word, feature_map in zip(("vertical", "horizontal"), each.T, strict=True):
            low, high = feature_map.min(), feature_map.max()
            grey = np.round((feature_map.T - low) / max(high - low, 1e-12) * 255).astype(np.uint8)
            path = folder / f"{photograph}_{word}.png"
            Image.fromarray(grey).save(path)
            if np.asarray(Image.open(path)).std() > 10:
                written.append(path)
    return written
