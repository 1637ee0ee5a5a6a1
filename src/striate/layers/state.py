"""What a layer is: its name, its arguments, its parameters and its weights.

The other half of the layer contract, how a layer is called, is `Layer` in `base`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from .. import _check
from ..errors import NotBuiltError
from . import containers, weights
from .initializers import Initializer
from .regularizers import Regularizer

__all__ = ["BASE_ARGUMENTS", "State", "own_arguments"]

BASE_ARGUMENTS = ("name", "trainable", "input_shape")
"""What every layer's constructor takes."""


class State(nn.Module):
    """A named module whose parameters are made when the shape of its input is known."""

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {}
    """Weights in Keras' order -> permutation of the axes from PyTorch's layout to Keras'."""
    keras_multipliers: ClassVar[dict[str, str]] = {}
    """Depthwise kernels -> the argument that says how many filters each channel has."""
    casts_input: ClassVar[bool] = True
    """Whether inputs are brought to the parameters' floating point before `call`."""
    built: bool
    """Whether the parameters are made."""
    _regularizers: dict[str, Regularizer]
    _class_name: ClassVar[str] = "state"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._class_name = _small_letters(cls.__name__)

    def __init__(
        self, *, name: str | None, trainable: bool, input_shape: Sequence[int | None] | None
    ) -> None:
        super().__init__()
        kind = type(self).__name__
        if name is not None and (not isinstance(name, str) or not name or "." in name):
            _check.fail(kind, "name", 'be a word without "."', name)
        self.built = False
        self._name = name
        self.named_by_user = name is not None
        self._trainable = _check.flag(kind, "trainable", trainable)
        self._input_shape = (
            None if input_shape is None else _check.sizes(kind, "input_shape", input_shape)
        )
        self._regularizers = {}

    # Name and arguments

    @property
    def name(self) -> str:
        """The layer's name; before a model has named it, its class in small letters."""
        return self._name or self.default_name

    @property
    def default_name(self) -> str:
        """The class name in small letters as Keras writes it: max_pooling2d."""
        return self._class_name

    @property
    def place(self) -> str:
        """How error messages name this layer: Conv2D "stem"."""
        return f'{type(self).__name__} "{self.name}"'

    @property
    def trainable(self) -> bool:
        """Whether the parameters take gradients; setting it reaches every layer inside, at once."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        value = _check.flag(self.place, "trainable", value)
        for module in self.modules():
            if isinstance(module, State):
                module._trainable = value
            for parameter in module._parameters.values():
                if parameter is not None:
                    parameter.requires_grad_(value)

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments as the layer holds them: a copy is made from these.

        Each argument is read from the attribute of its own name; a subclass that keeps one
        elsewhere overrides this.

        Raises:
            WeightsError: an argument that is not kept as an attribute.
        """
        config: dict[str, Any] = {}
        for argument in own_arguments(type(self)):
            if not hasattr(self, argument):
                rule = f"keep its argument `{argument}` as an attribute to be saved"
                fix = f"Write self.{argument} = {argument} in __init__, or override get_config."
                _check.weights_fail(self.place, rule, "no such attribute", fix)
            config[argument] = getattr(self, argument)
        if self._input_shape is not None:
            config["input_shape"] = self._input_shape
        return {**config, "name": self._name, "trainable": self._trainable}

    # Parameters and weights

    def _dtype(self) -> torch.dtype:
        """The number type of the parameters, or torch's default where there are none."""
        first = self._first_parameter()
        return torch.get_default_dtype() if first is None else first.dtype

    def _first_parameter(self) -> Tensor | None:
        parts = (p for module in self.modules() for p in module._parameters.values())
        return next((p for p in parts if p is not None), None)

    def add_weight(
        self,
        name: str,
        shape: Sequence[int],
        *,
        initializer: Initializer,
        regularizer: Regularizer | None = None,
    ) -> None:
        """Makes the parameter `self.<name>`; a kernel lies in channels-last memory.

        Args:
            name: of the parameter: weight, bias, ...
            shape: in Keras' order (kernels: height, width, channels, filters), as initialisers
                take it; `keras_weights` and `keras_multipliers` say how it becomes PyTorch's.
            initializer: fills it.
            regularizer: its penalty is added to the loss in training.
        """
        argument = self.keras_multipliers.get(name)
        multiplier = None if argument is None else getattr(self, argument)
        order = self.keras_weights.get(name, ())
        data = weights.from_keras(initializer(tuple(shape)), order, multiplier)
        self.register_parameter(name, nn.Parameter(data, requires_grad=self._trainable))
        if regularizer is not None:
            self._regularizers[name] = regularizer

    def regularization(self) -> Tensor | None:
        """The penalties of this layer's own trainable parameters, summed; None if it has none."""
        pairs = [(penalty, getattr(self, name)) for name, penalty in self._regularizers.items()]
        terms = [penalty(parameter) for penalty, parameter in pairs if parameter.requires_grad]
        return torch.stack(terms).sum() if terms else None

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, list | tuple | dict):
            value = containers.register(self, name, value)
        super().__setattr__(name, value)

    def _require_built(self, asked: str) -> None:
        if not self.built:
            raise NotBuiltError(
                f"{self.place}: `{asked}` must wait until the input shape is known. Got a layer "
                "that is not built. Give input_shape, call it on a batch, or call fit first."
            )

    def named_parameters(self, *args: Any, **kwargs: Any) -> Iterator[tuple[str, nn.Parameter]]:
        """torch's, refused while a layer inside is not built."""
        for module in self.modules():
            if isinstance(module, State):
                module._require_built("parameters")
        return super().named_parameters(*args, **kwargs)

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """torch's, refused while the layer is not built."""
        self._require_built("state_dict")
        return super().state_dict(*args, **kwargs)

    def count_params(self) -> int:
        """How many numbers the layer holds: parameters and moving statistics."""
        self._require_built("count_params")
        return sum(tensor.numel() for _, tensor, _ in weights.keyed_tensors(self))

    @property
    def weights(self) -> list[Tensor]:
        """The parameters and moving statistics themselves in Keras' order, in PyTorch's layout."""
        self._require_built("weights")
        return [tensor for _, tensor, _ in weights.keyed_tensors(self)]

    @property
    def trainable_weights(self) -> list[Tensor]:
        """Those of `weights` that take gradients."""
        return [tensor for tensor in self.weights if tensor.requires_grad]

    @property
    def non_trainable_weights(self) -> list[Tensor]:
        """Those of `weights` that take none: frozen parameters and moving statistics."""
        return [tensor for tensor in self.weights if not tensor.requires_grad]

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Copies of all weights as arrays in Keras' order; kernels (h, w, channels, filters)."""
        self._require_built("get_weights")
        return weights.get_arrays(self)

    def set_weights(self, arrays: Sequence[Any]) -> None:
        """Copies arrays in Keras' order into the weights; a wrong shape changes nothing."""
        self._require_built("set_weights")
        weights.set_arrays(self, arrays, place=self.place)


def _small_letters(class_name: str) -> str:
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower().strip("_")


def own_arguments(kind: type[State]) -> dict[str, inspect.Parameter]:
    """The constructor's arguments of a class of layers, but for those that every layer takes."""
    parameters = inspect.signature(kind).parameters
    return {
        name: parameter
        for name, parameter in parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        and name not in BASE_ARGUMENTS
    }
