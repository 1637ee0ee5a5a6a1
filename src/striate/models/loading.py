"""load_model: a model from a folder, built from a closed table of layers and from nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from .. import _check, structure
from ..errors import StriateError, WeightsError
from ..io.damage import Damaged
from ..io.manifest import read_manifest
from ..io.store import MANIFEST, read_folder, standing
from ..io.strict_json import read_json
from ..layers import config
from ..layers.base import Layer
from ..records import Preprocess
from .backbone import Backbone
from .effort import check_effort
from .inputs import Input
from .model import Model
from .origin import Origin
from .saving import FILES, FORMAT, TEXT_BYTES
from .sequential import Sequential

__all__ = ["ModelFolder", "load_model", "read_model_folder", "rebuild"]

_FROM_A_DESCRIPTION = (
    StriateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a description that `save` did not write may raise on the way to a model."""


@dataclass(frozen=True)
class ModelFolder:
    """What a model folder holds.

    Args:
        model: in inference mode.
        labels: class names in the order of the outputs, or None.
        preprocess: how pictures become the model's input, or None.
        details: what else was saved with it, by name.
    """

    model: Model
    labels: tuple[str, ...] | None
    preprocess: Preprocess | None
    details: dict[str, Any] = field(default_factory=dict)


def load_model(folder: str | Path) -> Model:
    """The model that `model.save(folder)` wrote, in inference mode.

    Nothing in the folder is executed: layers come from the table of `register_layer`, weights are
    plain numbers, and no memory is taken for sizes that the weights do not bear out.

    Args:
        folder: as given to `save`, or a run folder.

    Returns:
        The model. How it was compiled is not saved: call `compile` before it is trained on.

    Raises:
        WeightsError: no such folder, or a damaged or altered one; a layer that is not in the table.

    Example:
        >>> import striate
        >>> striate.Sequential([striate.layers.Dense(2, input_shape=(3,))]).save("net")
        >>> striate.load_model("net").count_params()
        8
    """
    return read_model_folder(folder).model


def read_model_folder(folder: str | Path) -> ModelFolder:
    """The model with its class names and its preprocessing; errors as for `load_model`."""
    place = f'Model folder "{folder}"'
    found = standing(folder)
    if found is None:
        got = "a file" if Path(folder).exists() else "no such folder"
        _check.weights_fail(place, "be a folder that save or a run wrote", got, "Check the path.")
    inside = standing(found / "model")
    if inside is None and not (found / MANIFEST).exists():
        fix = "Name the folder that model.save made, or a run folder."
        _check.weights_fail(place, "hold a model", f"no {MANIFEST} and no folder model", fix)
    path = inside if inside and not (found / MANIFEST).exists() else Path(folder)
    files = _files(place, path)
    description = _description(place, files["model.json"])
    model = _with_weights(place, description, files["model.safetensors"])
    labels = files.get("labels.txt")
    preprocess = files.get("preprocess.json")
    details = files.get("details.json")
    return ModelFolder(
        model,
        None if labels is None else tuple(_text(place, "labels.txt", labels).splitlines()),
        None if preprocess is None else _preprocess(place, preprocess),
        {} if details is None else _details(place, details),
    )


def _files(place: str, path: Path) -> dict[str, Any]:
    """The folder's files: tensors where weights are wanted, bytes elsewhere; no other is opened."""
    rule = "list only files of a model, of texts none longer than 8 MiB"
    for name, entry in read_manifest(place, standing(path) or path).items():
        long = isinstance(entry, dict) and isinstance(entry.get("bytes"), int)
        if name not in FILES or (long and FILES[name] is bytes and entry["bytes"] > TEXT_BYTES):
            _check.weights_fail(place, rule, name[:100], "Keep other files beside the folder.")
    files = read_folder(path)
    for name, kind in (("model.json", bytes), ("model.safetensors", dict)):
        if not isinstance(files.get(name), kind):
            fix = "Name the folder that model.save made, or a run folder."
            _check.weights_fail(place, f"hold {name}", ", ".join(sorted(files)) or "nothing", fix)
    return files


def _text(place: str, name: str, data: Any) -> str:
    try:
        return str(data, "utf-8")
    except (TypeError, ValueError):
        _check.weights_fail(place, f"hold {name} as text", "other bytes", "Save the model again.")


def _description(place: str, text: bytes) -> dict[str, Any]:
    fix = "Load it with the striate that wrote it, or save it again."
    try:
        content = read_json(text, TEXT_BYTES)
    except Damaged as error:
        _check.weights_fail(place, "hold a model.json that is JSON", str(error), fix)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        got = content.get("format") if isinstance(content, dict) else type(content).__name__
        _check.weights_fail(place, f"hold a model.json of format {FORMAT}", got, fix)
    return content


def _with_weights(place: str, content: dict[str, Any], tensors: dict[str, Any]) -> Model:
    """The model with its weights; whatever its description makes fail becomes one kind of error."""
    fix = "The file is not as save wrote it."
    try:
        return _filled(place, content, tensors)
    except WeightsError:
        raise
    except _FROM_A_DESCRIPTION as error:
        rule = "hold a model.json whose layers can be built and fit each other"
        words = f"{type(error).__name__}: {error}".split("\n")[0]
        _check.weights_fail(place, rule, words[:500], fix)


def _filled(place: str, content: dict[str, Any], tensors: dict[str, Any]) -> Model:
    """Builds without memory, compares names and shapes, and only then takes the numbers in."""
    check_effort(place, content["model"])
    with torch.device("meta"):
        model = _model(place, content)
    _compare(place, model.state_dict(), tensors)
    persistent = {id(t) for t in model.state_dict(keep_vars=True).values()}
    if any(id(buffer) not in persistent for buffer in model.buffers() if buffer is not None):
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
        if wanted[name].is_floating_point() != given[name].is_floating_point():
            kinds = wanted[name].dtype, given[name].dtype
            _check.weights_fail(place, f"hold {name} as {kinds[0]}", kinds[1], fix)
    for name in given:
        if name not in wanted:
            _check.weights_fail(place, "hold only weights of its layers", name, fix)


def _model(place: str, content: dict[str, Any]) -> Model:
    model = rebuild(content["model"])
    if not isinstance(model, Model):
        fix = "The file is not as save wrote it."
        _check.weights_fail(place, "hold a Model", type(model).__name__, fix)
    return model


def rebuild(description: dict[str, Any], made: list[Layer] | None = None) -> Layer:
    """The layer, or the model with all that is in it, that `saving.describe` described.

    Args:
        description: of a layer or model.
        made: the layers that were rebuilt before, which a description may name by number.
    """
    made = [] if made is None else made
    kind = description["type"]
    layer: Layer
    if kind == "Same":
        layer = made[description["as"]]
        return layer
    if kind not in ("Model", "Sequential"):
        layer = config.from_json({key: description[key] for key in ("type", "config")})
        if description.get("built_for") is not None and isinstance(layer, Model):
            layer.build(_decode(description["built_for"], lambda place: place))
    else:
        layer = _joined(description, made)
    made.append(layer)
    return layer


def _joined(description: dict[str, Any], made: list[Layer]) -> Model:
    inside = {part["name"]: part for part in description["layers"]}
    layers = {
        name: _named(rebuild(part, made), name)
        for name, part in inside.items()
        if part["type"] != "InputLayer"
    }
    named = {"name": description["name"], "trainable": True}
    model: Model
    if description["type"] == "Sequential":
        start = Input(tuple(description["input_shape"]))
        model = Sequential([start, *layers.values()], **named)
    else:
        model = _rejoin(description, layers, named)
    if not description["trainable"]:
        model._trainable = False
    return model


def _named(layer: Layer, name: str) -> Layer:
    layer._name = name
    return layer


def _rejoin(description: dict[str, Any], layers: dict[str, Layer], named: dict[str, Any]) -> Model:
    """A functional model: its layers called again in the order of the description."""
    starts = [Input(tuple(one["shape"]), name=one["name"]) for one in description["inputs"]]
    results: list[list[Any]] = []

    def tensor(place: list[Any]) -> Any:
        call, leaf = place
        return starts[leaf] if call == "input" else results[call][leaf]

    for call in description["calls"]:
        args, kwargs = (_decode(call[part], tensor) for part in ("args", "kwargs"))
        results.append(structure.leaves(layers[call["layer"]](*args, **kwargs)))
    ends = (_decode(description[end], tensor) for end in ("in", "out"))
    early = _decode(description.get("auxiliary"), tensor)
    if "stages" in description:
        stages = _decode(description["stages"], tensor)
        origin = description.get("origin")
        return Backbone(
            *ends,
            stages=stages,
            name=named["name"],
            auxiliary=early,
            origin=None if origin is None else Origin(**origin),
        )
    return Model(*ends, **named, auxiliary=early)


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
        fields = read_json(text, TEXT_BYTES)
        return Preprocess(**fields)
    except (Damaged, StriateError, TypeError, ValueError) as error:
        rule = "hold a preprocess.json as save wrote it"
        _check.weights_fail(place, rule, str(error), "Save the model again.")


def _details(place: str, text: bytes) -> dict[str, Any]:
    try:
        content = read_json(text, TEXT_BYTES)
    except (TypeError, Damaged) as error:
        content = error
    if not isinstance(content, dict):
        got = str(content) if isinstance(content, Exception) else type(content).__name__
        _check.weights_fail(place, "hold a record in details.json", got, "Save the model again.")
    return content
