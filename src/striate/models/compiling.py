"""compile: which optimizer, losses and metrics a model is trained with."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import _check, losses, metrics, optimizers
from ..losses import Loss
from ..metrics import Metric
from ..train.criterion import Criterion
from ..train.totals import OutputMetrics
from .network import Network

__all__ = ["Compiled", "compile_model"]

_TORCH_WORDS = ("backend", "mode", "fullgraph", "dynamic", "options", "disable")


@dataclass(frozen=True)
class Compiled:
    """What `compile` was told; it meets the model's outputs when training begins.

    Args:
        loss: a loss, or one for each output: a list in order or a dict by name.
        metrics: names or Metrics: a list for all outputs, a list of lists, or a dict by name.
        loss_weights: factors of the losses in the total, like `loss`.
    """

    loss: Any
    metrics: Any
    loss_weights: Any

    def criterion(
        self, names: Sequence[str], auxiliary: Mapping[str, float] | None = None
    ) -> Criterion:
        """The losses of the outputs of these names.

        Args:
            names: of the outputs.
            auxiliary: factors, by name, of the outputs that training alone has; they take the one
                output's loss.
        """
        if self.loss is None:
            fix = 'For example model.compile("rmsprop", loss="categorical_crossentropy").'
            _check.fail("compile", "loss", "be given before training or evaluation", None, fix)
        each = _per_output(self.loss, names, "loss")
        found: list[Loss | None] = [None if loss is None else losses.get(loss) for loss in each]
        early = dict(auxiliary or {})
        known = [*names, *early] if isinstance(self.loss_weights, dict) else names
        given = _per_output(self.loss_weights, known, "loss_weights")
        factors = dict.fromkeys(names, 1.0) | early
        factors |= {
            name: _check.number("compile", "loss_weights", factor)
            for name, factor in zip(known, given, strict=True)
            if factor is not None
        }
        found += found[:1] * len(early)
        return Criterion(found, list(factors), list(factors.values()), auxiliary=len(early))

    def output_metrics(self, names: Sequence[str], shapes: Sequence[Any]) -> OutputMetrics:
        """The metrics of the outputs of these names and shapes; an output has its own count."""
        given = self.metrics
        if isinstance(given, list | tuple) and len(names) > 1 and len(given) == len(names):
            nested = any(isinstance(part, list | tuple) for part in given)
            each = list(given) if nested else [given] * len(names)
        elif isinstance(given, dict):
            each = _per_output(given, names, "metrics")
        else:
            each = [given] * len(names)
        losses_of = [
            None if loss is None else losses.get(loss)
            for loss in _per_output(self.loss, names, "loss")
        ]
        entries: list[tuple[str, int, Metric]] = []
        for place, (name, wanted) in enumerate(zip(names, each, strict=True)):
            for one in _as_list(wanted):
                metric = metrics.get(one, output_shape=shapes[place], loss=losses_of[place])
                label = one if isinstance(one, str) else metric.name
                label = "accuracy" if label == "acc" else label
                metric = copy.deepcopy(metric)  # an evaluation within a fit counts for itself
                entries.append((f"{name}_{label}" if len(names) > 1 else label, place, metric))
        _require_new_names([label for label, _, _ in entries], names)
        return OutputMetrics(entries, names)


def compile_model(
    self: Network,
    optimizer: Any = "rmsprop",
    loss: Any = None,
    metrics: Any = None,
    loss_weights: Any = None,
    **unknown: Any,
) -> None:
    """Sets optimizer, losses and metrics for `fit` and `evaluate`.

    Args:
        optimizer: a name ("rmsprop", "adam", …), one of `striate.optimizers`, or a torch optimizer
            that holds the model's parameters.
        loss: a name, a Loss or a function of (y_true, y_pred); for several outputs a list in
            order, or a dict by output name; one loss alone serves every output.
        metrics: names or Metrics; for several outputs a list of lists or a dict by output name; a
            flat list serves every output.
        loss_weights: factors of the losses in the total, like `loss`. A dict may also name the
            auxiliary outputs, whose factors are else those that the net was made with.

    Raises:
        ArgumentError: an unknown name, or a keyword that is torch.compile's.
    """
    for word, value in unknown.items():
        if word in _TORCH_WORDS:
            rule = "not be given: compile is Keras' here"
            _check.fail("compile", word, rule, value, "For torch.compile use fit(..., jit=True).")
        near = _check.nearest(word, ("optimizer", "loss", "metrics", "loss_weights"), 1)[0]
        _check.fail("compile", word, "be an argument", value, f'Did you mean "{near}"?')
    for part in _as_list(list(loss.values()) if isinstance(loss, dict) else loss):
        if part is not None:
            losses.get(part)
    self.optimizer = optimizers.get(optimizer)
    self.compiled = Compiled(loss, metrics, loss_weights)
    self.scored = ()


def _require_new_names(labels: Sequence[str], outputs: Sequence[str]) -> None:
    """Refuses two numbers of one name: the second would take the place of the first."""
    taken = {"loss", *(f"{name}_loss" for name in outputs if len(outputs) > 1)}
    for label in labels:
        if label in taken:
            fix = 'Name it: metrics.MeanSquaredError(name="mse_2").'
            _check.fail("compile", "metrics", "have names of their own in the logs", label, fix)
        taken.add(label)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _per_output(value: Any, names: Sequence[str], argument: str) -> list[Any]:
    """One entry for each output, from one for all, a list in order, or a dict by name."""
    if isinstance(value, dict):
        unknown = [name for name in value if name not in names]
        if unknown:
            rule = f"name outputs of the model: {', '.join(names)}"
            _check.fail("compile", argument, rule, unknown[0])
        return [value.get(name) for name in names]
    if isinstance(value, list | tuple):
        if len(value) != len(names):
            rule = f"hold one entry for each of the outputs {', '.join(names)}"
            _check.fail("compile", argument, rule, value)
        return list(value)
    return [value] * len(names)
