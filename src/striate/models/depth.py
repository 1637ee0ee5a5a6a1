"""Where a layer lies between the picture and the top, and what of a net is trained, at which rate.

A net that has learned on other pictures is best left as it is near the picture, where it sees
edges and colours, and changed near its top.
"""

from __future__ import annotations

from torch import Tensor

from .. import _check
from ..layers.base import Layer
from .backbone import Backbone
from .graph import Graph

__all__ = ["freeze_until", "layers_by_stage", "rates_by_depth"]


def layers_by_stage(net: Backbone) -> dict[str, list[Layer]]:
    """The layers of each stage, from the picture on; under "top" those that belong to none.

    A layer belongs to the first stage whose map it helps to compute.

    Args:
        net: with stages, such as one of `striate.architectures`.

    Raises:
        ArgumentError: a model without stages.

    Example:
        >>> import striate
        >>> net = striate.architectures.resnet20()
        >>> {name: len(layers) for name, layers in layers_by_stage(net).items()}
        {'conv2': 25, 'conv3': 23, 'conv4': 23, 'top': 2}
    """
    if not isinstance(net, Backbone):
        fix = "Give one of striate.architectures, or set trainable and rates layer by layer."
        place = getattr(net, "place", type(net).__name__)
        _check.fail("layers_by_stage", "net", "have named stages", place, fix)
    found: dict[str, list[Layer]] = {}
    seen: set[Layer] = set()
    for name, tensor in net._stages.items():
        needed = Graph(net, net.input, tensor).layers
        found[name] = [layer for layer in needed if layer not in seen]
        seen |= set(needed)
    top = [layer for layer in net.layers if layer not in seen]
    return {**found, "top": found.get("top", []) + top}


def freeze_until(net: Backbone, stage: str) -> None:
    """Freezes a net up to the end of a stage; everything after it trains.

    Args:
        net: with stages, such as one of `striate.architectures`.
        stage: the last that is frozen.

    Raises:
        ArgumentError: a model without stages, or no stage of this name.

    Example:
        >>> import striate
        >>> net = striate.architectures.resnet20()
        >>> freeze_until(net, "conv3")
        >>> [net.get_layer(f"conv{n}_block3_1_conv").trainable for n in (3, 4)]
        [False, True]
    """
    parts = layers_by_stage(net)
    names = list(net.stages)
    if stage not in names:
        near = ", ".join(_check.nearest(stage, names)) or "none"
        _check.fail("freeze_until", "stage", "name a stage of the net", stage, f"Nearest: {near}.")
    last = names.index(stage)
    for place, layers in enumerate(parts.values()):
        for layer in layers:
            layer.trainable = place > last


def rates_by_depth(net: Backbone, decay: float) -> list[tuple[list[Tensor], float]]:
    """The parameters of each stage with their part of the learning rate: less, the deeper.

    The top learns at the whole rate, the last stage at `decay` times that, the stage before at
    decay^2 times, and so on down to the picture. Each pair is for
    `optimizer.scale_learning_rate`, before `fit`.

    Args:
        net: with stages, such as one of `striate.architectures`.
        decay: from one stage to the one below it, above 0, at most 1.

    Returns:
        (parameters, factor) from the picture to the top; stages without parameters are left out.

    Raises:
        ArgumentError: a model without stages, or a decay out of its range.

    Example:
        >>> import striate
        >>> net = striate.architectures.resnet20()
        >>> optimizer = striate.optimizers.SGD(0.01, momentum=0.9)
        >>> for parameters, factor in rates_by_depth(net, 0.5):
        ...     optimizer.scale_learning_rate(parameters, factor)
        ...     print(len(parameters), factor)
        21 0.125
        18 0.25
        18 0.5
        2 1.0

    Reference:
        Howard & Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018,
        arXiv 1801.06146, section 3.2 "discriminative fine-tuning".
    """
    decay = _check.number("rates_by_depth", "decay", decay, 0.0, 1.0)
    if not decay:
        fix = "To train the top alone, call freeze_until with the last stage."
        _check.fail("rates_by_depth", "decay", "be above 0", decay, fix)
    parts = list(layers_by_stage(net).values())
    found: list[tuple[list[Tensor], float]] = []
    for height, layers in enumerate(reversed(parts)):
        parameters: list[Tensor] = [p for layer in layers for p in layer.parameters()]
        found.append((parameters, decay**height))
    return [(parameters, factor) for parameters, factor in reversed(found) if parameters]
