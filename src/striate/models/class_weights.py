"""Class weights: the factor of each sample in the loss, by its class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from .. import _check, structure
from ..errors import StriateError
from ..losses import Loss
from ..records import Batch

__all__ = ["ClassWeighted", "check_class_weight", "class_weighted", "require_classes"]

_RULE = "map class numbers, 0, 1, …, to factors"


def check_class_weight(class_weight: Any) -> dict[int, float]:
    """The factors by class; none where None was given.

    Raises:
        ArgumentError: no dict, a key that is no class number, or a factor that is no number from 0.
    """
    if class_weight is None:
        return {}
    if not isinstance(class_weight, dict):
        _check.fail("fit", "class_weight", _RULE, class_weight, "For example {0: 1.0, 1: 5.0}.")
    for key, factor in class_weight.items():
        if not isinstance(key, int) or key < 0:
            _check.fail("fit", "class_weight", _RULE, key)
        _check.number("fit", f"class_weight[{key}]", factor, low=0.0)
    return class_weight


class ClassWeighted:
    """Batches whose samples are also weighted by their class.

    Args:
        batches: as they come.
        class_weight: class number -> factor.
    """

    def __init__(self, batches: Any, class_weight: dict[int, float]) -> None:
        self.unweighted, self._class_weight = batches, class_weight
        self.preprocess = getattr(batches, "preprocess", None)
        self.has_cursor = getattr(batches, "has_cursor", True)

    @property
    def steps_per_epoch(self) -> int | None:
        """As of the batches."""
        steps: int | None = self.unweighted.steps_per_epoch
        return steps

    def epoch(self, number: int, *, start_step: int = 0) -> Any:
        """The batches of an epoch, weighted."""
        for batch in self.unweighted.epoch(number, start_step=start_step):
            weights = class_weighted(batch.targets, batch.weights, self._class_weight)
            yield Batch(batch.images, batch.targets, weights, batch.sample_ids)


def class_weighted(targets: Any, weights: Any, class_weight: dict[int, float]) -> Tensor:
    """The sample weights times the weight of each sample's class; a class not named counts 1.

    Args:
        targets: class numbers (n,) or (n, 1), or one-hot rows (n, classes).
        weights: sample weights (n,) or None.
        class_weight: class number -> factor.

    Raises:
        ArgumentError: several outputs, or targets that are not classes.
    """
    goal = _classes_of(targets, class_weight)
    classes = goal.argmax(dim=1) if _is_one_hot(goal) else goal.reshape(-1)
    factors = torch.ones(len(classes), device=classes.device)
    for key, factor in class_weight.items():
        factors[classes == key] = factor
    return factors if weights is None else factors * weights


def require_classes(
    class_weight: dict[int, float],
    targets: Any,
    loss: Loss | None,
    outputs_shape: Sequence[int | None],
) -> None:
    """Refuses the weight of a class that no sample can be of.

    Args:
        class_weight: class number -> factor.
        targets: of a batch.
        loss: of the output.
        outputs_shape: of the output.

    Raises:
        ArgumentError: a class that the targets, or the loss, cannot have.
    """
    goal = _classes_of(targets, class_weight)
    for key in class_weight:
        exists = key < goal.shape[1] if _is_one_hot(goal) else _takes(loss, key, outputs_shape)
        if not exists:
            fix = "Class numbers begin at 0."
            _check.fail("fit", "class_weight", "name classes that the model has", key, fix)


def _classes_of(targets: Any, class_weight: dict[int, float]) -> Tensor:
    goals = structure.leaves(targets)
    goal = goals[0] if len(goals) == 1 else None
    if not isinstance(goal, Tensor) or goal.dim() not in (1, 2):
        rule = "be used with one output whose targets are classes (n,), (n, 1) or (n, classes)"
        _check.fail("fit", "class_weight", rule, class_weight, "Use sample_weight instead.")
    return goal


def _is_one_hot(goal: Tensor) -> bool:
    return goal.dim() == 2 and goal.shape[1] > 1


def _takes(loss: Loss | None, key: int, outputs_shape: Sequence[int | None]) -> bool:
    """Whether the loss can compare the output with this class number."""
    if loss is None:
        return True
    try:
        loss.check_targets(torch.tensor([[float(key)]]), outputs_shape)
    except StriateError:
        return False
    return True
