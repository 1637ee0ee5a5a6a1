"""From a name in `compile` to a metric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from .. import _check
from .._registry import Registry
from .accuracy import (
    AccuracyByShape,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
)
from .auc import AUC
from .base import Metric
from .f1_score import F1Score
from .function import FunctionMetric
from .mean_io_u import MeanIoU
from .precision_recall import Precision, Recall
from .regression import MeanAbsoluteError, MeanSquaredError
from .top_k import SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy

__all__ = ["get"]


@dataclass(frozen=True)
class _Known:
    """What `compile` knows about an output; a metric made by name takes it over."""

    classes: int | None
    from_logits: bool
    ignore_class: int | None
    independent: bool
    smallest_wins: bool

    @property
    def threshold(self) -> float:
        """The middle of the outputs' range."""
        return 0.0 if self.from_logits else 0.5


Builder = Callable[[str, _Known], Metric]
_NAMES: Registry[Builder] = Registry("metric")


@_NAMES.register("acc")
@_NAMES.register("accuracy")
def _accuracy(name: str, known: _Known) -> Metric:
    return AccuracyByShape(
        name,
        ignore_class=known.ignore_class,
        threshold=known.threshold,
        smallest_wins=known.smallest_wins,
    )


@_NAMES.register("binary_accuracy")
def _binary_accuracy(name: str, known: _Known) -> Metric:
    return BinaryAccuracy(known.threshold, name)


@_NAMES.register("categorical_accuracy")
def _categorical_accuracy(name: str, known: _Known) -> Metric:
    return CategoricalAccuracy(name)


@_NAMES.register("sparse_categorical_accuracy")
def _sparse_categorical_accuracy(name: str, known: _Known) -> Metric:
    return SparseCategoricalAccuracy(name, ignore_class=known.ignore_class)


@_NAMES.register("top_k_categorical_accuracy")
def _top_k(name: str, known: _Known) -> Metric:
    return TopKCategoricalAccuracy(name=name)


@_NAMES.register("sparse_top_k_categorical_accuracy")
def _sparse_top_k(name: str, known: _Known) -> Metric:
    return SparseTopKCategoricalAccuracy(name=name)


@_NAMES.register("auc")
def _auc(name: str, known: _Known) -> Metric:
    return AUC(from_logits=known.from_logits, name=name)


@_NAMES.register("precision")
def _precision(name: str, known: _Known) -> Metric:
    return Precision(known.threshold, name=name)


@_NAMES.register("recall")
def _recall(name: str, known: _Known) -> Metric:
    return Recall(known.threshold, name=name)


@_NAMES.register("f1_score")
def _f1_score(name: str, known: _Known) -> Metric:
    return F1Score("macro", known.threshold if known.independent else None, name=name)


@_NAMES.register("mse")
@_NAMES.register("mean_squared_error")
def _mean_squared_error(name: str, known: _Known) -> Metric:
    return MeanSquaredError(name)


@_NAMES.register("mae")
@_NAMES.register("mean_absolute_error")
def _mean_absolute_error(name: str, known: _Known) -> Metric:
    return MeanAbsoluteError(name)


@_NAMES.register("mean_io_u")
def _mean_io_u(name: str, known: _Known) -> Metric:
    if known.classes is None or known.classes < 2:
        rule = 'not be "mean_io_u" where the outputs are not scores of at least 2 classes'
        _check.fail("compile", "metrics", rule, name, "Use MeanIoU(num_classes=...).")
    return MeanIoU(known.classes, name, ignore_class=known.ignore_class, sparse_y_pred=False)


def get(
    metric: str | Metric | Callable[[Tensor, Tensor], Tensor],
    *,
    output_shape: Sequence[int | None] | None = None,
    loss: object = None,
) -> Metric:
    """A fresh metric by name, the given object as it is, or a function made into a metric.

    A metric made by name bears that name and takes over from the output's loss what it must
    know to be right: outputs that are logits are cut at 0 and not at 1/2, and the class that
    the loss ignores does not count. "accuracy" and "acc" become the accuracy that fits the
    shapes, see `AccuracyByShape`; "f1_score" is the mean over classes, at the threshold where the
    loss takes every output for a yes or no of its own.

    Args:
        metric: a name; a `Metric`; or a function of (y_true, y_pred) that gives one number per
            sample or one for the batch.
        output_shape: shape of the model's output; "mean_io_u" reads its number of classes.
            Default None: not known.
        loss: the loss of the same output. Default None.

    Raises:
        ArgumentError: an unknown name, a class, or another object.

    Example:
        >>> get("acc")
        AccuracyByShape(ignore_class=None, threshold=0.5, smallest_wins=False, name='acc')
        >>> get("mean_io_u", output_shape=(None, 64, 64, 21)).get_config()["num_classes"]
        21
    """
    if isinstance(metric, Metric):
        return metric
    if isinstance(metric, str):
        known = _Known(
            classes=output_shape[-1] if output_shape else None,
            from_logits=bool(getattr(loss, "from_logits", False)),
            ignore_class=getattr(loss, "ignore_class", None),
            independent=bool(getattr(loss, "independent", False)),
            smallest_wins=bool(getattr(loss, "smallest_wins", False)),
        )
        if known.smallest_wins and metric not in ("acc", "accuracy"):
            rule = 'be "accuracy" where the loss takes the outputs for distances'
            _check.fail("compile", "metrics", rule, metric, "Give a function, or leave it out.")
        return _NAMES.get(metric, place="compile", argument="metrics")(metric, known)
    if isinstance(metric, type) or not callable(metric):
        rule = "be names of metrics, metric objects, or functions of (y_true, y_pred)"
        fix = 'For example metrics=["accuracy"] or metrics=[TopKCategoricalAccuracy(k=3)].'
        _check.fail("compile", "metrics", rule, metric, fix)
    return FunctionMetric(metric)
