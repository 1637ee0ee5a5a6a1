"""Activation functions at the place where Keras has them: `from striate.activations import …`."""

from .layers.activations import (
    ActivationFunction,
    activation_functions,
    get,
    linear,
)

__all__ = [
    "ActivationFunction",
    "activation_functions",
    "get",
    "linear",
]
