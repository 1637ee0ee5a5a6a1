"""What Keras writes for arithmetic between layers, as layers of ours.

Keras 3 names an operation (`x + y` is Add of keras.ops), Keras 2 a function of TensorFlow.
"""

from __future__ import annotations

from typing import Any

from .lines import Numbers, Refusal, constant, layer_of_line, map_numbers
from .nodes import Node, Source

__all__ = ["is_operation", "operation"]

_OF_TENSORS = {"Add": "Add", "Subtract": "Subtract", "Multiply": "Multiply", "Maximum": "Maximum"}
_LINES = ("Add", "Divide", "Multiply", "Negative", "Subtract", "TrueDivide")
_ACTIVATIONS = {
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_swish",
    "LogSoftmax": "log_softmax",
    "Relu": "relu",
    "Relu6": "relu6",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Silu": "silu",
    "Softmax": "softmax",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
}
_OF_TENSORFLOW = {
    "__operators__.add": "Add",
    "__operators__.mul": "Multiply",
    "__operators__.sub": "Subtract",
    "__operators__.truediv": "Divide",
    "math.add": "Add",
    "math.divide": "Divide",
    "math.maximum": "Maximum",
    "math.multiply": "Multiply",
    "math.sigmoid": "Sigmoid",
    "math.subtract": "Subtract",
    "math.tanh": "Tanh",
    "math.truediv": "Divide",
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "nn.sigmoid": "Sigmoid",
    "nn.silu": "Silu",
    "nn.softmax": "Softmax",
    "nn.swish": "Silu",
}
_HOMES = ("keras.ops", "keras.src.ops")
_FIX = "Put layers of Keras in its place, and save again."


def is_operation(entry: dict[str, Any]) -> bool:
    """Whether an entry of a configuration is arithmetic, and no layer."""
    if "module" in entry:
        return str(entry["module"]).startswith(_HOMES)
    is_known = entry["class_name"] in (*_OF_TENSORS, *_LINES, *_ACTIVATIONS)
    is_bare = is_known and not {"trainable", "dtype"} & entry["config"].keys()
    return is_bare or entry["class_name"] == "TFOpLambda"


def operation(entry: dict[str, Any], nodes: list[Node], refuse: Refusal) -> tuple[Any, list[Node]]:
    """The entry of our layer that computes an operation, and how it is called.

    Args:
        entry: of the operation in Keras' configuration.
        nodes: its calls.
        refuse: raises, told what must hold, what was found and the way out.

    Raises:
        WeightsError: an operation that no layer of ours computes.
    """
    title, kind = _kind_of(entry)
    if len(nodes) != 1:
        refuse("be called once", f"{title}, {len(nodes)} calls", _FIX)
    left, right = _operands(nodes[0])
    ours: dict[str, Any]
    operands: Any = left
    if kind in _ACTIVATIONS and isinstance(left, Source) and _is_usual(entry, nodes[0]):
        ours = {"type": "Activation", "config": {"activation": _ACTIVATIONS[kind]}}
    elif kind in _OF_TENSORS and isinstance(left, Source) and isinstance(right, Source):
        ours, operands = {"type": _OF_TENSORS[kind], "config": {}}, [left, right]
    else:
        line = _line(kind, left, right)
        if line is None:
            refuse("be arithmetic of tensors and numbers that striate has", title, _FIX)
        ours, operands = layer_of_line(line[0], line[1], refuse), line[2]
    ours["config"]["name"] = entry["name"]
    return ours, [Node((operands,), {})]


def _kind_of(entry: dict[str, Any]) -> tuple[str, str]:
    """What the operation is called, and Keras 3's name for it."""
    if entry["class_name"] == "TFOpLambda":
        function = str(entry["config"].get("function"))[:80]
        return f"tf.{function}", _OF_TENSORFLOW.get(function, "")
    kind = str(entry["class_name"])[:80]
    return kind, "Divide" if kind == "TrueDivide" else kind


def _operands(node: Node) -> tuple[Any, Any]:
    """The first two arguments, of which Keras 2 names the second."""
    given = [*node.args, *(node.kwargs[key] for key in ("y", "x2") if key in node.kwargs)]
    left, right, *_ = (*given, None, None)
    return left, right


def _is_usual(entry: dict[str, Any], node: Node) -> bool:
    """Whether an activation is told nothing but to work along the last axis."""
    told = {**entry["config"], **node.kwargs}
    inert = {"name": entry["config"].get("name"), "axis": -1, "function": told.get("function")}
    rest = {key: value for key, value in told.items() if value is not None}
    return len(node.args) == 1 and all(inert.get(key) == value for key, value in rest.items())


def _line(kind: str, left: Any, right: Any) -> tuple[Numbers, Numbers, Source] | None:
    """(factor, addend, tensor) of an operation of a tensor and numbers; None: it is none."""
    if isinstance(left, Source):
        if kind == "Negative" and right is None:
            return -1.0, 0.0, left
        line = _of_tensor_and_numbers(kind, constant(right))
        return None if line is None else (*line, left)
    if isinstance(right, Source):
        line = _of_numbers_and_tensor(kind, constant(left))
        return None if line is None else (*line, right)
    return None


def _of_tensor_and_numbers(kind: str, given: Numbers | None) -> tuple[Numbers, Numbers] | None:
    if given is None:
        return None
    if kind == "Divide" and given and (not isinstance(given, list) or all(given)):
        return map_numbers(lambda number: 1.0 / number, given), 0.0
    if kind == "Subtract":
        return 1.0, map_numbers(lambda number: -number, given)
    return _of_either(kind, given)


def _of_numbers_and_tensor(kind: str, given: Numbers | None) -> tuple[Numbers, Numbers] | None:
    if given is None:
        return None
    return (-1.0, given) if kind == "Subtract" else _of_either(kind, given)


def _of_either(kind: str, given: Numbers) -> tuple[Numbers, Numbers] | None:
    if kind == "Add":
        return 1.0, given
    return (given, 0.0) if kind == "Multiply" else None
