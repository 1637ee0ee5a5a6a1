"""Picture files as a source: decoded by threads, fitted to one size, kept in memory if small."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from striate import _check, structure
from striate.data.order import IndexArray
from striate.data.source import as_tensors
from striate.io.decode import decode
from striate.records import Preprocess

__all__ = ["MEMORY_LIMIT_BYTES", "PictureSource", "fit_picture", "read_picture"]

UInt8Array = npt.NDArray[np.uint8]

MEMORY_LIMIT_BYTES = 2**30
"""Fitted pictures are kept in memory up to this many bytes, unless another limit is given."""

_FILTER = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def read_picture(
    source: str | os.PathLike[str] | bytes, preprocess: Preprocess, *, name: str | None = None
) -> UInt8Array:
    """Decodes one picture and fits it: the pixels that training, prediction and serving see.

    The picture is decoded in full, so that the pixels are those of `fit_picture` on any decoded
    copy. (A JPEG decoded at half size, still twice the wanted one, moves single pixels by up to
    26 of 255.)

    Args:
        source: path of a file, or the file's bytes.
        preprocess: size, rule of fitting, interpolation and channels.
        name: what the messages call the picture. Default: the path.

    Shape:
        output (h, w, c): the size of preprocess, or the picture's own where it names none

    Raises:
        DataError: the file cannot be decoded.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> Image.new("RGB", (40, 30)).save(file, "PNG")
        >>> read_picture(file.getvalue(), Preprocess(size=(8, 8), channels=3)).shape
        (8, 8, 3)
    """
    return fit_picture(decode(source, name=name, channels=preprocess.channels), preprocess)


def fit_picture(pixels: UInt8Array, preprocess: Preprocess) -> UInt8Array:
    """Brings one picture to the size that a record of preprocessing names.

    "squash" scales both sides on their own. "crop" takes the greatest centred window of the
    wanted proportions and scales it. "pad" scales until the picture just fits, each side rounded
    to whole pixels, and centres it on black; an odd rest goes right and down. Shrinking averages
    over all pixels that fall on an output pixel (antialiasing), but for "nearest". A picture of
    the wanted size is returned as it is.

    Args:
        pixels: of one picture.
        preprocess: size, rule of fitting and interpolation; its other fields do not matter here.

    Shape:
        input  (h, w, c), uint8, c = 1, 3 or 4
        output (h', w', c), uint8

    Raises:
        ShapeError: pixels is not (h, w, 1), (h, w, 3) or (h, w, 4).

    Example:
        >>> wide = np.full((2, 4, 1), 200, np.uint8)
        >>> fit_picture(wide, Preprocess(size=(4, 4), fit="pad"))[:, 0, 0]
        array([  0, 200, 200,   0], dtype=uint8)
    """
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4):
        _check.shape_fail("fit_picture", "be one picture (h, w, c) of c = 1, 3 or 4", pixels.shape)
    if preprocess.size is None or pixels.shape[:2] == preprocess.size:
        return pixels
    height, width, channels = pixels.shape
    wanted_h, wanted_w = preprocess.size
    inside_h, inside_w = wanted_h, wanted_w
    box = (0.0, 0.0, float(width), float(height))
    if preprocess.fit == "crop":
        scale = max(wanted_h / height, wanted_w / width)
        left = max(0.0, (width - wanted_w / scale) / 2)
        top = max(0.0, (height - wanted_h / scale) / 2)
        box = (left, top, width - left, height - top)
    elif preprocess.fit == "pad":
        scale = min(wanted_h / height, wanted_w / width)
        inside_h = max(1, round(height * scale))
        inside_w = max(1, round(width * scale))
    image = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if channels == 1 else pixels))
    image = image.resize((inside_w, inside_h), _FILTER[preprocess.interpolation], box)
    fitted = np.asarray(image).reshape(inside_h, inside_w, channels)
    if (inside_h, inside_w) == (wanted_h, wanted_w):
        return fitted
    canvas = np.zeros((wanted_h, wanted_w, channels), np.uint8)
    top, left = (wanted_h - inside_h) // 2, (wanted_w - inside_w) // 2
    canvas[top : top + inside_h, left : left + inside_w] = fitted
    return canvas


class PictureSource:
    """Picture files, decoded and fitted by threads when they are first fetched.

    Where all fitted pictures together take no more than a limit, each file is read once, and later
    epochs come from memory.

    Args:
        paths: one file a sample.
        targets: one row a sample, in any structure that `ArraySource` takes; None to predict.
        preprocess: with `size` and `channels`; its scale, mean, std and order are not applied.
        weights: weight of each sample in the loss; None for 1 each.
        memory_limit_bytes: greatest size of all fitted pictures that is kept; 0 keeps none.
            Default 1 GiB.

    Raises:
        ArgumentError: preprocess names no size or no channels.
        ShapeError: no path, or targets or weights of another length.
        DataError: from `fetch`: a file cannot be decoded; it is named.
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        targets: Any = None,
        *,
        preprocess: Preprocess,
        weights: Any = None,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        place = "PictureSource"
        if preprocess.size is None or preprocess.channels is None:
            rule = "name size and channels: the pictures of a batch are of one shape"
            _check.fail(place, "preprocess", rule, preprocess)
        limit_bytes = _check.whole(place, "memory_limit_bytes", memory_limit_bytes, 0)
        self.paths = [os.fspath(path) for path in paths]
        self.preprocess = preprocess
        self.targets = None if targets is None else as_tensors(targets, "targets")
        self.weights = None if weights is None else as_tensors(weights, "weights")
        self._check_lengths()
        self._shape = (*preprocess.size, preprocess.channels)
        kept = len(self.paths) * int(np.prod(self._shape)) <= limit_bytes
        self._memory = np.empty((len(self.paths), *self._shape), np.uint8) if kept else None
        self._present = np.zeros(len(self.paths), np.bool_)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="striate-pictures")

    def _check_lengths(self) -> None:
        if not self.paths:
            _check.shapes_fail("PictureSource", "paths", "name at least one file", {"paths": (0,)})
        for part in ("targets", "weights"):
            for leaf in structure.leaves(getattr(self, part)):
                if leaf is not None and tuple(leaf.shape[:1]) != (len(self.paths),):
                    shapes = {"paths": (len(self.paths),), part: tuple(leaf.shape)}
                    _check.shapes_fail("PictureSource", part, "have one row a path", shapes)

    @property
    def slow(self) -> bool:
        """Whether files must still be read: false once all pictures are in memory."""
        return not bool(self._present.all())

    def __len__(self) -> int:
        return len(self.paths)

    def fetch(self, indices: IndexArray) -> tuple[Any, Any, Any]:
        """(images, targets, weights) of the samples with these numbers; images are uint8."""
        chosen = torch.from_numpy(indices)

        def take(leaf: Tensor) -> Tensor:
            return leaf.index_select(0, chosen.to(leaf.device))

        targets, weights = (
            None if part is None else structure.map_leaves(take, part)
            for part in (self.targets, self.weights)
        )
        return self._images(indices), targets, weights

    def _images(self, indices: IndexArray) -> Tensor:
        if self._memory is None:
            pixels = np.empty((len(indices), *self._shape), np.uint8)
            for row, picture in zip(pixels, self._pool.map(self._read, indices), strict=True):
                row[...] = picture
            return torch.from_numpy(pixels)
        missing = indices[~self._present[indices]]
        for index, picture in zip(missing, self._pool.map(self._read, missing), strict=True):
            self._memory[index] = picture
            self._present[index] = True
        return torch.from_numpy(self._memory).index_select(0, torch.from_numpy(indices))

    def _read(self, index: int) -> UInt8Array:
        return read_picture(self.paths[index], self.preprocess)
