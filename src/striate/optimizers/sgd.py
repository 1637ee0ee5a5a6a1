"""Stochastic gradient descent, with momentum and Nesterov's momentum."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .. import _check
from .base import Optimizer
from .schedules import Schedule

__all__ = ["SGD"]


class SGD(Optimizer):
    """Gradient descent, with momentum where wanted.

    Without momentum p -= lr * g. With it m = momentum * m - lr * g, then p += m, or with
    `nesterov` p += momentum * m - lr * g. The learning rate is inside m, as in Keras (torch
    keeps it outside, which differs when the rate changes).

    Args:
        learning_rate: a number or a `Schedule`. Default 0.01.
        momentum: part of the last movement that is kept, 0..1. Default 0.
        nesterov: look ahead along the momentum. Default False.
        weight_decay: see `Optimizer`. Default None.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = SGD(0.1, momentum=0.9)
        >>> optimizer.bind([w])
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.tolist()
        [0.800000011920929]

    Reference:
        Sutskever et al., "On the importance of initialization and momentum in deep learning",
        ICML 2013, equations 1 to 4.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.01,
        momentum: float = 0.0,
        *,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            {
                "momentum": _check.number("SGD", "momentum", momentum, 0.0, 1.0),
                "nesterov": _check.flag("SGD", "nesterov", nesterov),
            },
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
        )

    def _new_state(self, group: dict[str, Any], parameter: Tensor) -> dict[str, Tensor]:
        return {"momentum": torch.zeros_like(parameter)} if group["momentum"] else {}

    def _update(
        self,
        group: dict[str, Any],
        parameters: list[Tensor],
        gradients: list[Tensor],
        state: dict[str, list[Tensor]],
    ) -> None:
        rate, momentum = group["lr"], group["momentum"]
        if not momentum:
            torch._foreach_add_(parameters, gradients, alpha=-rate)
            return
        moments = state["momentum"]
        torch._foreach_mul_(moments, momentum)
        torch._foreach_add_(moments, gradients, alpha=-rate)
        if group["nesterov"]:
            torch._foreach_add_(parameters, gradients, alpha=-rate)
            torch._foreach_add_(parameters, moments, alpha=momentum)
        else:
            torch._foreach_add_(parameters, moments)
