"""effective_field: how much of what a position can see it hears, by gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .. import _check
from ..layers.base import Layer
from ..layers.mode import mode
from ..models.network import Network
from ..models.planning.plan_rows import plan_rows
from ..models.planning.planned_step import input_shapes
from ..plan.row import Fields, Row
from ..train.step import device_of, dtype_of

__all__ = ["EffectiveField", "effective_field"]

_PLACE = "effective_field"


@dataclass(frozen=True)
class EffectiveField:
    """What the position in the middle of a layer's map hears of the picture.

    Args:
        layer: its name.
        fields: the theoretical windows, (height, width).
        position: row and column on the layer's map.
        energy: (h, w) for each pixel of the picture: the mean square of the gradient there; the
            sum is 1.

    Example:
        >>> import striate
        >>> effective_field(striate.recipes.mnist_net(), "conv2d_2").window
        (4.0, 4.0, 22.0, 22.0)
    """

    layer: str
    fields: Fields
    position: tuple[int, int]
    energy: npt.NDArray[np.float64]

    @property
    def window(self) -> tuple[float, float, float, float]:
        """Top, left, bottom and right of the theoretical window, in pixels, the ends not in it.

        It may be larger than the picture. Of a layer that mixes whole maps it is the picture.
        """
        if any(field.is_whole for field in self.fields):
            return 0.0, 0.0, float(len(self.energy)), float(self.energy.shape[1])
        (top, bottom), (left, right) = self._ends()
        return top, left, bottom, right

    @property
    def middle(self) -> tuple[float, float]:
        """Row and column of the middle of what it sees, a gate left aside, in pixels."""
        (top, bottom), (left, right) = self._ends()
        return (top + bottom) / 2, (left + right) / 2

    def _ends(self) -> list[tuple[float, float]]:
        """Where the windows begin and end, by height and width, gates left aside."""
        places = zip(self.fields, self.position, strict=True)
        starts = [float(field.start_px + at * field.stride_px) for field, at in places]
        return [
            (start, start + float(field.size_px))
            for start, field in zip(starts, self.fields, strict=True)
        ]

    def side_px(self, share: float = 0.95) -> int:
        """The side of the smallest square around the window's middle that holds so much energy.

        Args:
            share: 0..1 of the energy inside the picture. Default 0.95.

        Raises:
            ArgumentError: a share out of its range.
        """
        share = _check.number(_PLACE, "share", share, low=0.0, high=1.0)
        ends = np.indices(self.energy.shape)
        middle = np.reshape(self.middle, (2, 1, 1))
        reach = np.maximum(np.abs(ends - middle), np.abs(ends + 1 - middle)).max(axis=0).ravel()
        order = np.argsort(reach, kind="stable")
        held = np.cumsum(self.energy.ravel()[order])
        last = min(int(np.searchsorted(held, share * held[-1] * (1 - 1e-12))), len(held) - 1)
        return round(2 * float(reach[order[last]]))


def effective_field(
    model: Network,
    layer: str | None = None,
    *,
    samples: int = 16,
    seed: int = 0,
    size: int | tuple[int, int] | None = None,
) -> EffectiveField:
    """How much each pixel moves the position in the middle of a layer's map.

    Pictures of noise are shown, the channels at the position are summed with signs drawn anew for
    each picture, and the squares of the gradients by the pixels are added up. It is the model as
    it is: new weights show what the architecture favours, trained ones what was learned. Often
    only the middle of the theoretical window counts: with the depth of the net the window grows in
    proportion, what counts of it like the square root.

    Args:
        model: built, with weights, of one picture (n, h, w, c); it runs in inference mode.
        layer: name, of one that gives a map; those of nets inside by a path. Default None: the
            last whose map has more than one position.
        samples: pictures.
        seed: of the pictures and signs.
        size: height and width of the pictures, where the model leaves them open. Default None.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: no layer with a map has the name; a model without weights, of another
            input, or whose gradient is 0; a number out of its range.

    Example:
        >>> import striate
        >>> found = effective_field(striate.recipes.mnist_net(), "conv2d_2")
        >>> found.fields[0].size_px, found.side_px() <= 18
        (18, True)

    Reference:
        Luo, Li, Urtasun, Zemel, "Understanding the effective receptive field in deep
        convolutional neural networks", NeurIPS 2016, arXiv 1701.04128.
    """
    samples = _check.positive_int(_PLACE, "samples", samples)
    shapes = input_shapes(model, size, place=_PLACE)
    if len(shapes) != 1 or len(shapes[0]) != 4:
        texts = ", ".join(map(_check.shape_text, shapes))
        rule = "take one picture (n, h, w, c)"
        _check.fail(_PLACE, "model", rule, f"{model.place}, which takes {texts}")
    if device_of(model).type == "meta":
        fix = "Build it with weights, not with architectures.sketch."
        _check.fail(_PLACE, "model", "hold weights", f"{model.place}, on the meta device", fix)
    row = _row(plan_rows(model, shapes), layer)
    position = (row.output_shape[0] // 2, row.output_shape[1] // 2)
    watched = _Watched(_find(model, row.name), position)
    generator = torch.Generator().manual_seed(_check.seed(_PLACE, seed))
    energy = torch.zeros(shapes[0][1:3], dtype=torch.float64)
    for _ in range(samples):
        energy += watched.energy(model, shapes[0], generator)
    whole = float(energy.sum())
    if not whole > 0.0:
        fix = "Its weights are 0 or not finite, or its activations let nothing through."
        _check.fail(_PLACE, "model", "answer to what it sees", f"{model.place}, gradient 0", fix)
    fields: Any = row.fields
    return EffectiveField(row.name, fields, position, (energy / whole).numpy())


def _row(rows: list[Row], name: str | None) -> Row:
    """The row of the wanted layer."""
    maps = {row.name: row for row in rows if row.fields is not None and row.kind != "InputLayer"}
    if name is None and maps:
        wide = [row for row in maps.values() if max(row.output_shape[:2]) > 1]
        return (wide or list(maps.values()))[-1]
    if name not in maps:
        near = ", ".join(f'"{each}"' for each in _check.nearest(name, maps)) or "none there is"
        _check.fail(_PLACE, "layer", "name a layer that gives a map", name, f"Nearest: {near}.")
    return maps[name]


def _find(model: Network, path: str) -> Layer:
    """The layer that a row is about."""
    if path in model.layer_names:
        return model.get_layer(path)
    for name, layer in zip(model.layer_names, model.layers, strict=True):
        if path.startswith(f"{name}/") and isinstance(layer, Network):
            return _find(layer, path.removeprefix(f"{name}/"))
    _check.fail(_PLACE, "layer", "be one of the model's own", path)


class _Watched:
    """A layer's output at one position, on the first call of a run.

    Args:
        layer: in the model.
        position: row and column on its map.
    """

    def __init__(self, layer: Layer, position: tuple[int, int]) -> None:
        self.layer, self.position = layer, position
        self.seen: list[Tensor] = []

    def energy(self, model: Network, shape: Any, generator: torch.Generator) -> Tensor:
        """(h, w) squares of the gradient for one picture of noise."""
        noise = torch.randn(shape, generator=generator)
        picture = noise.to(device_of(model), dtype_of(model)).requires_grad_()
        self.seen.clear()
        handle = self.layer.register_forward_hook(self._note)
        try:
            with torch.enable_grad(), mode(model, False):
                model(picture)
        finally:
            handle.remove()
        signs = torch.randint(0, 2, self.seen[0].shape, generator=generator) * 2 - 1
        answer = (self.seen[0] * signs.to(self.seen[0])).sum()
        if not answer.requires_grad:
            return torch.zeros(shape[1:3], dtype=torch.float64)
        (gradient,) = torch.autograd.grad(answer, picture)
        return gradient[0].double().square().sum(-1).cpu()

    def _note(self, _layer: Any, _inputs: Any, output: Tensor) -> None:
        row, column = self.position
        if not self.seen:
            self.seen.append(output[0, row, column].clone())
