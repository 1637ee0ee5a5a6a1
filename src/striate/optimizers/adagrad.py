"""Adagrad, as Keras computes it: epsilon inside the root, the sum starts at 0.1."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .. import _check
from .base import Optimizer
from .schedules import Schedule

__all__ = ["Adagrad"]


class Adagrad(Optimizer):
    """Gradient descent with each step divided by the root of the sum of all squared gradients.

    a += g^2, p -= lr * g / sqrt(a + epsilon); a starts at `initial_accumulator_value`.

    Args:
        learning_rate: a number or a `Schedule`. Default 0.001 as in Keras; the paper's results
            want more, about 0.01 to 1.
        initial_accumulator_value: start of the sum, 0 or more. Default 0.1 (torch: 0).
        epsilon: keeps the root above 0. Default 1e-7.
        weight_decay: see `Optimizer`. Default None.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = Adagrad(0.1, initial_accumulator_value=0.0)
        >>> optimizer.bind([w])
        >>> w.sum().backward()
        >>> optimizer.step()
        >>> round(w.item(), 4)
        0.9

    Reference:
        Duchi et al., "Adaptive Subgradient Methods for Online Learning and Stochastic
        Optimization", JMLR 12, 2011.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        initial_accumulator_value: float = 0.1,
        *,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        start = _check.number(
            "Adagrad", "initial_accumulator_value", initial_accumulator_value, 0.0
        )
        super().__init__(
            learning_rate,
            {
                "initial_accumulator_value": start,
                "epsilon": _check.number("Adagrad", "epsilon", epsilon, 0.0),
            },
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
        )

    def _new_state(self, group: dict[str, Any], parameter: Tensor) -> dict[str, Tensor]:
        return {"accumulator": torch.full_like(parameter, group["initial_accumulator_value"])}

    def _update(
        self,
        group: dict[str, Any],
        parameters: list[Tensor],
        gradients: list[Tensor],
        state: dict[str, list[Tensor]],
    ) -> None:
        sums = state["accumulator"]
        torch._foreach_addcmul_(sums, gradients, gradients, value=1.0)
        roots = list(torch._foreach_add(sums, group["epsilon"]))
        torch._foreach_sqrt_(roots)
        torch._foreach_addcdiv_(parameters, gradients, roots, value=-group["lr"])
