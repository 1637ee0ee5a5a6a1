"""A model's layers as Keras would list them: where in a Keras file each has its arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from ..layers.base import Layer
from ..layers.weights import keyed_tensors
from ..weights import NameMap
from ..weights.keras_naming import counted
from ..weights.names import NAME_MAPS
from .graph import Chain
from .keras_order import keras_order
from .network import Network
from .origin import Origin

__all__ = ["KERAS", "LayerInKeras", "layers_in_keras", "map_of", "networks_in", "other_dialects"]

KERAS = "keras"
"""The source whose names are Keras'."""

_AUTOMATIC = "#"  # ends a name in a map that stands for a name which Keras gives by itself


@dataclass(frozen=True)
class LayerInKeras:
    """A layer with weights, and what it is called in Keras.

    Args:
        layer: ours.
        name: in Keras; of a layer in a nested model "outer/inner".
        counted: by the counters of the classes, as a file has it that knows no names.
        tensors: its weights in Keras' order.
        views: the same in Keras' layout; they share their numbers.
    """

    layer: Layer
    name: str
    counted: str
    tensors: tuple[Tensor, ...]
    views: tuple[Tensor, ...]


def layers_in_keras(model: Network) -> list[LayerInKeras]:
    """The layers that have weights, in Keras' order.

    Args:
        model: built.

    Example:
        >>> import striate
        >>> from striate.layers import Dense
        >>> net = striate.Sequential([Dense(2, name="a", input_shape=(3,)), Dense(1, name="b")])
        >>> [(each.name, each.counted) for each in layers_in_keras(net)]
        [('a', 'dense'), ('b', 'dense_1')]
    """
    found = list(_walk(model, "", ()))
    counters = counted([name for _, name, _ in found], [kinds for _, _, kinds in found])
    rows = []
    for (layer, name, _), counter in zip(found, counters, strict=True):
        entries = list(keyed_tensors(layer))
        if entries:
            _, tensors, views = zip(*entries, strict=True)
            rows.append(LayerInKeras(layer, name, counter, tensors, views))
    return rows


def networks_in(model: Network) -> list[Network]:
    """The model and the models inside it."""
    inside = [each for layer in model.layers if isinstance(layer, Network) for each in [layer]]
    return [model, *(each for part in inside for each in networks_in(part))]


def map_of(origin: Origin | None) -> NameMap | None:
    """Keras' names of the net that a model is: in its dialect, or else in another."""
    known = NAME_MAPS.get(origin.architecture, ()) if origin is not None else ()
    maps = [each for each in known if each.source == KERAS]
    own = [each for each in maps if origin is not None and each.dialect == origin.dialect]
    return next(iter([*own, *maps]), None)


def other_dialects(model: Network) -> list[Origin]:
    """The nets in a model that Keras has too, and that are written in another dialect than its."""
    found = []
    for each in networks_in(model):
        origin: Origin | None = getattr(each, "origin", None)
        known = map_of(origin)
        if origin is not None and known is not None and known.dialect != origin.dialect:
            found.append(origin)
    return found


def _walk(
    model: Network, prefix: str, above: tuple[str, ...]
) -> Iterator[tuple[Layer, str, tuple[str, ...]]]:
    """Each layer with its path by names, and the kinds of all on this path."""
    known = map_of(getattr(model, "origin", None))
    turns = {id(layer): turn for turn, layer in enumerate(model.layers)}
    names = model.layer_names
    for layer in keras_order(model):
        turn = turns[id(layer)]
        if isinstance(layer, Network):
            yield from _walk(layer, f"{prefix}{names[turn]}/", (*above, _kind(layer)))
            continue
        called = (known and known.called(names[turn])) or names[turn]
        if called.endswith(_AUTOMATIC):
            called = f"{called.removesuffix(_AUTOMATIC)}_{turn}"
        groups = ("sequential",) * called.count("/")
        yield layer, prefix + called, (*above, *groups, layer.default_name)


def _kind(model: Network) -> str:
    """The class of a nested model, as Keras writes it in names."""
    return "sequential" if isinstance(model._graph, Chain) else "functional"
