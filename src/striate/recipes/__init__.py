"""Complete runs: a function each, from data to score; and the nets that they train."""

from collections.abc import Callable
from typing import Any

from .._registry import Registry
from .fashion_mnist import fashion_mnist_convnet, fashion_mnist_net, fashion_mnist_one_cycle
from .mnist import (
    mnist_convnet,
    mnist_convnet_first_edition,
    mnist_dense,
    mnist_dense_net,
    mnist_first_edition_net,
    mnist_net,
)
from .quick import (
    fashion_mnist_quick,
    fashion_mnist_quick_net,
    mnist_quick,
    mnist_quick_net,
)
from .run import Run

__all__ = [
    "NETS",
    "Run",
    "fashion_mnist_convnet",
    "fashion_mnist_net",
    "fashion_mnist_one_cycle",
    "fashion_mnist_quick",
    "fashion_mnist_quick_net",
    "mnist_convnet",
    "mnist_convnet_first_edition",
    "mnist_dense",
    "mnist_dense_net",
    "mnist_first_edition_net",
    "mnist_net",
    "mnist_quick",
    "mnist_quick_net",
]

NETS: Registry[Callable[[], Any]] = Registry("net")
"""Name -> builder of the nets of the recipes."""

NETS.register("mnist_net")(mnist_net)
NETS.register("mnist_first_edition_net")(mnist_first_edition_net)
NETS.register("mnist_dense_net")(mnist_dense_net)
NETS.register("fashion_mnist_net")(fashion_mnist_net)
NETS.register("mnist_quick_net")(mnist_quick_net)
NETS.register("fashion_mnist_quick_net")(fashion_mnist_quick_net)
