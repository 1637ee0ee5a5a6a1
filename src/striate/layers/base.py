"""The layer contract: `Layer`, from which every layer and every model comes.

A subclass writes `__init__` (keeps its arguments), `build(input_shape)` (makes the parameters,
once, at the first shape) and `call(x)` or `call(x, training=None)`, NHWC in and NHWC out. Where it
can it also writes `output_shape(input_shape)` and `cost(input_shape)` from `shapes`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from .. import _check, structure
from .._registry import Registry
from ..errors import NotBuiltError
from ..shapes import Cost, tensor_bytes
from ..windows import PIXEL, Windows
from . import shape_inference
from .casting import are_tensors, cast_to, to_tensors
from .mode import mode
from .state import BASE_ARGUMENTS, State, own_arguments
from .symbolic import Call, is_symbolic

__all__ = ["Layer", "layer_types", "register_layer"]

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


class Layer(State):
    """A part of a net: a `torch.nn.Module` with Keras' manners.

    It is called on a tensor, an array, or a symbolic tensor (then the result is symbolic). What it
    is given is cast to the type of its parameters, but under autocast. A new layer is in inference
    mode; `fit`, `.train()` or `training=True` trains. A symbolic call keeps its `training`: in the
    model it runs in that mode always, as does `base(x, training=False)` also when base trains.

    Args:
        name: of the layer in its model; no "." in it. Default None: the model names it.
        trainable: whether its parameters take gradients. May be changed at any time.
        input_shape: (h, w, c) of one sample, on the first layer of a Sequential.

    Raises:
        ArgumentError: a name that is empty or holds a dot; an argument that there is not.
    """

    sees_pixels: ClassVar[bool] = False
    """Whether in inference each output position depends on the pixel at its place alone."""

    _calls: list[Call]

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Sequence[int | None] | None = None,
        **unknown: Any,
    ) -> None:
        super().__init__(name=name, trainable=trainable, input_shape=input_shape)
        if unknown:
            _refuse_argument(type(self), *unknown.popitem())
        self.training = False
        self.built_for: Any = None
        self._seen_shape: Any = None
        self._seen_dtype: torch.dtype | None = None
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
        self.built_for = input_shape

    def check_input(self, shape: Any) -> Any:
        """Refuses an input shape that the layer cannot take; asked once for each new shape.

        A layer that takes a list of tensors is given the list of their shapes.
        """

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the output."""
        _check.fail(type(self).__name__, "call", "be written by the subclass", None)

    def output_shape(self, *input_shapes: Any) -> Any:
        """The shape of the output for an input shape. Default: from a run without numbers."""
        return shape_inference.by_meta_run(self, *input_shapes)

    def cost(self, input_shape: Any) -> Cost:
        """What the layer costs for an input shape.

        Default: no multiply-adds, and a number that is not known where it holds other layers.
        """
        output = shape_inference.map_shapes(tuple, self.output_shape(input_shape))
        is_plain = next(self.children(), None) is None
        return Cost(output, self.count_params(), 0 if is_plain else None, _bytes_of(output))

    def windows(self, input_shape: Any) -> Windows | None:
        """What an output position sees of the input map (n, h, w, c) in inference, by axis.

        None: the whole map, as far as is known. Default: None, or the pixel at its place for a
        class that says `sees_pixels`.
        """
        return PIXEL if self.sees_pixels else None

    # Symbolic calls

    @property
    def output(self) -> Any:
        """The symbolic result of the layer's one symbolic call.

        Raises:
            NotBuiltError: the layer was never called on a symbolic tensor.
            ArgumentError: it was called several times, so that there are several.
        """
        return _only_call(self, "output").outputs

    @property
    def input(self) -> Any:
        """The symbolic input of the layer's one symbolic call; errors as for `output`."""
        args = _only_call(self, "input").args
        return args[0] if len(args) == 1 else args

    # Calling

    def __call__(self, *args: Any, training: bool | None = None, **kwargs: Any) -> Any:
        if training is None and not kwargs and len(args) == 1 and self._is_ready_for(args[0]):
            return super().__call__(args[0])
        if is_symbolic((args, kwargs)):
            if training is not None:
                kwargs = {**kwargs, "training": _check.flag(self.place, "training", training)}
            return self._call_symbolic(args, kwargs)
        args = tuple(to_tensors(self, arg) for arg in args)
        if args and not are_tensors(args[0]):
            rule = "be a tensor or an array, or a list of such"
            fix = "Turn lists of numbers into an array: numpy.asarray(x)."
            _check.fail(self.place, "inputs", rule, type(args[0]).__name__, fix)
        if not self.built:
            self._build_for(args)
            args = tuple(to_tensors(self, arg) for arg in args)
        if args and not torch.compiler.is_compiling():
            self._check_shapes(args[0])
        if training is not None and training != self.training:
            with mode(self, training):
                return self._run(args, kwargs)
        return self._run(args, kwargs)

    def _is_ready_for(self, x: Any) -> bool:
        """Whether x needs nothing done: floating point, of a shape seen before.

        x is a tensor, or a list of tensors for a layer that joins several.
        """
        if not self.built or torch.compiler.is_compiling():
            return False
        if type(x) is Tensor:
            shape: Any = x.shape
            if x.dtype != self._seen_dtype:
                if not x.is_floating_point() or cast_to(self, x) is not x.dtype:
                    return False
                self._seen_dtype = x.dtype
            ready = not x.is_meta
        elif type(x) is list:
            ready = all(type(t) is Tensor and t.is_floating_point() and not t.is_meta for t in x)
            shape = [t.shape for t in x] if ready else None
        else:
            return False
        if ready and shape != self._seen_shape:
            self.check_input(shape)
            self._seen_shape = shape
        return ready

    def _apply(self, *args: Any, **kwargs: Any) -> Any:
        self._seen_dtype = None  # the parameters may have another number type from now on
        return super()._apply(*args, **kwargs)  # type: ignore[no-untyped-call]

    def _check_shapes(self, x: Any) -> None:
        if isinstance(x, Tensor):
            self.check_input(x.shape)
        elif isinstance(x, list | tuple) and x and all(isinstance(t, Tensor) for t in x):
            self.check_input([t.shape for t in x])

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

    # Building

    def _build_for(self, args: tuple[Any, ...]) -> None:
        tensors = [x for x in structure.leaves(args) if isinstance(x, Tensor)]
        shape = structure.map_leaves(lambda x: (None, *x.shape[1:]), args[0])
        device = tensors[0].device if tensors else torch.device("cpu")
        if device.type in ("meta", "cpu"):
            self.build(shape)
        else:
            with torch.device(device):
                self.build(shape)


def _bytes_of(shapes: Any) -> int | None:
    """Of all tensors of a structure of shapes; None if a size is not known."""
    found: list[int | None] = []
    shape_inference.map_shapes(lambda shape: found.append(tensor_bytes(shape)), shapes)
    known = [size for size in found if size is not None]
    return sum(known) if len(known) == len(found) else None


def _only_call(layer: Layer, asked: str) -> Call:
    """The symbolic call of a layer that was called so once."""
    calls = layer._calls
    if not calls:
        raise NotBuiltError(
            f"{layer.place}: `{asked}` must come from a symbolic call. Got a layer that was "
            "never called on an Input. Use it in a functional model or a built Sequential."
        )
    if len(calls) > 1:
        fix = "Keep the result of each call in a variable of its own."
        _check.fail(layer.place, asked, "be of one call", f"{len(calls)} calls", fix)
    return calls[0]


def _refuse_argument(kind: type[Layer], argument: str, value: Any) -> None:
    near = ", ".join(_check.nearest(argument, [*own_arguments(kind), *BASE_ARGUMENTS]))
    rule = f"be an argument of {kind.__name__}"
    _check.fail(kind.__name__, argument, rule, value, f"Nearest: {near}.")


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
