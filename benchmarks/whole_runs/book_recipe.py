"""The recipes of the books: what every library's run of them shares.

MNIST: S1, rmsprop, batches of 64, pixels / 255 (Chollet). Fashion-MNIST: F, nadam, batches of 32,
every pixel standardised over the first 55,000 training pictures, which are all it learns from
(Géron). After each epoch the test pictures are scored; at the target the run ends.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import numpy as np

NET = {"mnist": "S1", "fashion_mnist": "F"}
BATCH = {"mnist": 64, "fashion_mnist": 32}
TARGET = {"mnist": 0.99, "fashion_mnist": 0.91}
MOST_EPOCHS = 15
VALIDATION = 5_000

Arrays = tuple[np.ndarray, np.ndarray]


def data(name: str, pictures: str) -> tuple[Arrays, Arrays]:
    """((x, y), (x_test, y_test)) as the book hands them to fit."""
    with np.load(pictures) as kept:
        x, y, x_test, y_test = (kept[each] for each in ("x", "y", "x_test", "y_test"))
    y, y_test = y.astype("int64"), y_test.astype("int64")
    if name == "mnist":
        return (x.astype("float32") / 255, y), (x_test.astype("float32") / 255, y_test)
    x, y = x[:-VALIDATION], y[:-VALIDATION]
    mean = x.mean(axis=0, keepdims=True, dtype="float64")
    std = x.std(axis=0, keepdims=True, dtype="float64") + 1e-7
    x, x_test = (((each - mean) / std).astype("float32") for each in (x, x_test))
    return (x, y), (x_test, y_test)


def until_target(name: str, epoch: Callable[[], float]) -> None:
    """Epochs until the accuracy that one returns is the target; prints what came of it."""
    accuracy, epochs = 0.0, 0
    while accuracy < TARGET[name] and epochs < MOST_EPOCHS:
        accuracy, epochs = epoch(), epochs + 1
    print(json.dumps({"accuracy": accuracy, "epochs": epochs}))


def words() -> tuple[str, str, int, int]:
    """Name, file of pictures, seed and threads, as the command line has them."""
    name, pictures, seed, threads = sys.argv[1:5]
    return name, pictures, int(seed), int(threads)
