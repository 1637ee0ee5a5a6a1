"""What each layer of a model costs and sees, in the order in which they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, NamedTuple

from ... import structure
from ...layers.base import Layer
from ...layers.shape_inference import map_shapes
from ...layers.symbolic import SymbolicTensor
from ...plan.row import Fields, Row
from ...shapes import Shape
from ...windows import ReceptiveField, Windows
from ..costs import inference_calls
from ..inputs import InputLayer
from ..network import Network
from .counted import layer_multiply_adds

__all__ = ["plan_rows"]


class _Seen(NamedTuple):
    """A tensor of one sample: its shape, and what its positions see of the input."""

    shape: Shape
    fields: Fields | None


def plan_rows(
    model: Network, shapes: Sequence[Shape], kept_bytes: Mapping[str, int] | None = None
) -> list[Row]:
    """The rows of a plan; without auxiliary outputs.

    Args:
        model: built.
        shapes: of the inputs, (1, h, w, c) each, in order.
        kept_bytes: by the names of the layers. Default None: 0 for all.
    """
    walk = _Walk(kept_bytes or {})
    start = (ReceptiveField(), ReceptiveField())
    walk.through(model, [_Seen(shape, start if len(shape) == 4 else None) for shape in shapes])
    return walk.rows


@dataclass
class _Walk:
    """The rows on a way through a net."""

    kept_bytes: Mapping[str, int]
    rows: list[Row] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)

    def through(self, model: Network, inputs: list[_Seen], path: str = "") -> list[_Seen]:
        """Adds the rows of a net; gives what its outputs see."""
        names = dict(zip(map(id, model.layers), model.layer_names, strict=True))
        if model._graph is None:
            self.beside(model, names, path)
            return []
        seen: dict[int, _Seen] = {}
        for tensor, one in zip(structure.leaves(model._graph.inputs), inputs, strict=True):
            seen[id(tensor)] = one
            layer = tensor.call.layer if tensor.call else None
            if isinstance(layer, InputLayer) and not path:
                self.rows.append(_input_row(names.get(id(layer), layer.name), one))
        for call in inference_calls(model):
            given = [seen[id(tensor)] for tensor in call.inputs]
            name = path + names[id(call.layer)]
            if isinstance(call.layer, Network) and call.layer._graph is not None:
                made = self.through(call.layer, given, f"{name}/")
            else:
                made = self.add(call.layer, name, _shapes(call.args, given), given)
            for tensor, one in zip(structure.leaves(call.outputs), made, strict=True):
                seen[id(tensor)] = one
        return [seen[id(tensor)] for tensor in structure.leaves(model._graph.outputs)]

    def beside(self, model: Network, names: Mapping[int, str], path: str) -> None:
        """Adds the layers of a net that no graph joins: what each sees is not known."""
        for layer in model.layers:
            name = path + names[id(layer)]
            if isinstance(layer, Network) and layer._graph is not None:
                starts = structure.leaves(layer._graph.inputs)
                given = [_Seen((1, *tensor.shape[1:]), None) for tensor in starts]
                self.through(layer, given, f"{name}/")
            elif layer.built_for is not None:
                shapes = map_shapes(lambda shape: (1, *shape[1:]), layer.built_for)
                each: list[Shape] = []
                map_shapes(each.append, shapes)
                self.add(layer, name, (shapes,), [_Seen(shape, None) for shape in each])

    def add(self, layer: Layer, name: str, shapes: Any, given: list[_Seen]) -> list[_Seen]:
        """Adds a layer; gives what it makes.

        Args:
            layer: that is called.
            name: of its row.
            shapes: the arguments of the call, shapes in the place of tensors.
            given: what it is called on.
        """
        found: list[Shape] = []
        map_shapes(found.append, layer.output_shape(*shapes))
        cost = layer.cost(shapes[0]) if shapes[0] else None
        adds = layer_multiply_adds(layer, *shapes) if shapes[0] else None
        is_map = all(len(one.shape) == 4 and None not in one.shape for one in given)
        windows = layer.windows(shapes[0]) if is_map else None
        after = _fields_after(given, windows)
        outputs = [shape[1:] for shape in found]
        is_again = id(layer) in self.counted
        self.rows.append(
            Row(
                name=name,
                kind=type(layer).__name__,
                output_shape=outputs[0] if len(outputs) == 1 else tuple(outputs),
                parameters=0 if is_again else layer.count_params(),
                multiply_adds=adds,
                output_bytes=cost.output_bytes if cost else None,
                kept_bytes=0 if is_again else self.kept_bytes.get(name, 0),
                fields=after if len(found[0]) == 4 else None,
                windows=windows,
                ignored=None if windows is None else _ignored(windows, given[0].shape),
            )
        )
        self.counted.add(id(layer))
        return [_Seen(shape, after if len(shape) == 4 else None) for shape in found]


def _input_row(name: str, one: _Seen) -> Row:
    return Row(name, "InputLayer", one.shape[1:], 0, 0, 0, fields=one.fields)


def _shapes(args: Any, given: list[_Seen]) -> Any:
    """The arguments of a call with shapes in the place of tensors."""
    values = iter([one.shape for one in given])
    return structure.map_leaves(
        lambda leaf: next(values) if isinstance(leaf, SymbolicTensor) else leaf, args
    )


def _fields_after(given: list[_Seen], windows: Windows | None) -> Fields | None:
    fields = [one.fields for one in given if one.fields is not None]
    if not given or len(fields) < len(given):
        return None
    axes = windows or (None, None)
    first, second = (
        reduce(ReceptiveField.joined, [each[axis] for each in fields]).through(axes[axis])
        for axis in (0, 1)
    )
    return first, second


def _ignored(windows: Windows, shape: Shape) -> tuple[int, int]:
    return windows[0].ignored(shape[1]), windows[1].ignored(shape[2])
