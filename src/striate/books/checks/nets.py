"""Géron's nets: Fashion-MNIST, ResNet-34, and two things said of blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import torch

from ... import layers
from ...models import Model
from ..row import Row
from ..session import Session

__all__ = ["nets"]


def nets(session: Session) -> Iterator[Row]:
    """Parameters of the built nets."""
    for name in ("003_4_fashion_mnist", "004_3_fashion_mnist"):
        model = session.run(name).names["model"]
        yield session.row(name, "parameters", model.count_params())
    squeeze = layers.SqueezeExcite()
    squeeze.build((None, 7, 7, 64))
    hidden = next(w.shape[-1] for w in squeeze.get_weights() if w.shape[-1] != 64)
    yield session.row("004", "hidden units of squeeze and excitation, 64 maps", hidden)
    yield from _resnet34(session)
    yield session.row("004", "Dense as a convolution, difference", _dense_as_convolution())


def _resnet34(session: Session) -> Iterator[Row]:
    name = "004_4_resnet34"
    names = session.run(name).names
    model = names["model"]
    units = [layer for layer in model.layers if isinstance(layer, names["ResidualUnit"])]
    by_filters = Counter(unit.main_layers[0].filters for unit in units)
    yield session.row(name, "residual units by filters", tuple(by_filters.values()))
    for classes in (10, 1_000):
        if classes != 10:
            model.pop()
            model.add(layers.Dense(classes, activation="softmax"))
        total, trainable = _counts(model)
        yield session.row(name, f"parameters, {classes:,} classes", total)
        yield session.row(name, f"trainable, {classes:,} classes", trainable)


def _counts(model: Model) -> tuple[int, int]:
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return model.count_params(), trainable


def _dense_as_convolution() -> float:
    """A dense layer's weights as kernels as large as the picture, "valid": the same numbers."""
    maps = torch.rand(2, 7, 7, 8, generator=torch.Generator().manual_seed(0))
    dense, conv = layers.Dense(10), layers.Conv2D(10, 7, padding="valid")
    wanted = dense(layers.Flatten()(maps))
    conv.build(maps.shape)
    kernel, bias = dense.get_weights()
    conv.set_weights([kernel.reshape(7, 7, 8, 10), bias])
    difference: torch.Tensor = conv(maps)[:, 0, 0] - wanted
    return difference.abs().max().item()
