"""with_channels: a net that has learned from colours, ready for grey pictures or more bands."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import torch
from torch import Tensor

from .. import _check, structure
from ..layers import (
    CenterCrop,
    Conv2D,
    Cropping2D,
    Normalization,
    Rescaling,
    Resizing,
    ZeroPadding2D,
)
from ..layers.augmentation import Augmentation
from ..layers.base import Layer
from ..layers.weights import from_keras
from ..train.step import device_of
from .graph import Chain
from .loading import rebuild
from .model import Model
from .network import Network
from .saving import describe

__all__ = ["with_channels"]

_ALIKE = (Augmentation, CenterCrop, Cropping2D, Rescaling, Resizing, ZeroPadding2D)
"""Layers that do the same to every channel, however many there are."""


def with_channels(net: Model, channels: int) -> Model:
    """A copy of a net for pictures with another number of channels; the net stays as it is.

    Only the kernels that see the picture change. Fewer channels than before share the sum of all
    kernels evenly: one grey channel takes the whole of it. More take the kernels in turn, red,
    green, blue, red, ..., each divided by how often it stands. So a picture whose channels are
    all alike gives what it gave before, but for rounding: grey pictures lose nothing, as long as
    they are prepared with one mean and one deviation for all channels.

    Args:
        net: functional or a built Sequential, on one picture (n, h, w, c).
        channels: of the new pictures.

    Raises:
        NotBuiltError: a Sequential without an input shape.
        ArgumentError: no whole number of at least 1; a net with several inputs; one whose first
            layers with weights are no convolutions, or that treats the channels differently
            before them.
        WeightsError: a layer that is not registered, so that it cannot be copied.

    Example:
        >>> import torch, striate
        >>> net = striate.architectures.resnet20()
        >>> grey = with_channels(net, 1)
        >>> x = torch.rand(2, 32, 32, 1)
        >>> torch.allclose(grey(x), net(x.expand(-1, -1, -1, 3)), atol=1e-5)
        True
    """
    channels = _check.positive_int("with_channels", "channels", channels)
    if len(net.inputs) != 1 or len(net.inputs[0].shape) != 4:
        shapes = ", ".join(_check.shape_text(one.shape) for one in net.inputs)
        rule = "take one picture (n, h, w, c)"
        _check.fail("with_channels", "net", rule, f"{net.place}, which takes {shapes}")
    description = describe(net)
    change = _Change(net, channels)
    change.network(net, description)
    twin: Any = rebuild(description)
    state = net.state_dict(keep_vars=True)
    tensors = {name: change.tensors.get(id(old), old.detach()) for name, old in state.items()}
    twin.load_state_dict({name: new.clone() for name, new in tensors.items()}, assign=True)
    model: Model = twin.to(device_of(net))
    return model


def _spread(kernel: Tensor, channels: int) -> Tensor:
    """A kernel (f, c, h, w) for other channels, whose sum over them is as before."""
    before = kernel.shape[1]
    if channels < before:
        each = kernel.sum(1, keepdim=True) / channels
        return from_keras(each.expand(-1, channels, -1, -1), ())
    places = torch.arange(channels, device=kernel.device) % before
    counts = torch.bincount(places)[places]
    return from_keras(kernel[:, places] / counts.view(1, -1, 1, 1), ())


class _Change:
    """What becomes different on the way from the picture to the first convolutions.

    Args:
        net: the whole net, for the messages.
        channels: of the new pictures.
    """

    def __init__(self, net: Model, channels: int) -> None:
        self.place = net.place
        self.channels = channels
        self.tensors: dict[int, Tensor] = {}
        """id of a weight -> what takes its place."""

    def network(self, net: Network, entry: dict[str, Any]) -> bool:
        """Follows the picture through a net, and says whether it comes out as a picture.

        Args:
            net: takes the picture.
            entry: its description, which is changed.
        """
        graph = net._graph
        if graph is None or len(structure.leaves(graph.inputs)) != 1:
            self.refuse(net, "no graph of one input")
        shape = entry["input_shape"] if isinstance(graph, Chain) else entry["inputs"][0]["shape"]
        shape[-1] = self.channels
        entries = {part["name"]: part for part in entry["layers"]}
        names = {id(part): name for name, part in net._layers.named()}
        pictures = {id(tensor) for tensor in structure.leaves(graph.inputs)}
        for call in graph.calls:
            if pictures.isdisjoint(map(id, call.inputs)):
                continue
            if self._layer(call.layer, entries[names[id(call.layer)]]):
                pictures.add(id(call.outputs))
        return id(graph.outputs) in pictures

    def _layer(self, layer: Layer, entry: dict[str, Any]) -> bool:
        """Changes a layer that takes the picture, and says whether it gives one."""
        if isinstance(layer, Network):
            return self.network(layer, entry)
        if isinstance(layer, Normalization):
            self._normalization(layer, entry)
        elif type(layer) is Conv2D and layer.groups == 1:
            self.tensors[id(layer.weight)] = _spread(layer.weight.detach(), self.channels)
            return False
        elif not isinstance(layer, _ALIKE):
            self.refuse(layer, "neither a convolution of all channels nor the same for each")
        return True

    def _normalization(self, layer: Normalization, entry: dict[str, Any]) -> None:
        """One mean and one deviation for the new channels, where that is how it is for the old."""
        for name, held in (("mean", "running_mean"), ("variance", "running_var")):
            given = getattr(layer, name)
            values = getattr(layer, held).tolist() if given is None else given
            if len(np.unique(values)) != 1:
                self.refuse(layer, f"{name} {np.round(values, 4).tolist()}")
            if given is not None and "config" in entry:
                entry["config"][name] = float(np.ravel(values)[0])
            elif given is None and np.ndim(values):
                old = getattr(layer, held)
                self.tensors[id(old)] = old.new_full((self.channels,), np.ravel(values)[0])

    def refuse(self, layer: Layer, why: str) -> NoReturn:
        """Says which layer stands in the way."""
        rule = "begin with convolutions, and before them treat all channels alike"
        got = f"{self.place}, where {layer.place} is in the way: {why}"
        fix = "For grey pictures make them three channels: net(TakeChannels((0, 0, 0))(x))."
        _check.fail("with_channels", "net", rule, got, fix)
