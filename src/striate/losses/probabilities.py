"""Log-probabilities of outputs, from logits wherever they are known."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from .. import _check
from ..ops.activation import logits_of
from ..ops.alignment import widen

__all__ = ["EPSILON", "binary_logits", "log_probabilities"]

# Keras' clip of probabilities before the logarithm.
EPSILON = 1e-7


def _refuse_activated(place: str, outputs: Tensor) -> None:
    carried = logits_of(outputs)
    if carried is not None:
        rule = f"be False when the outputs went through {carried[0]}"
        fix = "Drop the activation of the last layer, or from_logits."
        _check.fail(place, "from_logits", rule, True, fix)


def log_probabilities(place: str, outputs: Tensor, *, from_logits: bool) -> Tensor:
    """log p of each class along the last axis, in float32 at least.

    From logits, given or carried by a softmax's outputs: exact. From bare probabilities as
    Keras does: divided by their sum, clipped to 1e-7 .. 1 - 1e-7.

    Raises:
        ArgumentError: `from_logits=True` for outputs that went through softmax or sigmoid.
    """
    if from_logits:
        _refuse_activated(place, outputs)
        return F.log_softmax(widen(outputs), dim=-1)
    carried = logits_of(outputs)
    if carried is not None and carried[0] == "softmax":
        return F.log_softmax(widen(carried[1]), dim=-1)
    shares = widen(outputs)
    shares = shares / shares.sum(dim=-1, keepdim=True)
    return shares.clamp(EPSILON, 1.0 - EPSILON).log()


def binary_logits(place: str, outputs: Tensor, *, from_logits: bool) -> Tensor | None:
    """The logits of sigmoid outputs in float32 at least, or None where they are not known.

    Raises:
        ArgumentError: `from_logits=True` for outputs that went through softmax or sigmoid.
    """
    if from_logits:
        _refuse_activated(place, outputs)
        return widen(outputs)
    carried = logits_of(outputs)
    return widen(carried[1]) if carried is not None and carried[0] == "sigmoid" else None
