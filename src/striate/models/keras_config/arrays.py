"""Which arrays of a Keras file are the weights of which layer, and whether their shapes agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from torch import Tensor

from ... import _check
from ...io.foreign.keras_contents import KerasContents
from ...layers.base import Layer
from ...layers.weights import keyed_tensors

__all__ = ["arrays_of_layers"]

_FIX = "The file is damaged: save the model again in Keras."


def arrays_of_layers(
    place: str,
    layers: Mapping[str, Layer],
    contents: KerasContents,
    tensors: Mapping[str, Tensor],
) -> dict[str, list[Tensor]]:
    """path of each layer -> its arrays, all of which fit it; no array is left over.

    Args:
        place: the file, for messages.
        layers: by path in Keras, built.
        contents: which layers the file has variables of.
        tensors: the file's arrays, "<layer>/<number>".

    Raises:
        WeightsError: a layer without its arrays, arrays without a layer, or of other shapes.
    """
    wanted = {path: list(keyed_tensors(layer)) for path, layer in layers.items()}
    wanted = {path: entries for path, entries in wanted.items() if entries}
    given = {layer.name: layer.count for layer in contents.layers if layer.count}
    called = _called({path: len(entries) for path, entries in wanted.items()}, given)
    for path, their in called.items():
        if given.get(their) != len(wanted[path]):
            rule = f"hold {len(wanted[path])} arrays of the layer {_short(path)}"
            _check.weights_fail(place, rule, given.get(their, "none"), _FIX)
    for name in given.keys() - set(called.values()):
        rule = "hold arrays of layers of its configuration and of no others"
        _check.weights_fail(place, rule, _short(name), _FIX)
    found = {}
    for path, their in called.items():
        found[path] = [tensors[f"{their}/{number}"] for number in range(len(wanted[path]))]
        for (key, _, view), tensor in zip(wanted[path], found[path], strict=True):
            _check_alike(place, f"{_short(path)} {key}", view, tensor)
    return found


def _called(wanted: Mapping[str, int], given: Mapping[str, int]) -> dict[str, str]:
    """For each layer its name in the file.

    Older files name a layer that stands deep in nets within a net by the outermost of them alone:
    what is left over then is found by the first and the last part of its path.
    """
    ends = Counter(_ends(name) for name in given if name not in wanted)
    deep = {_ends(name): name for name in given if ends[_ends(name)] == 1}
    return {path: path if path in given else deep.get(_ends(path), path) for path in wanted}


def _ends(path: str) -> tuple[str, str]:
    return path.partition("/")[0], path.rpartition("/")[2]


def _check_alike(place: str, what: str, wanted: Tensor, given: Tensor) -> None:
    same_kind = wanted.is_floating_point() == given.is_floating_point()
    if wanted.shape != given.shape or not same_kind:
        rule = f"hold {what} as {tuple(wanted.shape)}"
        got = f"{str(given.dtype).removeprefix('torch.')} {tuple(given.shape)}"
        _check.weights_fail(place, rule, got, _FIX)


def _short(name: str) -> str:
    return ascii(name)[:120]
