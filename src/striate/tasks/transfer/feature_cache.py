"""FeatureCache: what a frozen net gave for pictures, kept beside the cache of pictures.

<cache folder>/features/<recipe>/ holds rows of float32 numbers by the content of the fitted
picture. The name of a recipe is a hash of all that the numbers depend on beside the pixels, so
that they are those that would be computed anew, bit for bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from striate import settings
from striate.data.cache import PictureCache

__all__ = ["FOLDER", "FeatureCache"]

FOLDER = "features"
"""In the cache folder."""

Float32Array = npt.NDArray[np.float32]


class FeatureCache:
    """Features by the pixels of their picture.

    What is kept is found by those who open the cache from then on. Where it is switched off
    (STRIATE_CACHE_GIB=0) or its folder fails, nothing is found and nothing kept.

    Args:
        recipe: all that the features depend on beside the pixels, torch and machine.
        count: of numbers a picture.
        device: where they are computed.

    Example:
        >>> key = FeatureCache.key(torch.zeros(4, 4, 3, dtype=torch.uint8))
        >>> recipe, cpu = {"net": "example"}, torch.device("cpu")
        >>> FeatureCache(recipe, 2, cpu).keep(key, np.array([1, 2], np.float32))
        >>> FeatureCache(recipe, 2, cpu).find(key)
        array([1., 2.], dtype=float32)
    """

    def __init__(self, recipe: Mapping[str, Any], count: int, device: torch.device) -> None:
        self._count = count
        self._cache: PictureCache | None = None
        limit = settings.picture_cache_bytes()
        if limit < 4 * count:
            return
        whole = {**recipe, **_machine(device)}
        folder = settings.cache_folder() / FOLDER
        try:
            self._cache = PictureCache(whole, 4 * count, limit_bytes=limit, folder=folder)
        except OSError:
            return

    @staticmethod
    def key(image: Tensor) -> bytes:
        """SHA-256 of a picture's size and pixels.

        Args:
            image: (h, w, c) uint8.
        """
        found = hashlib.sha256(f"{tuple(image.shape)}".encode())
        found.update(np.ascontiguousarray(image.numpy()).data)
        return found.digest()

    def find(self, key: bytes) -> Float32Array | None:
        """The features of a picture, or None.

        Args:
            key: of the picture.
        """
        if self._cache is None:
            return None
        out = np.empty(4 * self._count, np.uint8)
        return out.view(np.float32) if self._cache.rows.find(key, out) >= 0 else None

    def keep(self, key: bytes, features: Float32Array) -> None:
        """Writes the features of a picture, where there is room.

        Args:
            key: of the picture.
            features: (count,) of it.
        """
        if self._cache is not None:
            self._cache.keep(key, np.ascontiguousarray(features).view(np.uint8))


def _machine(device: torch.device) -> dict[str, Any]:
    """What the last bit of a number depends on beside net and pixels."""
    on_gpu = device.type == "cuda"
    return {
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name(device) if on_gpu else "cpu",
        "processor": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
    }
