"""The layer contract: `Layer`, from which every layer and every model comes.

A subclass writes `__init__` (keeps its arguments), `build(input_shape)` (makes the parameters,
once, at the first shape) and `call(x)` or `call(x, training=None)`, NHWC in and NHWC out. Where it
can it also writes `output_shape(input_shape)` and `cost(input_shape)` from `shapes`.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from .. import _check, structure
from .._registry import Registry
from ..errors import NotBuiltError
from ..shapes import Cost, tensor_bytes
from . import containers, shape_inference, weights
from .initializers import Initializer
from .mode import mode
from .regularizers import Regularizer
from .symbolic import Call, is_symbolic

__all__ = ["BASE_ARGUMENTS", "Layer", "layer_types", "own_arguments", "register_layer"]

BASE_ARGUMENTS = ("name", "trainable", "input_shape")
"""What every layer's constructor takes."""

layer_types: Registry[Any] = Registry("layer")
"""The closed table from which a saved model is rebuilt."""


def register_layer(name: str) -> Callable[[Any], Any]:
    """A decorator that adds a Layer class to the table from which saved models are loaded.

    Args:
        name: under which it stands in a saved model.

    Raises:
        ArgumentError: the name is taken.
    """
    return layer_types.register(name)


class Layer(nn.Module):
    """A part of a net: a `torch.nn.Module` with Keras' manners.

    It is called on a tensor, an array (which is cast), or a symbolic tensor (then the result is
    symbolic). A new layer is in inference mode; `fit`, `.train()` or `training=True` trains.

    Args:
        name: of the layer in its model; no "." in it. Default None: the model names it.
        trainable: whether its parameters take gradients. May be changed at any time.
        input_shape: (h, w, c) of one sample, on the first layer of a Sequential.

    Raises:
        ArgumentError: a name that is empty or holds a dot.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {}
    """Weights in Keras' order -> permutation of the axes from PyTorch's layout to Keras'."""
    casts_input: ClassVar[bool] = True
    """Whether integer inputs become floating point before `call`."""
    _calls: list[Call]
    _regularizers: dict[str, Regularizer]

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Sequence[int | None] | None = None,
    ) -> None:
        super().__init__()
        kind = type(self).__name__
        if name is not None and (not isinstance(name, str) or not name or "." in name):
            _check.fail(kind, "name", 'be a word without "."', name)
        self.training = False
        self.built = False
        self.built_for: Any = None
        self._name = name
        self.named_by_user = name is not None
        self._trainable = _check.flag(kind, "trainable", trainable)
        self._input_shape = None if input_shape is None else tuple(input_shape)
        self._regularizers = {}
        object.__setattr__(self, "_calls", [])

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "call" in cls.__dict__ and "forward" not in cls.__dict__:
            cls.forward = _forward(cls.__dict__["call"])
        if "build" in cls.__dict__:
            cls.build = _once(cls.__dict__["build"])  # type: ignore[method-assign, assignment]

    # What a subclass writes

    def build(self, input_shape: Any) -> None:
        """Makes the parameters for an input (n, h, w, c) with n None. Default: there are none."""
        self.built = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the output."""
        _check.fail(type(self).__name__, "call", "be written by the subclass", None)

    def output_shape(self, *input_shapes: Any) -> Any:
        """The shape of the output for an input shape. Default: from a run without numbers."""
        return shape_inference.by_meta_run(self, *input_shapes)

    def cost(self, input_shape: Any) -> Cost:
        """What the layer costs for an input shape. Default: no multiply-adds."""
        output = tuple(self.output_shape(input_shape))
        return Cost(output, self.count_params(), 0, tensor_bytes(output))

    # Name and state

    @property
    def name(self) -> str:
        """The layer's name; before a model has named it, its class in small letters."""
        return self._name or self.default_name

    @property
    def default_name(self) -> str:
        """The class name in small letters as Keras writes it: max_pooling2d."""
        words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", type(self).__name__)
        return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower().strip("_")

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
            if isinstance(module, Layer):
                module._trainable = value
            for parameter in module._parameters.values():
                if parameter is not None:
                    parameter.requires_grad_(value)

    @property
    def output(self) -> Any:
        """The symbolic result of the layer's one symbolic call.

        Raises:
            NotBuiltError: the layer was never called on a symbolic tensor.
            ArgumentError: it was called several times, so that there are several.
        """
        return self._only_call("output").outputs

    @property
    def input(self) -> Any:
        """The symbolic input of the layer's one symbolic call; errors as for `output`."""
        args = self._only_call("input").args
        return args[0] if len(args) == 1 else args

    def _only_call(self, asked: str) -> Call:
        calls = self._calls
        if not calls:
            raise NotBuiltError(
                f"{self.place}: `{asked}` must come from a symbolic call. Got a layer that was "
                "never called on an Input. Use it in a functional model or a built Sequential."
            )
        if len(calls) > 1:
            fix = "Keep the result of each call in a variable of its own."
            _check.fail(self.place, asked, "be of one call", f"{len(calls)} calls", fix)
        return calls[0]

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

    # Calling

    def __call__(self, *args: Any, training: bool | None = None, **kwargs: Any) -> Any:
        if is_symbolic((args, kwargs)):
            return self._call_symbolic(args, kwargs)
        args = tuple(self._to_tensors(arg) for arg in args)
        if not self.built:
            self._build_for(args)
        if training is not None and training != self.training:
            with mode(self, training):
                return self._run(args, kwargs)
        return self._run(args, kwargs)

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if args and shape_inference.is_meta(args[0]):
            with shape_inference.meta_parameters(self):
                return super().__call__(*args, **kwargs)
        return super().__call__(*args, **kwargs)

    def _call_symbolic(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        shapes = [
            structure.map_leaves(lambda leaf: getattr(leaf, "shape", leaf), arg) for arg in args
        ]
        self.build(shapes[0])
        output_shape = self.output_shape(*shapes)
        if any(isinstance(part, Layer) and not part.built for part in self.modules()):
            shape_inference.by_meta_run(self, *shapes)
        call = Call(self, args, kwargs, output_shape)
        self._calls.append(call)
        return call.outputs

    def _to_tensors(self, value: Any) -> Any:
        """Arrays become tensors, and integers floating point; anything else stays as it is."""
        if isinstance(value, Tensor):
            whole = not (value.is_floating_point() or value.is_complex())
            return value.to(self._dtype()) if whole and self.casts_input else value
        if isinstance(value, np.ndarray):
            tensor = torch.as_tensor(value)
            first = self._first_parameter()
            if first is not None:
                tensor = tensor.to(first.device)
            return tensor.to(self._dtype()) if self.casts_input else tensor
        if isinstance(value, list | tuple | dict):
            return structure.map_leaves(self._to_tensors, value)
        return value

    def _dtype(self) -> torch.dtype:
        """The number type of the parameters, or torch's default where there are none."""
        first = self._first_parameter()
        return torch.get_default_dtype() if first is None else first.dtype

    def _first_parameter(self) -> Tensor | None:
        parts = (p for module in self.modules() for p in module._parameters.values())
        return next((p for p in parts if p is not None), None)

    # Building

    def _build_for(self, args: tuple[Any, ...]) -> None:
        tensors = [x for x in structure.leaves(args) if isinstance(x, Tensor)]
        shape = structure.map_leaves(lambda x: (None, *x.shape[1:]), args[0])
        device = tensors[0].device
        if device.type in ("meta", "cpu"):
            self.build(shape)
        else:
            with torch.device(device):
                self.build(shape)

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
                take it; `keras_weights` says how it becomes PyTorch's.
            initializer: fills it.
            regularizer: its penalty is added to the loss in training.
        """
        data = initializer(tuple(shape))
        order = self.keras_weights.get(name, ())
        if order:
            data = data.permute(sorted(range(len(order)), key=order.__getitem__))
        layout = torch.channels_last if data.dim() == 4 else torch.contiguous_format
        data = data.contiguous(memory_format=layout)
        self.register_parameter(name, nn.Parameter(data, requires_grad=self._trainable))
        if regularizer is not None:
            self._regularizers[name] = regularizer

    def regularization(self) -> Tensor | None:
        """The penalties of the parameters of this layer alone, summed; None if it has none."""
        terms = [penalty(getattr(self, name)) for name, penalty in self._regularizers.items()]
        return torch.stack(terms).sum() if terms else None

    # Registration, parameters and weights

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
            if isinstance(module, Layer):
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

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Copies of all weights as arrays in Keras' order; kernels (h, w, channels, filters)."""
        self._require_built("get_weights")
        return weights.get_arrays(self)

    def set_weights(self, arrays: Sequence[Any]) -> None:
        """Copies arrays in Keras' order into the weights; a wrong shape changes nothing."""
        self._require_built("set_weights")
        weights.set_arrays(self, arrays)


def own_arguments(kind: type[Layer]) -> dict[str, inspect.Parameter]:
    """The constructor's arguments of a class of layers, but for those that every layer takes."""
    parameters = inspect.signature(kind).parameters
    return {
        name: parameter
        for name, parameter in parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        and name not in BASE_ARGUMENTS
    }


def _forward(call: Callable[..., Any]) -> Callable[..., Any]:
    """The `forward` that torch runs: `call`, told the mode if it asks for it."""
    if "training" not in inspect.signature(call).parameters:
        return call

    @functools.wraps(call)
    def forward(self: Layer, *args: Any, **kwargs: Any) -> Any:
        kwargs["training"] = self.training
        return call(self, *args, **kwargs)

    return forward


def _once(build: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """A `build` that does nothing the second time, and says afterwards that it was done."""

    @functools.wraps(build)
    def build_once(self: Layer, input_shape: Any) -> None:
        if self.built:
            return
        with torch.no_grad():
            build(self, input_shape)
        self.built = True
        self.built_for = input_shape

    return build_once
