"""with_head: a net that has learned some classes, made ready to learn others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import _check
from ..layers import Conv2D, Dense, GlobalAveragePooling2D
from ..layers.affine import Affine
from ..layers.base import Layer
from ..layers.config import from_json, to_json
from ..layers.symbolic import SymbolicTensor
from .backbone import Backbone
from .graph import Auxiliary
from .model import Model
from .network import Network

__all__ = ["with_head"]


def with_head(net: Model, classes: int) -> Model:
    """The same layers with a new last one: random weights for another number of classes.

    The last layer with weights is replaced, a `Dense` or a 1 x 1 convolution, with its arguments
    but the number of classes; so is that of each auxiliary output. A net without its top gets the
    mean of each channel and a softmax instead. All other layers are those of the given net: what
    one of the two learns, both have. Write `Model(net.input, Dense(n)(net.layers[-2].output))` to
    replace a layer by another kind.

    Args:
        net: functional or a built Sequential; an architecture keeps its stages and its origin.
        classes: 2 or more.

    Raises:
        NotBuiltError: a Sequential without an input shape.
        ArgumentError: fewer classes, several outputs, or a net that ends otherwise.

    Example:
        >>> import striate
        >>> net = striate.architectures.resnet20()
        >>> with_head(net, 3).output.shape, net.output.shape
        ((None, 3), (None, 10))
    """
    classes = _check.whole("with_head", "classes", classes)
    if classes < 2:
        fix = "For one number replace the last layer: Model(net.input, Dense(1)(…))."
        _check.fail("with_head", "classes", "be 2 or more", classes, fix)
    end = net.output
    if not isinstance(end, SymbolicTensor):
        _check.fail("with_head", "net", "have one output", f"{net.place}, {len(net.outputs)}")
    outputs = _classified(net, end, classes)
    early: Auxiliary = net._graph.auxiliary if net._graph is not None else {}
    auxiliary: Any = {
        name: (_classified(net, tensor, classes), factor)
        for name, (tensor, factor) in early.items()
    }
    ends = {"inputs": net.input, "outputs": outputs, "name": net._name}
    if isinstance(net, Backbone):
        return Backbone(**ends, stages=net._stages, auxiliary=auxiliary, origin=net.origin)
    return Model(**ends, auxiliary=auxiliary)


@dataclass(frozen=True)
class _End:
    """How a net ends.

    Args:
        layer: the last with weights.
        given: what that layer is called on, where it is called on one tensor.
        tail: the layers after it, in order; they hold no weights.
        sees_maps: whether that layer gives a map (n, h, w, c).
    """

    layer: Layer
    given: SymbolicTensor | None
    tail: tuple[Layer, ...]
    sees_maps: bool

    @property
    def is_head(self) -> bool:
        """Whether the last layer with weights gives each class its number."""
        if self.given is None:
            return False
        narrow = isinstance(self.layer, Conv2D) and self.layer.kernel_size == (1, 1)
        return narrow if self.sees_maps else isinstance(self.layer, Dense)

    @property
    def is_features(self) -> bool:
        """Whether the net ends in numbers that describe a picture, for a layer after them."""
        return self.sees_maps or isinstance(self.layer, Affine)


def _end_of(end: SymbolicTensor) -> _End:
    tail: list[Layer] = []
    call: Any = end.call
    while not _has_weights(call.layer) and len(call.inputs) == 1:
        tail.append(call.layer)
        call = call.inputs[0].call
    given = call.inputs[0] if len(call.inputs) == 1 else None
    return _End(call.layer, given, tuple(reversed(tail)), _is_map(call))


def _is_map(call: Any) -> bool:
    return isinstance(call.outputs, SymbolicTensor) and len(call.outputs.shape) == 4


def _has_weights(layer: Layer) -> bool:
    return isinstance(layer, Network) or bool(layer.weights)


def _classified(net: Model, end: SymbolicTensor, classes: int) -> SymbolicTensor:
    """The output for the new classes, in place of an old one."""
    found = _end_of(end)
    if len(end.shape) == 4:
        return _topped(GlobalAveragePooling2D()(end), classes)
    if found.is_head:
        x: SymbolicTensor | None = found.given
        for layer in (_resized(found.layer, classes), *map(_copied, found.tail)):
            x = layer(x)
        if x is not None and x.shape == (None, classes):
            return x
    elif found.is_features:
        return _topped(end, classes)
    fix = "Join a new layer to one of its own: Model(net.input, Dense(n)(net.get_layer(…).output))."
    rule = "end in a Dense layer or a 1 x 1 convolution, or in maps"
    _check.fail("with_head", "net", rule, f"{net.place}, which ends in {found.layer.place}", fix)


def _topped(x: Any, classes: int) -> SymbolicTensor:
    result: SymbolicTensor = Dense(classes, activation="softmax")(x)
    return result


def _resized(layer: Layer, classes: int) -> Layer:
    """A new layer with the arguments of another, for so many classes; it trains."""
    entry = to_json(layer)
    size = "units" if isinstance(layer, Dense) else "filters"
    entry["config"] |= {size: classes, "trainable": True}
    return from_json(entry)


def _copied(layer: Layer) -> Layer:
    """A new layer with the arguments of another: the given net's own is called once only."""
    return from_json(to_json(layer))
