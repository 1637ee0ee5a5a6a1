"""Pooling: the toy, what is dropped, mean colours, and the listings' ways to say the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from ... import ops
from ..row import Row
from ..session import Session

__all__ = ["pooling"]


def pooling(session: Session) -> Iterator[Row]:
    """The numbers of Géron's pages on pooling."""
    toy = torch.tensor([[1.0, 5.0], [3.0, 2.0]]).reshape(1, 2, 2, 1)
    yield session.row("003", "of 1, 5, 3, 2 max pooling keeps", ops.max_pool(toy).item())
    yield session.row("003", "dropped by a 2×2 kernel at stride 2", _dropped())
    yield from _third_edition(session)
    yield from _second_edition(session)


def _dropped() -> float:
    """The share of the inputs on which no output depends."""
    images = torch.arange(32.0 * 32 * 3).reshape(1, 32, 32, 3).requires_grad_()
    ops.max_pool(images).sum().backward()
    gradient = torch.zeros(()) if images.grad is None else images.grad
    return (gradient == 0).float().mean().item()


def _third_edition(session: Session) -> Iterator[Row]:
    name = "003_2_pooling"
    names = session.run(name).names
    images = names["images"]
    means = names["global_avg_pool"](images)
    # The text's digits are a float32 sum of pixel after pixel; a mean here rounds less.
    pixels = images.numpy().reshape(2, -1, 3)
    total = np.add.accumulate(pixels, axis=1, dtype=np.float32)[:, -1]
    one_by_one = total / np.float32(pixels.shape[1])
    for number, photograph in enumerate(("china", "flower")):
        here = tuple(means[number].tolist())
        yield session.row(name, f"mean red, green, blue of {photograph}", here)
        what = f"{photograph}'s, summed one by one"
        yield session.row(name, what, tuple(one_by_one[number].tolist()))
    difference = _difference(names["lambda_pool"](images), means)
    yield session.row(name, "Lambda with a mean, difference", difference)
    pooled = names["max_pool"](images)
    yield session.row(name, "MaxPool2D of the images", tuple(pooled.shape))


def _second_edition(session: Session) -> Iterator[Row]:
    name = "004_2_pooling"
    names = session.run(name).names
    images = torch.as_tensor(names["images"], dtype=torch.float32)
    yield session.row(name, "MaxPool2D", tuple(names["max_pool"](images).shape))
    output = names["output"]
    yield session.row(name, "ops.max_pool over channels", tuple(output.shape))
    difference = _difference(names["depth_pool"](images), output)
    yield session.row(name, "Lambda around it, difference", difference)
    means = names["global_avg_pool"](images)
    difference = _difference(names["lambda_pool"](images), means)
    yield session.row(name, "Lambda with a mean, difference", difference)


def _difference(a: torch.Tensor, b: torch.Tensor) -> float:
    return (a - b).abs().max().item()
