"""Which stages of a net that begins with weights are frozen."""

from __future__ import annotations

from collections.abc import Mapping

from striate import _check
from striate.layers import BatchNormalization
from striate.models import Backbone, freeze_until

__all__ = ["ALL", "NONE", "checked_stage", "early_stage", "freeze"]

ALL, NONE = "all", "none"
"""Words for the stages: only the last layer is trained, or everything."""

_EARLY_STRIDE = 4


def early_stage(stages: Mapping[str, float]) -> str:
    """The last stage with maps of a quarter of the picture's side or more; "none" without one.

    Args:
        stages: name -> side of the picture for one pixel of its map.

    Example:
        >>> early_stage({"one": 2.0, "two": 4.0, "three": 8.0})
        'two'
    """
    early = [name for name, stride in stages.items() if stride <= _EARLY_STRIDE]
    return early[-1] if early else NONE


def checked_stage(stage: str, stages: Mapping[str, object]) -> str:
    """The stage, if the net has it.

    Raises:
        ArgumentError: neither all, none nor a stage.
    """
    if stage not in (ALL, NONE, *stages):
        rule = f"be all, none, or a stage: {', '.join(stages)}"
        near = _check.nearest(stage, stages, 1)
        fix = f'Did you mean "{near[0]}"?' if near else ""
        _check.fail("train", "freeze_until", rule, stage, fix)
    return stage


def freeze(net: Backbone, stage: str) -> None:
    """Freezes a net up to the end of a stage, and the statistics of all its normalisations.

    A normalisation by the batch keeps its running averages and computes by them: on few pictures
    the averages of a batch are worse than those that came with the weights.

    Args:
        net: that begins with weights.
        stage: its last frozen stage, "none", or "all".
    """
    if stage == ALL:
        for layer in net.layers[:-1]:
            layer.trainable = False
    elif stage != NONE:
        freeze_until(net, stage)
    for layer in net.layers:
        if isinstance(layer, BatchNormalization):
            layer.trainable = False
