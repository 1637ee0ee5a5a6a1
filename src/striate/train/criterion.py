"""The criterion contract: (outputs, targets, weights) -> {name: (sum, count)}.

The step divides each sum by its count, after both were added over all processes, so that a batch
may be cut in any way without changing the loss. `Criterion` is the one that `compile` makes from
losses; a task may bring any callable of the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .. import _check, structure
from ..losses import Loss
from ..world import World

__all__ = ["Criterion", "CriterionFunction", "Sums", "shares_of", "total_loss"]

Sums = Mapping[str, tuple[Tensor, Any]]
"""For each part of the loss its sum, and how many values it is the sum of."""
CriterionFunction = Callable[[Any, Any, Any], Sums]


@dataclass(frozen=True)
class Criterion:
    """One loss for each output of a model.

    Args:
        losses: one for each leaf of the outputs; None for an output without.
        names: of the outputs; targets and weights in a dict are found by them.
        factors: of each output's loss in the total.
        auxiliary: how many of the last ones training alone has; their targets and weights are
            those of the one output before them.
    """

    losses: Sequence[Loss | None]
    names: Sequence[str]
    factors: Sequence[float]
    auxiliary: int = 0

    def __call__(self, outputs: Any, targets: Any, weights: Any = None) -> Sums:
        """The sum and count of each output's loss."""
        outs, goals = structure.leaves(outputs), self._each("targets", targets)
        early = self.auxiliary if len(outs) > 1 else 0
        if len(outs) != len(goals) + early:
            rule = f"hold one tensor for each of the model's {len(outs) - early} outputs"
            _check.fail("fit", "targets", rule, f"{len(goals)} tensors")
        goals = goals + goals[:1] * early
        each = self._each("weights", weights)
        each = each if len(each) == len(outs) else each * len(outs)
        shown = len(outs) if self.auxiliary else None
        sums = {}
        for name, loss, output, goal, weight in zip(
            self.names[:shown], self.losses[:shown], outs, goals, each, strict=True
        ):
            if loss is not None:
                sums[name] = loss.criterion(output, goal, weight)
        return sums

    def check_targets(self, targets: Any, outputs_shapes: Sequence[Any]) -> None:
        """Refuses targets that do not fit their loss; cheap where the targets are on the host."""
        goals = self._each("targets", targets)
        for loss, goal, shape in zip(self.losses, goals, outputs_shapes, strict=False):
            if loss is not None:
                loss.check_targets(goal, shape)

    def _each(self, argument: str, given: Any) -> list[Any]:
        """One for each output; a dict's in the order of the outputs, whatever its own."""
        names = self.names[: len(self.names) - self.auxiliary]
        each = structure.leaves_by_name(given, names)
        if each is None:
            rule = f"name the model's outputs: {', '.join(names)}"
            _check.fail("fit", argument, rule, ", ".join(structure.names(given)))
        return each


def total_loss(criterion: CriterionFunction, sums: Sums, world: World) -> Tensor:
    """Each part's sum over its count in all processes, times its factor, added up."""
    shares = shares_of(criterion, sums, world)
    parts = [part / shares[name][0] * shares[name][1] for name, (part, _) in sums.items()]
    return parts[0] if len(parts) == 1 else torch.stack(parts).sum()


def shares_of(
    criterion: CriterionFunction, sums: Sums, world: World
) -> dict[str, tuple[Any, float]]:
    """By what each part's sum is divided in the total, its count in all processes, and its factor.

    A part that counts nothing is divided by 1.
    """
    factors = dict(
        zip(getattr(criterion, "names", ()), getattr(criterion, "factors", ()), strict=True)
    )
    shares = {}
    for name, (_, count) in sums.items():
        everywhere = world.sum(count)
        least = everywhere.clamp_min(1) if isinstance(everywhere, Tensor) else max(everywhere, 1)
        shares[name] = (least, factors.get(name, 1.0))
    return shares
