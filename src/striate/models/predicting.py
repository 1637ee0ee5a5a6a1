"""predict: the outputs for data, as arrays."""

from __future__ import annotations

from typing import Any

from .. import structure
from ..data.loader import Loader
from ..train import engine
from ..train.precision import resolve
from ..train.step import device_of
from .evaluating import batch_size_for
from .feeding import feed
from .network import Network

__all__ = ["predict"]


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
        batch_size: samples at a time. Default None: by their size.
        verbose: accepted for Keras' sake; nothing is printed.
        steps: batches, where x is an iterable. Default None: all there are.
        precision: as in `fit`; the result is float32 at least.

    Shape:
        output like the model's outputs, first dimension the number of samples

    Example:
        >>> import numpy as np, striate
        >>> model = striate.Sequential([striate.layers.Dense(2, input_shape=(3,))])
        >>> model.predict(np.zeros((5, 3), "float32")).shape
        (5, 2)
    """
    size = batch_size or batch_size_for(x)
    batches = feed(x, place="predict", batch_size=size, steps=steps)
    device = device_of(self) if self.built else None
    count = len(batches.source) if isinstance(batches, Loader) else None
    if device is None:
        first = next(iter(batches.epoch(0)))
        self(structure.map_leaves(lambda t: t[:1], first.images))
        device = device_of(self)
    return engine.predict(
        self,
        batches.epoch(0),
        count=count,
        precision=resolve(precision, device, place="predict"),
        preprocess=getattr(batches, "preprocess", None),
    )
