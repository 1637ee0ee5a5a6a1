"""Features: what a net with frozen weights gives for pictures, computed once for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from striate.data import Loader, Source
from striate.layers.mode import mode
from striate.models import Model
from striate.records import Preprocess
from striate.tasks.transfer.feature_cache import FeatureCache
from striate.train.step import device_of, dtype_of, forward

__all__ = ["Features", "features_of"]

_FETCHED = 32
_SAID_EVERY_S = 10.0

Say = Callable[[str], object]


@dataclass(frozen=True)
class Features:
    """Features, and what they cost.

    Args:
        rows: (n, d) float32, one row a picture.
        computed: how many of them were computed, the others were in the cache.
        seconds: that it took.
    """

    rows: npt.NDArray[np.float32]
    computed: int
    seconds: float


def features_of(
    net: Model, source: Source, preprocess: Preprocess, *, recipe: Mapping[str, Any], say: Say
) -> Features:
    """What a net gives for each picture, in inference mode, from the cache where it is there.

    Each picture is computed by itself, so that its numbers hang on no other; on a processor that
    takes no longer than in batches.

    Args:
        net: from pictures to (n, d) numbers.
        source: of uint8 pictures of one size.
        preprocess: of them.
        recipe: what the numbers depend on: the weights, and how pictures are preprocessed.
        say: told how far it is, every ten seconds.
    """
    began = said = time.perf_counter()
    device, computed = device_of(net), 0
    count = int(net.output.shape[-1])
    cache = FeatureCache(recipe, count, device)
    rows = np.empty((len(source), count), np.float32)
    place, places = 0, dict[bytes, int]()
    with mode(net, False), torch.inference_mode():
        for batch in Loader(source, _FETCHED).epoch(0):
            for image in batch.images:
                key = cache.key(image)
                same = places.setdefault(key, place)
                found = cache.find(key) if same == place else rows[same]
                if found is None:
                    found = _computed(net, image, preprocess, device)
                    cache.keep(key, found)
                    computed += 1
                rows[place] = found
                place += 1
            if time.perf_counter() - said > _SAID_EVERY_S:
                said = time.perf_counter()
                say(f"Features of {place:,} of {len(source):,} pictures.")
    return Features(rows, computed, time.perf_counter() - began)


def _computed(
    net: Model, image: Tensor, preprocess: Preprocess, device: torch.device
) -> npt.NDArray[np.float32]:
    outputs = forward(net, image[None].to(device), "float32", preprocess, device, dtype_of(net))
    row: npt.NDArray[np.float32] = outputs[0].float().cpu().numpy()
    return row
