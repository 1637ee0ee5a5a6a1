"""A net from Keras' configuration: its layers made, and called as Keras called them."""

from __future__ import annotations

from typing import Any, NoReturn

from ... import _check
from ...errors import WeightsError
from ...layers import config as layer_config
from ...layers.base import Layer
from ..effort import MOST_CALLS
from ..inputs import Input
from ..model import Model
from ..sequential import Sequential
from .arguments import plain, translate
from .calling import Results, call_layers, tensors_of
from .layer_rules import MODELS
from .lines import Refusal
from .nodes import read_joints
from .operations import is_operation, operation

__all__ = ["NetBuilder"]

_DEEPEST = 16
"""Nets within nets within nets; real ones have two levels."""

_MOST_LETTERS = 200
_FIX = "The file is not as Keras writes it: save the model again."


class NetBuilder:
    """Makes the net of a configuration, and remembers where each layer of it stands.

    `layers` holds each layer that is no net, by its path: its names in Keras, joined by "/".
    `left_out` names what was not taken, as it changes no output.

    Args:
        place: the file, for messages.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.layers: dict[str, Layer] = {}
        self.axes: dict[str, Any] = {}
        self.operations: list[str] = []
        self.left_out: list[str] = []
        self._efforts: dict[int, int] = {}
        self._effort = 0
        self._is_keras_2 = False

    def build(self, entry: dict[str, Any]) -> Model:
        """The net of an entry {"class_name", "config"}.

        Raises:
            WeightsError: a layer, argument or joint that ours cannot be.
        """
        self._is_keras_2 = "'batch_input_shape':" in repr(entry)
        net = self._net(entry, ())
        self._check_axes()
        self._check_operations()
        return net

    def _net(self, entry: dict[str, Any], path: tuple[str, ...]) -> Model:
        kind = MODELS.get(entry["class_name"])
        refuse = self._refusal(entry["class_name"], path)
        if kind is None or entry.get("registered_name") not in (None, kind):
            rule = "be a Sequential or a functional model"
            fix = "Build the net in Python, and load the weights alone: model.load_weights(path)."
            refuse(rule, str(entry.get("registered_name") or entry["class_name"])[:80], fix)
        if len(path) > _DEEPEST:
            refuse(f"hold nets at most {_DEEPEST} deep in each other", "more", _FIX)
        make = self._sequential if kind == "Sequential" else self._functional
        return make(entry, path)

    def _part(self, entry: dict[str, Any], path: tuple[str, ...]) -> Layer:
        """A layer, or a net within the net."""
        self._spend(1)
        if entry["class_name"] in MODELS:
            return self._net(entry, path)
        refuse = self._refusal(entry["class_name"], path)
        ours = translate(entry, refuse, left_out=self.left_out, is_keras_2=self._is_keras_2)
        return self._made(ours, entry, path)

    def _made(self, ours: dict[str, Any], entry: dict[str, Any], path: tuple[str, ...]) -> Layer:
        ours["config"]["name"] = self._name(path[-1])
        try:
            layer = layer_config.from_json(ours)
        except WeightsError as error:
            rule = f"have arguments that {ours['type']} of striate takes"
            cause = str(error.__context__ or error)
            fix = "Build the net with others in Keras, and save it again."
            self._refusal(entry["class_name"], path)(rule, cause.rstrip("."), fix)
        self.layers["/".join(path)] = layer
        if ours["type"] == "BatchNormalization":
            self.axes["/".join(path)] = plain(entry["config"].get("axis", -1))
        return layer

    def _sequential(self, entry: dict[str, Any], path: tuple[str, ...]) -> Model:
        config = entry["config"]
        named: dict[str, Any] = {}
        if isinstance(config, dict):
            named = self._named(config)
        entries = config["layers"] if isinstance(config, dict) else config
        start = _declared_shape(entry, entries)
        before = self._effort
        parts = [
            self._part(each, (*path, each["config"]["name"]))
            for each in entries
            if each["class_name"] != "InputLayer"
        ]
        for part in parts:
            self._count(part)
        begin = [] if start is None else [Input(start[1:])]
        net = Sequential([*begin, *parts], **named)
        if not net.built:
            fix = "Call it once on data in Keras, and save it again."
            self._refusal("Sequential", path)("know the shape of its input", "none", fix)
        self._efforts[id(net)] = self._effort - before
        return net

    def _functional(self, entry: dict[str, Any], path: tuple[str, ...]) -> Model:
        config = entry["config"]
        joints = read_joints(config)
        results: Results = {}
        layers: dict[str, Layer] = {}
        before = self._effort
        for each in config["layers"]:
            name = each["name"]
            if each["class_name"] == "InputLayer":
                results[name, 0] = [Input(_shape_of(each)[1:], name=self._name(name))]
            elif is_operation(each):
                refuse = self._refusal(each["class_name"], (*path, name))
                ours, joints.nodes[name] = operation(each, joints.nodes[name], refuse)
                layers[name] = self._made(ours, each, (*path, name))
                self.operations.append("/".join((*path, name)))
            else:
                layers[name] = self._part(each, (*path, name))
        refuse = self._refusal("Functional", path)
        call_layers(layers, joints.nodes, results, count=self._count, refuse=refuse)
        ends = (tensors_of(end, results) for end in (joints.inputs, joints.outputs))
        net = Model(*ends, **self._named(config))
        self._efforts[id(net)] = self._effort - before
        return net

    def _check_axes(self) -> None:
        for path, axis in self.axes.items():
            layer = self.layers[path]
            places = axis if isinstance(axis, list) else [axis]
            last = len(layer.built_for) - 1 if layer.built else -1
            if len(places) != 1 or places[0] not in (-1, last):
                fix = "Build the net with channels_last in Keras, and save it again."
                refuse = self._refusal("BatchNormalization", (path,))
                refuse("normalise along the last axis", f"axis={axis}", fix)

    def _check_operations(self) -> None:
        """Arithmetic fits sizes from the last axis on, our layers from the batch on."""
        for path in self.operations:
            shapes = self.layers[path].built_for
            if isinstance(shapes, list) and len({len(shape) for shape in shapes}) > 1:
                fix = "Reshape one of them in Keras, and save again."
                refuse = self._refusal("Operation", (path,))
                refuse("join tensors of as many dimensions", shapes, fix)

    def _count(self, layer: Layer) -> None:
        self._spend(self._efforts.get(id(layer), 1))

    def _spend(self, calls: int) -> None:
        self._effort += calls
        if self._effort > MOST_CALLS:
            rule = f"hold a net of at most {MOST_CALLS:,} layers and calls"
            _check.weights_fail(self.place, rule, "more", _FIX)

    def _named(self, config: dict[str, Any]) -> dict[str, Any]:
        name = self._name(config["name"])
        return {"name": name, "trainable": config.get("trainable") is not False}

    def _name(self, name: Any) -> str:
        """A name from the file; the dot parts the names of a model's state, so it becomes "_"."""
        if not isinstance(name, str) or not name.isprintable() or len(name) > _MOST_LETTERS:
            rule = f"name its layers in at most {_MOST_LETTERS} letters"
            _check.weights_fail(self.place, rule, ascii(name)[:100], _FIX)
        return name.replace(".", "_")

    def _refusal(self, kind: Any, path: tuple[str, ...]) -> Refusal:
        title = f"{str(kind)[:80]} {ascii('/'.join(map(str, path)))[:_MOST_LETTERS]}"

        def refuse(rule: str, got: object, fix: str) -> NoReturn:
            _check.weights_fail(
                f"{self.place}: {title if path else str(kind)[:80]}", rule, got, fix
            )

        return refuse


def _declared_shape(entry: dict[str, Any], entries: list[Any]) -> Any:
    """The shape, batch first, that a Sequential's entry declares in one of three places."""
    shape = _shape_of(entries[0]) if entries else None
    if shape is None and isinstance(entry["config"], dict):
        shape = entry["config"].get("build_input_shape")
    if shape is None:
        shape = (entry.get("build_config") or {}).get("input_shape")
    return shape


def _shape_of(entry: dict[str, Any]) -> Any:
    config = entry["config"] if isinstance(entry["config"], dict) else {}
    return plain(config.get("batch_shape", config.get("batch_input_shape")))
