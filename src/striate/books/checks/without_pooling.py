"""Chollet's nets: parameters layer by layer, and what becomes of them without pooling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ... import layers
from ...models import Model
from ...shapes import element_count
from ...windows import ReceptiveField
from ..row import Row
from ..session import Session

__all__ = ["without_pooling"]


def without_pooling(session: Session) -> Iterator[Row]:
    """Counts from the built nets."""
    net = session.run("002_1_mnist_convnet").names["model"]
    convs = [layer for layer in net.layers if isinstance(layer, layers.Conv2D)]
    for word, conv in zip(("first", "second", "third"), convs, strict=True):
        what = f"parameters of the {word} Conv2D"
        yield session.row("002_1_mnist_convnet", what, conv.count_params())
    flat = next(layer for layer in net.layers if isinstance(layer, layers.Flatten))
    yield session.row("002_1_mnist_convnet", "numbers after Flatten", flat.output.shape[1])
    yield session.row("002_1_mnist_convnet", "parameters of Dense", net.layers[-1].count_params())

    name = "001_2_without_pooling"
    base = session.run(name).names["model_no_max_pool"]
    yield session.row(name, "pixels that a window of the third layer sees", _window(base))
    yield session.row(name, "numbers in the final feature map", _numbers(base.output))
    dense = layers.Dense(512)
    dense(layers.Flatten()(base.output))
    yield session.row(name, "parameters of Dense(512)", dense.count_params())

    name = "002_2_without_pooling"
    net = session.run(name).names["model"]
    what = "pixels that a window of the third layer sees"
    yield session.row("000", f"{what}, no pooling", _window(net))
    yield session.row(name, what, _window(net))
    yield session.row(name, "numbers in the final feature map", _numbers(net.layers[-2].output))
    yield session.row(name, "parameters of Dense(10)", net.layers[-1].count_params())

    errors = {"dense": 1 - 0.978, "convnet": 1 - 0.993}
    fewer = 1 - errors["convnet"] / errors["dense"]
    yield session.row("001", "fewer errors at 99.3 % than at 97.8 %", fewer)


def _window(net: Model) -> int:
    """Pixels along one side that the last convolution sees of the picture."""
    field = ReceptiveField()
    for layer in net.layers:
        if isinstance(layer, layers.Conv2D):
            field = field.then(kernel=layer.kernel_size[0], stride=layer.strides[0])
    return int(field.size_px)


def _numbers(output: Any) -> Any:
    return element_count(output.shape[1:])
