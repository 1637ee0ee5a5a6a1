"""predict: the outputs for data, as arrays."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .. import _check, structure
from ..data.loader import Loader
from ..train import engine
from ..train.precision import resolve
from ..train.step import device_of
from .evaluating import batch_size_for
from .feeding import feed
from .network import Network
from .predictor import Predictor, fastest, predictor_of

__all__ = ["predict"]

Array = np.ndarray[Any, Any]


def predict(
    self: Network,
    x: Any,
    *,
    batch_size: int | None = None,
    verbose: int | str = 0,
    steps: int | None = None,
    precision: str = "float32",
) -> Any:
    """The outputs for data as NumPy arrays, in inference mode.

    Args:
        x: images as an array (n, h, w, c), or a structure for several inputs; or an iterable of
            batches, whose targets are not looked at.
        batch_size: samples at a time, at most. Default None: by their size.
        verbose: accepted for Keras' sake; nothing is printed.
        steps: batches, where x is an iterable. Default None: all there are.
        precision: as in `fit`; the result is float32 at least.

    Weights that have changed are seen, but for those that are written through `.data` or a NumPy
    view of a weight, where that may be missed: write under `torch.no_grad()`.

    Shape:
        output like the model's outputs, first dimension the number of samples

    Example:
        >>> import numpy as np, striate
        >>> model = striate.Sequential([striate.layers.Dense(2, input_shape=(3,))])
        >>> model.predict(np.zeros((5, 3), "float32")).shape
        (5, 2)
    """
    size = batch_size_for(x, batch_size, place="predict")
    if steps is None and precision == "float32" and _is_plain(x) and type(size) is int and size > 0:
        faster = predictor_of(self)
        if faster is not None and not faster.trains(self):
            most = min(size, faster.batch_in_cache())
            with suppress(RuntimeError):  # what follows says in words what is wrong
                return _straight(faster, torch.from_numpy(x), most)
    batches = feed(x, place="predict", batch_size=size, steps=steps)
    device = device_of(self) if self.built else None
    count = len(batches.source) if isinstance(batches, Loader) else None
    if device is None:
        first = next(iter(batches.epoch(0)), None)
        if first is None:
            _check.fail("predict", "x", "hold at least one batch", "none")
        self(structure.map_leaves(lambda t: t[:1], first.images))
        device = device_of(self)
    precision = resolve(precision, device, place="predict")
    return engine.predict(
        self,
        batches.epoch(0),
        count=count,
        precision=precision,
        preprocess=getattr(batches, "preprocess", None),
        run=fastest(self) if precision == "float32" else None,
    )


def _is_plain(x: Any) -> bool:
    """Whether x is an array that needs nothing done."""
    if type(x) is not np.ndarray or x.dtype != np.float32 or x.ndim < 2 or not len(x):
        return False
    return x.flags.c_contiguous and x.flags.writeable


def _straight(faster: Predictor, images: Tensor, most: int) -> Any:
    """The outputs for images as arrays, so many at a time."""
    with torch.inference_mode():
        if len(images) <= most:
            given = [images.numpy()]
            return structure.map_leaves(lambda output: _own(output.numpy(), given), faster(images))
        parts = [faster(part) for part in images.split(most)]
        leaves = zip(*(structure.leaves(part) for part in parts), strict=True)
        whole = [torch.cat(each).numpy() for each in leaves]
    return structure.pack_like(parts[0], iter(whole))


def _own(array: Array, others: list[Array]) -> Array:
    """The array, copied if it shares memory with others, which it joins."""
    if any(np.may_share_memory(array, other) for other in others):
        array = array.copy()
    others.append(array)
    return array
