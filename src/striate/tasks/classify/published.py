"""A classifier that nobody here has trained: a net with published weights, asked as it is."""

from __future__ import annotations

import os

from striate import _check
from striate.applications import pretrained
from striate.models import Backbone
from striate.tasks.classify.classifier import Classifier
from striate.tasks.run.environment import best_device
from striate.weights.bringing import Progress
from striate.weights.catalogue import published_weights
from striate.weights.class_names import class_table
from striate.weights.records import PublishedWeights

__all__ = ["published_classifier"]


def published_classifier(
    architecture: str,
    weights: str | os.PathLike[str] = "imagenet",
    *,
    progress: Progress | None = None,
) -> Classifier:
    """A classifier of the classes that published weights know, on the best device.

    Args:
        architecture: of the net, "efficientnet_lite0".
        weights: name of published ones; or a file of the user's for the same classes, whose
            pictures are prepared as those of the published ones in its dialect.
        progress: called while a file is fetched, with bytes held and bytes in all.

    Raises:
        ArgumentError: no such architecture; weights that nobody is known to publish; a file for a
            net of which nobody publishes any in its dialect.
        DataError: the file cannot be had.
        WeightsError: a file that does not hold the weights of the net.
        MissingExtraError: the package that holds the weights, or reads them, is not installed.

    Example:
        >>> classifier = published_classifier("efficientnet_lite0")
        >>> len(classifier.class_names), classifier.preprocess.size
        (1000, (224, 224))
    """
    found = pretrained(architecture, weights, progress=progress)
    record = found.record or _record_like(architecture, found.net, weights)
    names = tuple(each.name for each in class_table(record.labels))
    net = found.net.to(best_device())
    return Classifier(net, names, record.preprocess, several=False)


def _record_like(
    architecture: str, net: Backbone, weights: str | os.PathLike[str]
) -> PublishedWeights:
    """The published weights of the same net, by which a file's pictures are prepared."""
    dialect = net.origin.dialect if net.origin is not None else ""
    for each in published_weights():
        if (each.architecture, each.dialect, each.include_top) == (architecture, dialect, True):
            return each
    rule = f"be published for {architecture}, to tell its classes and how pictures are prepared"
    fix = "Use striate import with labels and preprocessing, and striate predict."
    _check.fail("classify", "weights", rule, os.fspath(weights), fix)
