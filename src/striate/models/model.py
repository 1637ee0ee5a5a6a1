"""Model: a network with Keras' verbs to train it, ask it and keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import (
    compiling,
    evaluating,
    fitting,
    predicting,
    rate_finding,
    saving,
    summary,
    weight_export,
    weight_loading,
)
from .network import Network

__all__ = ["Model"]


class Model(Network):
    """A net: a plain `torch.nn.Module` with Keras' ways to build, train and ask it.

    `Model(inputs, outputs)` joins what was called between the two. A subclass writes `__init__`
    (makes layers) and `call(x)` or `call(x, training=None)`.

    Args:
        inputs: an `Input`, or a list, tuple or dict of such.
        outputs: results of layer calls: one, or a list, tuple or dict of such.
        name: of the model. Default "model".
        auxiliary: name -> (result of a layer call, factor of its loss). They are early guesses at
            the one output, with its loss and its targets, and are there in training alone: the
            model then gives a dict. Default None: none.

    Raises:
        ArgumentError: ends that are not symbolic, outputs that need an input not listed, two
            layers of one name, auxiliary outputs beside several outputs.

    Example:
        >>> import striate
        >>> x = striate.Input((28, 28, 1))
        >>> y = striate.layers.Conv2D(filters=32, kernel_size=3, activation="relu")(x)
        >>> striate.Model(inputs=x, outputs=y).count_params()
        320
    """

    def summary(self, print_fn: Callable[[str], Any] | None = None) -> None:
        """Prints the table of layers, output shapes and parameter counts, as the books do.

        Args:
            print_fn: called with each line instead of `print`.
        """
        for line in summary.table(self):
            (print_fn or print)(line)

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` returns, in its order; known after `fit` or `evaluate`."""
        return evaluating.metrics_names(self)

    compile = compiling.compile_model
    fit = fitting.fit
    train_on_batch = fitting.train_on_batch
    lr_find = rate_finding.lr_find
    evaluate = evaluating.evaluate
    predict = predicting.predict
    save = saving.save
    load_weights = weight_loading.load_weights
    export_weights = weight_export.export_weights
    to_json = saving.to_json
