"""load_model: a model from a folder, built from a closed table of layers and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .. import _check, structure
from ..errors import StriateError, WeightsError
from ..io.store import MANIFEST, read_folder
from ..layers import config
from ..layers.base import Layer
from ..records import Preprocess
from .inputs import Input
from .model import Model
from .saving import FORMAT
from .sequential import Sequential

__all__ = ["ModelFolder", "load_model", "read_model_folder"]


@dataclass(frozen=True)
class ModelFolder:
    """What a model folder holds.

    Args:
        model: in inference mode.
        labels: class names in the order of the outputs, or None.
        preprocess: how pictures become the model's input, or None.
    """

    model: Model
    labels: tuple[str, ...] | None
    preprocess: Preprocess | None


def load_model(folder: str | Path) -> Model:
    """The model that `model.save(folder)` wrote, in inference mode.

    Nothing in the folder is executed: layers come from the table of `register_layer`, weights are
    plain numbers, and no memory is taken for sizes that the weights do not bear out.

    Args:
        folder: as given to `save`.

    Raises:
        WeightsError: no such folder; a damaged or altered file; a layer that is not in the table;
            weights that do not fit the layers.
    """
    return read_model_folder(folder).model


def read_model_folder(folder: str | Path) -> ModelFolder:
    """The model with its class names and its preprocessing; errors as for `load_model`."""
    place = f'Model folder "{folder}"'
    path = Path(folder)
    if not (path / MANIFEST).exists() and (path / "model" / MANIFEST).exists():
        path = path / "model"
    files = read_folder(path)
    for name in ("model.json", "model.safetensors"):
        if name not in files:
            fix = "Name the folder that model.save made, or a run folder."
            _check.weights_fail(place, f"hold {name}", ", ".join(sorted(files)), fix)
    description = _description(place, files["model.json"])
    model = _with_weights(place, description, files["model.safetensors"])
    labels = files.get("labels.txt")
    preprocess = files.get("preprocess.json")
    return ModelFolder(
        model,
        None if labels is None else tuple(labels.decode().splitlines()),
        None if preprocess is None else _preprocess(place, preprocess),
    )


def _description(place: str, text: bytes) -> dict[str, Any]:
    fix = "Load it with the striate that wrote it, or save it again."
    try:
        content = json.loads(text)
    except ValueError as error:
        _check.weights_fail(place, "hold a model.json that is JSON", str(error), fix)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        got = content.get("format") if isinstance(content, dict) else type(content).__name__
        _check.weights_fail(place, f"hold a model.json of format {FORMAT}", got, fix)
    return content


def _with_weights(place: str, content: dict[str, Any], tensors: Any) -> Model:
    """Builds without memory, compares names and shapes, and only then takes the numbers in."""
    with torch.device("meta"):
        model = _model(place, content)
    _compare(place, model.state_dict(), tensors)
    left_out = [b for _, b in model.named_buffers() if b is not None]
    persistent = {id(t) for t in model.state_dict(keep_vars=True).values()}
    if any(id(buffer) not in persistent for buffer in left_out):
        model = _model(place, content)
        model.load_state_dict(tensors)
    else:
        model.load_state_dict(tensors, assign=True)
    return model


def _compare(place: str, wanted: dict[str, Any], given: dict[str, Any]) -> None:
    fix = "The folder's files do not belong together; save the model again."
    for name in wanted:
        if name not in given:
            _check.weights_fail(place, f"hold the weights {name}", "none", fix)
        shapes = tuple(wanted[name].shape), tuple(given[name].shape)
        if shapes[0] != shapes[1]:
            _check.weights_fail(place, f"hold {name} of shape {shapes[0]}", shapes[1], fix)
    for name in given:
        if name not in wanted:
            _check.weights_fail(place, "hold only weights of its layers", name, fix)


def _model(place: str, content: dict[str, Any]) -> Model:
    fix = "The file is not as save wrote it."
    try:
        model = rebuild(content["model"])
    except WeightsError:
        raise
    except (StriateError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        rule = "hold a model.json whose layers can be built"
        _check.weights_fail(place, rule, f"{type(error).__name__}: {error}", fix)
    except RuntimeError as error:
        rule = "hold a model.json whose layers fit each other"
        _check.weights_fail(place, rule, str(error).splitlines()[0], fix)
    if not isinstance(model, Model):
        _check.weights_fail(place, "hold a Model", type(model).__name__, fix)
    return model


def rebuild(description: dict[str, Any]) -> Layer:
    """The layer, or the model with all that is in it, that `saving.describe` described."""
    kind = description["type"]
    if kind not in ("Model", "Sequential"):
        layer = config.from_json({key: description[key] for key in ("type", "config")})
        if description.get("built_for") is not None and isinstance(layer, Model):
            layer.build(_decode(description["built_for"], lambda place: place))
        return layer
    inside = {part["name"]: part for part in description["layers"]}
    named = {"name": description["name"], "trainable": True}
    model: Model
    if kind == "Sequential":
        parts = [_named(rebuild(part), name) for name, part in inside.items()]
        model = Sequential([Input(tuple(description["input_shape"])), *parts], **named)
    else:
        model = _rejoin(description, inside, named)
    if not description["trainable"]:
        model._trainable = False
    return model


def _named(layer: Layer, name: str) -> Layer:
    layer._name = name
    return layer


def _rejoin(description: dict[str, Any], inside: dict[str, Any], named: dict[str, Any]) -> Model:
    """A functional model: its layers called again in the order of the description."""
    starts = [Input(tuple(one["shape"]), name=one["name"]) for one in description["inputs"]]
    layers = {
        name: _named(rebuild(part), name)
        for name, part in inside.items()
        if part["type"] != "InputLayer"
    }
    results: list[list[Any]] = []

    def tensor(place: list[Any]) -> Any:
        call, leaf = place
        return starts[leaf] if call == "input" else results[call][leaf]

    for call in description["calls"]:
        args, kwargs = (_decode(call[part], tensor) for part in ("args", "kwargs"))
        results.append(structure.leaves(layers[call["layer"]](*args, **kwargs)))
    ends = (_decode(description[end], tensor) for end in ("in", "out"))
    return Model(*ends, **named)


def _decode(value: Any, tensor: Callable[[list[Any]], Any]) -> Any:
    """A structure of tensors and plain values from its JSON form."""
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "tensor":
        return tensor(content)
    if kind == "dict":
        return {key: _decode(part, tensor) for key, part in content.items()}
    parts = [_decode(part, tensor) for part in content]
    return tuple(parts) if kind == "tuple" else parts


def _preprocess(place: str, text: bytes) -> Preprocess:
    try:
        fields = json.loads(text)
        return Preprocess(**fields)
    except (StriateError, TypeError, ValueError) as error:
        rule = "hold a preprocess.json as save wrote it"
        _check.weights_fail(place, rule, str(error), "Save the model again.")
