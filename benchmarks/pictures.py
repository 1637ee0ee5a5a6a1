"""The pictures of the rows, as files that every contender's process can read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from striate.datasets import fashion_mnist, mnist


def grey(name: str, folder: Path, *, train: int, test: int) -> str:
    """MNIST ("mnist") or Fashion-MNIST ("fashion_mnist"): the first pictures of both parts."""
    path = folder / f"{name}-{train}-{test}.npz"
    if not path.is_file():
        split = {"mnist": mnist, "fashion_mnist": fashion_mnist}[name].load_data()
        (x, y), (x_test, y_test) = split
        save(path, x[:train, ..., None], y[:train], x_test[:test, ..., None], y_test[:test])
    return str(path)


def large(folder: Path, *, count: int, side_px: int) -> str:
    """The first pictures of Fashion-MNIST as larger ones in colour; none to test on."""
    return resized(folder, "RGB", count, side_px)


def scaled(folder: Path, *, count: int, side_px: int) -> str:
    """The same in grey."""
    return resized(folder, "L", count, side_px)


def resized(folder: Path, mode: str, count: int, side_px: int) -> str:
    path = folder / f"fashion_mnist-{mode}-{count}-{side_px}.npz"
    if not path.is_file():
        (x, y), _ = fashion_mnist.load_data()
        size = (side_px, side_px)
        pictures = [Image.fromarray(each).convert(mode).resize(size) for each in x[:count]]
        pixels = np.stack([np.asarray(each).reshape(*size, -1) for each in pictures])
        save(path, pixels, y[:count], pixels[:0], y[:0])
    return str(path)


def save(path: Path, x, y, x_test, y_test) -> None:
    np.savez(path, x=x, y=y, x_test=x_test, y_test=y_test)
