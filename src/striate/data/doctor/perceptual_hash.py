"""A hash of how a picture looks: near pictures have near hashes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from striate.data.pictures import fit_picture
from striate.io.pixels import with_channels
from striate.records import Preprocess

__all__ = ["perceptual_hash"]

_SIDE, _LOW = 32, 8
_FITTING = Preprocess(size=(_SIDE, _SIDE))


def perceptual_hash(pixels: npt.NDArray[np.uint8]) -> int:
    """64 bits: which of the lowest 8 × 8 frequencies of the grey picture lie above their median.

    The picture is fitted to 32 × 32 and transformed by the cosine transform. The mean counts for
    nothing, so that a brighter copy keeps its hash, as a copy of another size or quality does but
    for a few bits.

    Args:
        pixels: (h, w, 1, 3 or 4) uint8; transparency is laid on white.

    Example:
        >>> ramp = np.arange(64, dtype=np.uint8).repeat(64).reshape(64, 64, 1)
        >>> perceptual_hash(ramp) == perceptual_hash(ramp[::2, ::2] + 9)
        True

    Reference:
        Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, 3.2.1.
    """
    colour = with_channels(pixels, 3) if pixels.shape[2] == 4 else pixels
    small = fit_picture(colour, _FITTING)
    grey = with_channels(small, 1)[..., 0].astype(np.float64)
    low = _COSINES @ (grey - grey.mean()) @ _COSINES.T
    bits = np.round(low, 3) > np.round(np.median(low), 3)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _cosines() -> npt.NDArray[np.float64]:
    """(8, 32): the lowest rows of the cosine transform."""
    rows, columns = np.arange(_LOW)[:, None], np.arange(_SIDE)[None]
    return np.cos(np.pi * rows * (2 * columns + 1) / (2 * _SIDE))


_COSINES = _cosines()
