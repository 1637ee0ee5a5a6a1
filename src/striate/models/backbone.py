"""Backbone: a classifier of pictures with named stages, on which other tasks build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import _check
from ..layers import Flatten, GlobalAveragePooling2D, GlobalMaxPooling2D, Permute
from ..layers.symbolic import SymbolicTensor
from .graph import Auxiliary
from .model import Model
from .origin import Origin

__all__ = ["Backbone", "flattened", "pooled"]


class Backbone(Model):
    """A net from one picture to classes, or to its last map, that knows its stages.

    Args:
        inputs: an `Input`.
        outputs: of the net.
        stages: name -> map (n, h, w, c) at the end of each stage, from the finest to the coarsest.
        name: of the net.
        auxiliary: outputs of training alone, see `Model`.
        origin: of which architecture it is, where it is one.

    Raises:
        ArgumentError: as of `Model`; a stage that is no result of a layer call.

    Example:
        >>> import striate
        >>> x = inputs = striate.Input((32, 32, 3))
        >>> stages = {}
        >>> for name in ("one", "two"):
        ...     x = stages[name] = striate.layers.Conv2D(4, 3, strides=2, padding="same")(x)
        >>> net = Backbone(inputs, x, stages=stages, name="tiny")
        >>> {name: map.shape for name, map in net.features("two").output.items()}
        {'two': (None, 8, 8, 4)}
    """

    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        *,
        stages: Mapping[str, SymbolicTensor],
        name: str | None = None,
        auxiliary: Auxiliary | None = None,
        origin: Origin | None = None,
    ) -> None:
        super().__init__(inputs, outputs, name=name, auxiliary=auxiliary)
        for stage, tensor in stages.items():
            if not isinstance(tensor, SymbolicTensor):
                _check.fail(self.place, "stages", "be results of layer calls", {stage: tensor})
        self._stages = dict(stages)
        self.origin = origin

    @property
    def stages(self) -> dict[str, tuple[Any, ...]]:
        """The name of each stage, and the shape of its map."""
        return {name: tensor.shape for name, tensor in self._stages.items()}

    def features(self, *names: str) -> Model:
        """The net from the picture to the maps at the end of stages; the weights are shared.

        Args:
            names: of stages. Default: all.

        Raises:
            ArgumentError: no stage has one of the names.
        """
        for name in names:
            if name not in self._stages:
                near = ", ".join(_check.nearest(name, self._stages)) or ", ".join(self._stages)
                _check.fail(self.place, "names", "name stages", name, f"Nearest: {near}.")
        chosen = {name: self._stages[name] for name in names or self._stages}
        return Model(self.input, chosen, name=f"{self.name}_features")


def pooled(x: Any, pooling: str | None, *, place: str = "Backbone") -> Any:
    """What a net without its top gives: the last map, or one number a channel.

    Args:
        x: (n, h, w, c), symbolic.
        pooling: None for the map, "avg" or "max".
        place: for the message.
    """
    if pooling is None:
        return x
    _check.choice(place, "pooling", pooling, ("avg", "max"))
    layer = GlobalAveragePooling2D if pooling == "avg" else GlobalMaxPooling2D
    return layer(name=f"{pooling}_pool")(x)


def flattened(x: Any, *, channels_first: bool, name: str = "flatten") -> Any:
    """The numbers of a map in a row: pixel by pixel as in Keras, or channel by channel.

    Args:
        x: (n, h, w, c), symbolic.
        channels_first: whether all numbers of one channel stand together.
        name: of the layer.
    """
    if channels_first:
        x = Permute((3, 1, 2), name=f"{name}_channels_first")(x)
    return Flatten(name=name)(x)
