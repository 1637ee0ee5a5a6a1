"""save: a model as a folder that holds data only.

model.safetensors   the weights, under their state names
model.json          the layers and how they are joined: names from a closed table, numbers,
                    words; no code, no import path, no address
labels.txt          one class name a line, if given
preprocess.json     how pictures become the model's input, if given
details.json        what else belongs to the model, such as its temperature, if given
README.md           the model card
manifest.json       the hash of every file
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import _check, structure
from .._version import __version__
from ..io.one_line import is_one_line
from ..io.store import write_folder
from ..layers import config
from ..layers.base import Layer
from ..layers.symbolic import SymbolicTensor
from ..records import Preprocess
from .graph import Chain, Graph
from .inputs import InputLayer
from .network import Network
from .summary import counts, table

__all__ = ["FILES", "FORMAT", "TEXT_BYTES", "describe", "save", "to_json"]

FORMAT = 1
"""The version of what model.json holds."""

FILES: dict[str, type] = {
    "model.safetensors": dict,
    "model.json": bytes,
    "labels.txt": bytes,
    "preprocess.json": bytes,
    "details.json": bytes,
    "README.md": bytes,
}
"""The files of a model folder, and what they are read as; it holds no others."""

TEXT_BYTES = 1 << 23
"""The greatest length of those that are read as bytes."""


def save(
    self: Network,
    folder: str | Path,
    *,
    overwrite: bool = True,
    labels: Sequence[str] | None = None,
    preprocess: Preprocess | None = None,
    details: Mapping[str, Any] | None = None,
    card: str | None = None,
) -> None:
    """Writes the model to a folder, whole or not at all; `striate.load_model` reads it.

    Args:
        folder: to be made; one that holds a saved model is replaced, any other is refused.
        overwrite: whether a saved model that stands there may be replaced.
        labels: class names, in the order of the outputs.
        preprocess: how pictures become the model's input.
        details: what else belongs to the model, as JSON can hold it. A classifier's
            "temperature" divides its logits wherever the folder is asked for probabilities.
        card: text of README.md. Default None: layers and counts.

    Raises:
        NotBuiltError: the input shape is not known yet.
        WeightsError: a layer cannot be written as data, the folder holds something else, or the
            disk refuses.

    Example:
        >>> import tempfile, striate
        >>> model = striate.Sequential([striate.layers.Dense(2, input_shape=(3,))])
        >>> folder = tempfile.mkdtemp() + "/net"
        >>> model.save(folder)
        >>> striate.load_model(folder).count_params()
        8
    """
    files: dict[str, Any] = {
        "model.json": to_json(self).encode(),
        "model.safetensors": dict(self.state_dict()),
        "README.md": (card or _card(self)).encode(),
    }
    if labels is not None:
        if not all(isinstance(label, str) and is_one_line(label) for label in labels):
            _check.fail("save", "labels", "be names of one line each", list(labels))
        files["labels.txt"] = "".join(f"{label}\n" for label in labels).encode()
    if preprocess is not None:
        files["preprocess.json"] = json.dumps(asdict(preprocess), indent=2).encode()
    if details is not None:
        try:
            files["details.json"] = json.dumps(details, indent=2, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            _check.fail("save", "details", "be a record that JSON can hold", str(error))
    for name, content in files.items():
        if FILES[name] is bytes and len(content) > TEXT_BYTES:
            rule = f"take at most {TEXT_BYTES:,} bytes as {name}"
            _check.fail("save", name.partition(".")[0], rule, f"{len(content):,} bytes")
    write_folder(folder, files, replace=overwrite)


def to_json(self: Network) -> str:
    """The layers and how they are joined, as the text of model.json.

    Raises:
        NotBuiltError: the input shape is not known yet.
        WeightsError: a layer cannot be written as data; the message says which, and what to do.
    """
    self._require_built("to_json")
    content = {"format": FORMAT, "striate": __version__, "model": describe(self)}
    return json.dumps(content, indent=1) + "\n"


def describe(layer: Layer, seen: dict[int, int] | None = None) -> dict[str, Any]:
    """A layer, or a model with all that is in it, as JSON values.

    Args:
        layer: to be described.
        seen: number of each layer that was described before, and is now only named by it.
    """
    seen = {} if seen is None else seen
    if id(layer) in seen:
        return {"type": "Same", "as": seen[id(layer)]}
    graph: Graph | None = getattr(layer, "_graph", None)
    if graph is None:
        content = config.to_json(layer) | {"built_for": _encode(layer.built_for, {})}
    else:
        content = _describe_graph(layer, graph, seen)
    if not isinstance(layer, InputLayer):
        seen[id(layer)] = len(seen)
    return content


def _describe_graph(layer: Layer, graph: Graph, seen: dict[int, int]) -> dict[str, Any]:
    held: Any = layer._layers
    names = {id(part): name for name, part in held.named()}
    inside = [{"name": name, **describe(part, seen)} for name, part in held.named()]
    base = {"name": layer._name, "trainable": layer.trainable, "layers": inside}
    if isinstance(graph, Chain):
        return {"type": "Sequential", **base, "input_shape": list(graph.inputs.shape[1:])}
    joints = _joints(graph, names, stages=getattr(layer, "_stages", None))
    origin = getattr(layer, "origin", None)
    known = {} if origin is None else {"origin": asdict(origin)}
    return {"type": "Model", **base, **known, **joints}


def _joints(
    graph: Graph, names: dict[int, str], *, stages: dict[str, SymbolicTensor] | None
) -> dict[str, Any]:
    """How the layers of a graph are joined: the calls, and where each argument comes from.

    The outputs of training alone, and the maps at the end of a backbone's stages, are named too.
    """
    places: dict[int, list[Any]] = {}
    inputs = []
    for number, tensor in enumerate(structure.leaves(graph.inputs)):
        places[id(tensor)] = ["input", number]
        inputs.append({"name": tensor.call.layer.name, "shape": list(tensor.shape[1:])})
    calls = []
    for number, call in enumerate(graph.calls):
        for leaf, tensor in enumerate(structure.leaves(call.outputs)):
            places.setdefault(id(tensor), [number, leaf])
        arguments = {"args": _encode(call.args, places), "kwargs": _encode(call.kwargs, places)}
        calls.append({"layer": names[id(call.layer)], **arguments})
    ends = {"in": _encode(graph.inputs, places), "out": _encode(graph.outputs, places)}
    inner = {} if stages is None else {"stages": _encode(stages, places)}
    if graph.auxiliary:
        inner["auxiliary"] = _encode(graph.auxiliary, places)
    return {"inputs": inputs, "calls": calls, **ends, **inner}


def _encode(value: Any, places: dict[int, list[Any]]) -> Any:
    """A structure of symbolic tensors and plain values as JSON."""
    if isinstance(value, SymbolicTensor):
        return {"tensor": places[id(value)]}
    if isinstance(value, dict):
        return {"dict": {str(key): _encode(part, places) for key, part in value.items()}}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_encode(part, places) for part in value]}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    rule = "hold only tensors, numbers, words, lists and dicts, to be saved"
    _check.weights_fail("Model", f"call its layers on arguments that {rule}", value, "Change it.")


def _card(model: Network) -> str:
    """The model card where none is given: what it is, and how to load it."""
    total, trainable = counts(model)
    lines = "\n".join(table(model))
    return (
        f"---\nlibrary_name: striate\n---\n\n# {model.name}\n\n"
        f"{total:,} numbers, {trainable:,} of them trainable.\n\n```\n{lines}\n```\n\n"
        "Load it: `striate.load_model(folder)`.\n"
    )
