"""A model's weights as a `.weights.h5` file, which the same net in Keras loads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import _check
from ..io.foreign.keras_writer import write_arrays
from ..io.new_file import new_file
from ..layers.weights import keyed_tensors
from ..weights.keras_naming import is_kind
from .keras_layers import LayerInKeras, layers_in_keras, networks_in, other_dialects
from .network import Network

__all__ = ["export_to_keras"]

_SUFFIX = ".weights.h5"
_VARIABLES = "vars"


def export_to_keras(model: Network, filepath: str | os.PathLike[str], *, overwrite: bool) -> Path:
    """Writes the weights so that `keras_model.load_weights(filepath)` takes them.

    Keras finds a layer by the counter of its class, in the order of its `model.layers`; so the net
    there must be made of the same layers, joined in the same way. bfloat16 becomes float32.

    Args:
        model: built.
        filepath: of the file, which ends with .weights.h5.
        overwrite: whether a file that stands there may be replaced.

    Returns:
        The file.

    Raises:
        ArgumentError: another ending; a net that Keras has, in another dialect; layers with weights
            that Keras lacks; a model whose layers are joined by `call`.
        MissingExtraError: h5py is not installed.
        WeightsError: something stands there; the disk refuses.
    """
    place, name = model.place, os.fspath(filepath)
    if not name.endswith(_SUFFIX):
        _check.fail(place, "filepath", f"end with {_SUFFIX}", name, f'For example "net{_SUFFIX}".')
    layers = layers_in_keras(model)
    _check_model(model, layers)
    arrays = {
        f"{_folder(layer.counted)}/{_VARIABLES}/{number}": view
        for layer in layers
        for number, view in enumerate(layer.views)
    }
    names = {f"{_folder(path)}/{_VARIABLES}": said for path, said in _named(layers)}
    with new_file(filepath, overwrite=overwrite) as path:
        names[_VARIABLES] = model.name
        write_arrays(f'File "{name}"', path, arrays, names=names)
    return Path(filepath)


def _check_model(model: Network, layers: Iterable[LayerInKeras]) -> None:
    for origin in other_dialects(model):
        fix = f'Its net is {origin.architecture}(dialect="keras").'
        _check.fail(model.place, "to", f"be a library that computes as {origin}", "keras", fix)
    if any(part._graph is None for part in networks_in(model)):
        fix = "Join the layers as a Sequential or by Model(inputs, outputs)."
        rule = "be a library that finds the layers of the model, and not joined by `call`"
        _check.fail(model.place, "to", rule, "keras", fix)
    for each in layers:
        inside = [entry for part in each.layer.children() for entry in keyed_tensors(part)]
        if inside or not is_kind(each.layer.default_name):
            rule = f"be a library that has each layer with weights, also {each.layer.place}"
            _check.fail(model.place, "to", rule, "keras", "Any net is kept by model.save.")
    held = {id(tensor) for each in layers for tensor in each.tensors}
    for key, tensor in model.state_dict(keep_vars=True).items():
        if id(tensor) not in held:
            rule = f"be a library that has a place for all weights, also {key}"
            _check.fail(model.place, "to", rule, "keras", "Put it into a layer.")


def _folder(path: str) -> str:
    """Where Keras keeps a layer, by the counters of the classes.

    Example:
        >>> _folder("sequential/dense_1")
        'layers/sequential/layers/dense_1'
    """
    return "/".join(f"layers/{piece}" for piece in path.split("/"))


def _named(layers: Iterable[LayerInKeras]) -> Iterator[tuple[str, str]]:
    """The names of layers, and of the models in which they stand, by the counters of the path."""
    for each in layers:
        counters = each.counted.split("/")
        for depth, name in enumerate(each.name.split("/"), 1):
            yield "/".join(counters[:depth]), name
