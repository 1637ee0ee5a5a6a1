"""The accuracies of the texts: minutes of training each."""

from __future__ import annotations

from collections.abc import Iterator

from ..row import Row
from ..session import Session

__all__ = ["accuracy"]


def accuracy(session: Session) -> Iterator[Row]:
    """What each listing measures at its end, on the test pictures."""
    scores = {}
    for name in (
        "002_4_dense_training",
        "002_3_mnist_training",
        "001_3_mnist_training",
        "003_5_fashion_mnist_training",
    ):
        scores[name] = session.run(name).names["test_acc"]
        yield session.row(name, "test accuracy", scores[name])
        if name == "001_3_mnist_training":
            dense = 1 - scores["002_4_dense_training"]
            fewer = 1 - (1 - scores[name]) / dense if dense else 0.0
            yield session.row(name, "fewer errors than 002_4_dense_training", fewer)
