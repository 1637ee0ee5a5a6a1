"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import _check
from ..layers.base import Layer
from ..layers.symbolic import SymbolicTensor
from .exchange import commute, pooled_first
from .graph import Chain
from .inputs import Input, InputLayer
from .model import Model
from .names import name_in

__all__ = ["Sequential"]


class Sequential(Model):
    """Layers one after the other, each on the result of the one before.

    With `input_shape=` on the first layer, or an `Input` in its place, the model is built as
    layers are added; without, at the first batch.

    Args:
        layers: in order; an `Input` may stand first.
        name: of the model. Default "sequential".

    Raises:
        ArgumentError: something that is not a Layer, or the same layer twice.

    Example:
        >>> import striate
        >>> model = striate.Sequential([striate.layers.Dense(2, input_shape=(3,))])
        >>> model.count_params()
        8
    """

    def __init__(
        self, layers: Iterable[Any] = (), *, name: str | None = None, trainable: bool = True
    ) -> None:
        super().__init__(name=name, trainable=trainable)
        self._chain: list[SymbolicTensor] | None = None
        self._size_is_declared = True
        for layer in layers:
            self.add(layer)

    def add(self, layer: Any) -> None:
        """Adds a layer at the end; an `Input` may be added first."""
        if isinstance(layer, SymbolicTensor | InputLayer):
            self._begin(layer.output if isinstance(layer, InputLayer) else layer)
            return
        if not isinstance(layer, Layer):
            fix = "Wrap a function in layers.Lambda, and a torch module in a Layer with `call`."
            _check.fail(self.place, "layer", "be a striate Layer", layer, fix)
        if any(layer is one for one in self.layers):
            fix = "Make a second layer, or share one in a functional model."
            _check.fail(self.place, "layer", "be new to the model", layer.name, fix)
        declared = _declared_shape(layer)
        if self._chain is None and not self.layers and declared is not None:
            self._begin(Input(declared))
        name = name_in(self, layer, self._layers)
        if self._chain is not None:
            self._extend(layer)
        self._layers[name] = layer
        self._note_ends()

    def pop(self) -> Layer:
        """Takes the last layer off and returns it."""
        layer = self.get_layer(index=-1)
        del self._layers[self.layer_names[-1]]
        if self._chain is not None:
            self._chain.pop()
            layer._calls.pop()
            self._note_ends()
        return layer

    def build(self, input_shape: Any) -> None:
        """Builds the layers for an input shape (n, h, w, c); n may be None."""
        self._begin(Input(tuple(input_shape)[1:]))
        for layer in self.layers:
            self._extend(layer)
        self._note_ends()

    def _build_for(self, args: tuple[Any, ...]) -> None:
        """Builds for the first batch, whose size then binds no later one."""
        self.build((None, *args[0].shape[1:]))
        self._size_is_declared = False

    def call(self, x: Any) -> Any:
        """The result of the last layer."""
        if self._graph is not None and self._size_is_declared:
            self._graph.check_inputs(x)
        waiting: Any = None
        for layer in self._layers._modules.values():
            if waiting is not None and commute(waiting, layer):
                x, waiting = pooled_first(waiting, layer, x), None
                continue
            if waiting is not None:
                x = waiting(x)
            waiting = layer
        return x if waiting is None else waiting(x)

    def _begin(self, start: SymbolicTensor) -> None:
        if self._chain is not None or (self.layers and self.built):
            _check.fail(self.place, "layer", "not be a second Input", start)
        if start.call is not None and start.call.layer._name is None:
            start.call.layer._name = "input_1"
        self._chain = [start]

    def _extend(self, layer: Layer) -> None:
        chain = self._chain or []
        chain.append(layer(chain[-1]))
        if not self._trainable:
            layer.trainable = False

    def _note_ends(self) -> None:
        chain = self._chain
        if chain is not None:
            self._graph = Chain(self, chain[0], chain[-1])
            self.built = len(chain) == len(self.layers) + 1


def _declared_shape(layer: Layer) -> Any:
    """The input_shape= of a layer, or the declared input of a model that stands first."""
    if layer._input_shape is not None:
        return layer._input_shape
    if isinstance(layer, Model) and layer._graph is not None and len(layer.inputs) == 1:
        return layer.inputs[0].shape[1:]
    return None
