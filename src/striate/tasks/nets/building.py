"""The net of a run, built: convnet, a paper's net, or the weights of one with a new last layer."""

from __future__ import annotations

import torch

from striate import _check
from striate.layers import Dense, Dropout
from striate.layers.mode import mode
from striate.models import Backbone, Model
from striate.ops.activation import logits_of
from striate.tasks.config import ClassifyConfig
from striate.tasks.convnet import convnet
from striate.tasks.nets.base import Base
from striate.tasks.nets.choice import NetChoice
from striate.tasks.pictures.parts import ClassData

__all__ = ["DROPOUT", "HEAD", "built_net"]

HEAD, DROPOUT = "classes", "dropout"
"""Names of the new last layer, and of the one before it, whose input are the base's features."""


def built_net(data: ClassData, config: ClassifyConfig, net: NetChoice) -> Model:
    """The net for some data, with weights drawn from the seed or taken from the base.

    torch's own generator is left as it was.

    Args:
        data: whose pictures and classes it fits.
        config: the settings.
        net: which net.

    Raises:
        ArgumentError: an architecture that gives no probabilities.
    """
    classes, end = len(data.class_names), "sigmoid" if data.several else "softmax"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        if net.base is not None:
            return _with_new_head(net.base, data, config, end)
        if net.architecture is not None:
            made = net.architecture(data.input_shape, classes, classifier_activation=end)
            _require_probabilities(made, data, end)
            return made
        return convnet(
            data.input_shape,
            classes,
            dropout=config.dropout or 0.0,
            filters=config.filters or 1,
            several=data.several,
        )


def _with_new_head(base: Base, data: ClassData, config: ClassifyConfig, end: str) -> Backbone:
    """The layers of the base themselves, dropout, and one unit a class.

    The unit's weights begin at zero: from random ones, so many features of so few pictures keep
    what was drawn, which is noise.
    """
    below = base.net(data.input_shape)
    x = Dropout(config.dropout or 0.0, name=DROPOUT)(below.output)
    units = len(data.class_names)
    outputs = Dense(units, end, kernel_initializer="zeros", name=HEAD)(x)
    stages = below.features().output
    return Backbone(below.input, outputs, stages=stages, name=below.name, origin=below.origin)


def _require_probabilities(net: Backbone, data: ClassData, end: str) -> None:
    """Refuses a net that ends in neither softmax nor sigmoid: one picture is tried."""
    with mode(net, False), torch.inference_mode():
        carried = logits_of(net(torch.zeros(1, *data.input_shape)))
    if carried is None or carried[0] != end:
        rule = f"end in {end}, to give probabilities"
        _check.fail("train", "model", rule, net.name, "Choose another net.")
