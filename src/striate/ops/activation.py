"""Activation functions, and the logits that a softmax or sigmoid carries to the loss.

A loss computed from probabilities loses digits: log(softmax(x)) of a confident net is log of a
rounded number, and in bfloat16 it is wrong by several percent. So `softmax` and `sigmoid` always
compute in float32 (or float64), and their result remembers the logits it came from; a loss asks
`logits_of(outputs)` and computes from those. The memory is an attribute of the tensor object: any
further operation drops it, and then the loss uses the probabilities.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "elu",
    "gelu",
    "hard_sigmoid",
    "hard_swish",
    "leaky_relu",
    "log_softmax",
    "logits_of",
    "relu",
    "relu6",
    "scaled_tanh",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmin",
    "softplus",
    "softsign",
    "tanh",
]

_LOGITS = "_striate_logits"


def logits_of(outputs: Tensor) -> tuple[str, Tensor] | None:
    """The logits from which `softmax` or `sigmoid` made these outputs, if they still know.

    ("softmax" or "sigmoid", logits), or None where the outputs are anything else.

    Example:
        >>> kind, logits = logits_of(softmax(torch.tensor([[1.0, 2.0]])))
        >>> kind, logits.tolist()
        ('softmax', [[1.0, 2.0]])
    """
    found: tuple[str, Tensor] | None = getattr(outputs, _LOGITS, None)
    return found


def _carry(outputs: Tensor, kind: str, logits: Tensor) -> Tensor:
    if not torch.compiler.is_compiling():
        setattr(outputs, _LOGITS, (kind, logits))
    return outputs


def _full(x: Tensor) -> Tensor:
    """At least float32: half formats are widened, float64 stays."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x


def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along an axis; float32 at least; carries its logits.

    Example:
        >>> softmax(torch.tensor([0.0, 0.0]))
        tensor([0.5000, 0.5000])
    """
    logits = _full(x)
    outputs = F.softmax(logits, dim=axis)
    return _carry(outputs, "softmax", logits) if axis in (-1, x.dim() - 1) else outputs


def softmin(x: Tensor, axis: int = -1) -> Tensor:
    """softmax(-x): the smallest number, such as a distance, gets the largest part.

    Example:
        >>> softmin(torch.tensor([0.0, 0.0]))
        tensor([0.5000, 0.5000])
    """
    return softmax(-x, axis)


def log_softmax(x: Tensor, axis: int = -1) -> Tensor:
    """log(softmax(x)) without the rounding of going through softmax; float32 at least."""
    return F.log_softmax(_full(x), dim=axis)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x)); float32 at least; carries its logits."""
    logits = _full(x)
    return _carry(torch.sigmoid(logits), "sigmoid", logits)


def relu(x: Tensor) -> Tensor:
    """max(x, 0)."""
    return F.relu(x)


def relu6(x: Tensor) -> Tensor:
    """min(max(x, 0), 6)."""
    return F.relu6(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """x where x > 0, negative_slope * x elsewhere. Default 0.2, as in Keras."""
    return F.leaky_relu(x, negative_slope)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where x > 0, alpha * (exp(x) - 1) elsewhere."""
    return F.elu(x, alpha)


def selu(x: Tensor) -> Tensor:
    """The self-normalising ELU: scale * elu(x, alpha) with the constants of Klambauer et al."""
    return F.selu(x)


def gelu(x: Tensor, approximate: bool = False) -> Tensor:
    """x * Phi(x), Phi the normal distribution function; the tanh form if `approximate`."""
    return F.gelu(x, approximate="tanh" if approximate else "none")


def silu(x: Tensor) -> Tensor:
    """x * sigmoid(x), also called swish."""
    return F.silu(x)


def hard_sigmoid(x: Tensor) -> Tensor:
    """relu6(x + 3) / 6."""
    return F.hardsigmoid(x)


def hard_swish(x: Tensor) -> Tensor:
    """x * relu6(x + 3) / 6."""
    return F.hardswish(x)


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x))."""
    return F.softplus(x)


def softsign(x: Tensor) -> Tensor:
    """x / (1 + |x|)."""
    return F.softsign(x)


def tanh(x: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    return torch.tanh(x)


def scaled_tanh(x: Tensor) -> Tensor:
    """1.7159 tanh(2 x / 3), which is 1 at 1 and -1 at -1, and bends most there: LeCun et al."""
    return 1.7159 * torch.tanh(x * (2 / 3))
