"""NetChoice: which net is trained, and with which weights it begins."""

from __future__ import annotations

from dataclasses import dataclass

from striate import _check
from striate.architectures import ARCHITECTURES, Architecture
from striate.tasks.nets.base import Base, open_base
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.wanted_input import WantedInput

__all__ = ["CONVNET", "NetChoice", "choose_net"]

_OURS = "convnet"
_OF_WEIGHTS = (
    "weights_sha256",
    "freeze_until",
    "head_epochs",
    "head_learning_rate",
    "depth_decay",
)
_PUBLIC = "imagenet"


@dataclass(frozen=True)
class NetChoice:
    """Which net is trained.

    Args:
        architecture: of a paper; None for `striate.tasks.convnet`.
        base: weights with which it begins, or None.
    """

    architecture: Architecture | None = None
    base: Base | None = None

    @property
    def name(self) -> str:
        """Of the net."""
        return self.architecture.name if self.architecture else _OURS

    @property
    def wanted(self) -> WantedInput:
        """What it asks of its pictures."""
        least = self.architecture.least_px if self.architecture else 1
        return WantedInput(self.name, least, self.base.preprocess if self.base else None)


CONVNET = NetChoice()
"""Our own net, without weights."""


def choose_net(options: TrainOptions) -> NetChoice:
    """The net that the options name, with its weights opened.

    Args:
        options: of these model, pretrained, weights, and what belongs to them.

    Raises:
        ArgumentError: an unknown name; weights for convnet; options of weights without weights;
            weights without colours for grey pictures.
        WeightsError: weights that are missing, damaged, or not of the net.

    Example:
        >>> choose_net(TrainOptions(model="resnet20")).wanted.least_px
        4
    """
    _check.choice("train", "model", options.model, (_OURS, *ARCHITECTURES))
    found = None if options.model == _OURS else ARCHITECTURES.get(options.model)
    weights = options.weights or (_PUBLIC if options.pretrained else None)
    if weights is None:
        for name in _OF_WEIGHTS:
            value = getattr(options, name)
            if value is not None:
                fix = "Say --pretrained or --weights too."
                rule = "be left out for a net that begins without weights"
                _check.fail("train", name, rule, value, fix)
        return NetChoice(found)
    if found is None:
        fix = "Say --model efficientnet_lite0, or another that striate models ls lists."
        rule = "name a paper's net where there are weights"
        _check.fail("train", "model", rule, options.model, fix)
    if options.learning_rate == "auto":
        rule = "be a number where the net begins with weights"
        _check.fail("train", "learning_rate", rule, "auto", "Leave it out.")
    return NetChoice(found, open_base(found, weights, sha256=options.weights_sha256))
