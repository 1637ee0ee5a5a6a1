"""chains: which layer calls of a net run as one in inference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ... import ops, structure
from ...layers import activations
from ...layers.activation import Activation, ReLU
from ...layers.conv import Conv2D
from ...layers.depthwise import DepthwiseConv2D
from ...layers.merging import Add
from ...layers.normalization import BatchNormalization
from ...layers.separable import SeparableConv2D
from ...layers.symbolic import Call, SymbolicTensor

__all__ = ["CONVOLVING", "Link", "chains"]

CONVOLVING = (Conv2D, DepthwiseConv2D, SeparableConv2D)
_HEADS = (*CONVOLVING, BatchNormalization)


@dataclass(eq=False)
class Link:
    """A call, or several that follow each other and run as one.

    Args:
        calls: in order; the first may be a convolution or a normalisation that others join.
        norm: that is folded into the convolution.
        other: what is added to the convolution's result.
        activation: applied last, where it is not the first layer's own.
    """

    calls: list[Call] = field(default_factory=list)
    norm: BatchNormalization | None = None
    other: SymbolicTensor | None = None
    activation: Any = None

    @property
    def head(self) -> Any:
        """The first layer."""
        return self.calls[0].layer

    @property
    def made(self) -> Any:
        """What comes out at the end."""
        return self.calls[-1].outputs

    def take(self, call: Call) -> bool:
        """Joins the call that alone reads what comes out, where that can be; says whether."""
        layer = call.layer
        if type(self.head) not in _HEADS or self._activated:
            return False
        if call.kwargs or self.calls[0].kwargs:
            return False
        if type(layer) is BatchNormalization:
            if type(self.head) not in CONVOLVING or self.norm is not None or self.other is not None:
                return False
            self.norm = layer
        elif type(layer) is Add:
            first = call.args[0]
            pair = list(first) if isinstance(first, list | tuple) else []
            others = [tensor for tensor in pair if tensor is not self.made]
            alike = all(t.shape == self.made.shape for t in others)
            if type(self.head) not in CONVOLVING or self.other is not None:
                return False
            if len(pair) != 2 or len(others) != 1 or not alike:
                return False
            self.other = others[0]
        else:
            found = _function(layer)
            if found is None:
                return False
            self.activation = found
        self.calls.append(call)
        return True

    @property
    def _activated(self) -> bool:
        own = getattr(self.head, "activation", None)
        return self.activation is not None or own not in (None, activations.linear)


def chains(calls: Sequence[Call], outputs: Any) -> list[Link]:
    """The calls of a net in links, each at the place of its last call.

    A call joins the link before it where it alone reads what comes out there, and that is no
    output of the net.
    """
    kept = {id(tensor) for tensor in structure.leaves(outputs)}
    readers = Counter(one for call in calls for one in {id(tensor) for tensor in call.inputs})
    at: dict[int, Link] = {}
    found: list[Link] = []
    for call in calls:
        for tensor in call.inputs:
            link = at.get(id(tensor))
            alone = readers[id(tensor)] == 1 and id(tensor) not in kept
            if link is not None and alone and link.take(call):
                found.remove(link)
                break
        else:
            link = Link([call])
        found.append(link)
        if isinstance(call.outputs, SymbolicTensor):
            at[id(call.outputs)] = link
    return found


def _function(layer: Any) -> Any:
    """The function of an activation layer, where it has no number of its own; else None."""
    if type(layer) is Activation:
        return layer.activation
    if type(layer) is ReLU and not layer.threshold and not layer.negative_slope:
        return {None: ops.relu, 6.0: ops.relu6}.get(layer.max_value)
    return None
