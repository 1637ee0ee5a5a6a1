"""link_function: what computes a link of layer calls in inference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ...layers.activations import linear
from ...layers.dense import Dense
from ...layers.separable import SeparableConv2D
from .chains import CONVOLVING, Link
from .convolution import Convolution
from .folding import fold_norm
from .product import Product

__all__ = ["link_function"]


def link_function(link: Link) -> Callable[..., Any]:
    """The function of a link: of what its first call is called on, and of what is added.

    The layers of the library are called by their `forward`, past the hooks and checks of modules.
    """
    layer = link.head
    if link.calls[0].kwargs:
        return layer  # type: ignore[no-any-return]
    if type(layer) in CONVOLVING:
        return _convolution(link)
    if type(layer) is Dense:
        return Product(layer.weight, layer.bias, _or_none(layer.activation))
    run = layer.forward if type(layer).__module__.startswith("striate.layers.") else layer
    after = link.activation
    if after is None:
        return run  # type: ignore[no-any-return]
    return lambda x: after(run(x))


def _convolution(link: Link) -> Convolution:
    layer = link.head
    separable = type(layer) is SeparableConv2D
    kernel = layer.pointwise_weight if separable else layer.weight

    def weights() -> tuple[Tensor, Tensor | None]:
        own = kernel.detach(), None if layer.bias is None else layer.bias.detach()
        return own if link.norm is None else fold_norm(*own, link.norm)

    activation = link.activation or layer.activation
    window: dict[str, Any] = {
        "strides": layer.strides,
        "sides": layer._sides,
        "dilation": layer.dilation_rate,
        "groups": getattr(layer, "groups", layer.built_for[-1]),
    }
    last = _or_none(activation)
    if not separable:
        return Convolution(weights, kernel.shape, **window, activation=last)
    depthwise = layer.depthwise_weight.detach()
    first = Convolution(lambda: (depthwise, None), depthwise.shape, **window)
    return Convolution(weights, kernel.shape, activation=last, before=first)


def _or_none(activation: Any) -> Any:
    return None if activation is linear else activation
