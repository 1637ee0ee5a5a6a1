"""Layers that draw random numbers: repeatable inside a training step, torch's generator outside.

The step tells every such layer its key and the numbers of its samples. A draw is then a function
of (key, sample, place): the same in whatever batch, process or device the sample stands, and the
same again when a killed run goes on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .. import _check
from ..ops.random import (
    at_least,
    bits,
    draw_id,
    element_words,
    numbers,
    sample_words,
    streams,
    uniform,
)
from .base import Layer

__all__ = ["Drawing", "clear_draws", "drawing_layers", "set_draws"]


class Drawing(Layer):
    """Base of the layers that draw: `self.draw(shape, x)` instead of `torch.rand`.

    The place of a draw is the layer's state name in the model and the number of the call within
    the step, so a layer that is called twice draws twice. A layer with a seed has that for its
    place, so layers of one seed draw the same numbers; outside a step it draws a sequence of its
    own, which begins with the layer, and torch's generator plays no part.
    """

    draw_streams: Tensor | None
    draw_count: Tensor
    seed: int | None = None

    def __init__(self, **base: Any) -> None:
        super().__init__(**base)
        self.register_buffer("draw_streams", None, persistent=False)
        self._draw_place = 0
        self._draw_calls = 0
        self._draw_words: tuple[Tensor, Tensor] | None = None  # of a step's first call
        self._draw_index: Tensor | None = None  # depends on the shape alone

    @property
    def in_step(self) -> bool:
        """Whether a step has set the key of the draws."""
        return self.draw_streams is not None

    def draw(self, shape: Sequence[int], x: Tensor) -> Tensor:
        """Uniform numbers in [0, 1) for each row of x.

        Args:
            shape: of the draw of one row.
            x: the batch, one row a sample, or so many rows a sample, sample after sample.

        Shape:
            output (rows of x, *shape), float32

        Raises:
            ShapeError: inside a step, rows that are not a multiple of the samples.
        """
        if self.draw_streams is None:
            return self._draw_outside(shape, x)
        return numbers(self._bits(self.draw_streams, shape, x)).reshape(x.shape[0], *shape)

    def draw_kept(self, rate: float, shape: Sequence[int], x: Tensor) -> Tensor:
        """Where `draw(shape, x) >= rate`: True with probability 1 - rate; errors as for `draw`.

        Shape:
            output (rows of x, *shape), bool
        """
        if self.draw_streams is None:
            return self.draw(shape, x) >= rate
        kept = at_least(self._bits(self.draw_streams, shape, x), rate)
        return kept.reshape(x.shape[0], *shape)

    def sow(self, seed: int | None) -> None:
        """Gives the layer a seed, which is then the place of its draws; None: it has none."""
        self.seed = seed
        if seed is not None:
            self._draw_place = draw_id(f"seed {seed}")
            count = torch.zeros((), dtype=torch.int64)
            self.register_buffer("draw_count", count, persistent=False)

    def _draw_outside(self, shape: Sequence[int], x: Tensor) -> Tensor:
        if self.seed is None:
            return torch.rand((x.shape[0], *shape), device=x.device)
        self.draw_count += 1
        rows = torch.arange(x.shape[0], device=x.device)
        return uniform(self.draw_count, rows, self._draw_place, shape)

    def _bits(self, of_samples: Tensor, shape: Sequence[int], x: Tensor) -> Tensor:
        rows, samples = x.shape[0], of_samples.shape[0]
        if rows % samples:
            rule = f"have a multiple of {samples} rows, one sample after the other"
            _check.shape_fail(self.place, rule, tuple(x.shape))
        call, count = self._draw_calls, rows // samples * math.prod(shape)
        own = self.__dict__
        own["_draw_calls"] = call + 1
        if torch.compiler.is_compiling():
            return bits(self._words(of_samples, call), element_words(count, of_samples.device))
        words, index = self._draw_words, self._draw_index
        if call or words is None or words[0].device != of_samples.device:
            words = self._words(of_samples, call)
        if index is None or index.shape[0] != count or index.device != of_samples.device:
            index = own["_draw_index"] = element_words(count, of_samples.device)
        return bits(words, index)

    def _words(self, of_samples: Tensor, call: int) -> tuple[Tensor, Tensor]:
        return sample_words(of_samples + (self._draw_place + call))


def drawing_layers(module: nn.Module) -> list[Drawing]:
    """The layers inside that draw, each told its place: the name under which its state stands.

    Ask the model itself, not a wrapper that puts a prefix before all names.
    """
    found = []
    for name, part in module.named_modules():
        if isinstance(part, Drawing):
            if part.seed is None:
                part._draw_place = draw_id(name)
            found.append(part)
    return found


def set_draws(where: nn.Module | Iterable[Drawing], key: int, sample_ids: Tensor) -> None:
    """Makes every draw a function of the key and the samples, until `clear_draws`.

    Args:
        where: a model, or the list that `drawing_layers(model)` gave, which saves the search.
        key: 64-bit integer, such as `ops.random.fold(seed, epoch, step)`.
        sample_ids: (n,) numbers of the batch's samples in their data set, on the model's device.

    Example:
        >>> from striate.layers import Dropout
        >>> layer, x = Dropout(0.5), torch.ones(1, 8)
        >>> set_draws(layer, 7, torch.tensor([3]))
        >>> first = layer(x, training=True)
        >>> set_draws(layer, 7, torch.tensor([3]))
        >>> bool((layer(x, training=True) == first).all())
        True
    """
    layers = drawing_layers(where) if isinstance(where, nn.Module) else where
    told = list(layers)
    shared = streams(key, sample_ids)
    places = torch.tensor([layer._draw_place for layer in told], dtype=torch.int64)
    first, odd = sample_words(shared + places.to(shared.device)[:, None])
    for layer, a, b in zip(told, first.unbind(), odd.unbind(), strict=True):
        layer._buffers["draw_streams"] = shared
        layer.__dict__.update(_draw_words=(a, b), _draw_calls=0)


def clear_draws(where: nn.Module | Iterable[Drawing]) -> None:
    """Goes back to torch's generator."""
    layers = drawing_layers(where) if isinstance(where, nn.Module) else where
    for layer in layers:
        layer._buffers["draw_streams"] = None
        layer._draw_words = None
