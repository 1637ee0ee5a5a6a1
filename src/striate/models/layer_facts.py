"""LayerFacts: what can be said of each layer of a model, side by side with another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .. import structure
from ..errors import WeightsError
from ..layers.base import Layer
from ..layers.config import to_json
from .costs import inference_calls
from .inputs import InputLayer
from .network import Network

__all__ = ["LayerFacts", "layer_facts"]

_NOT_COMPARED = ("name", "input_shape", "seed")


@dataclass(frozen=True)
class LayerFacts:
    """One layer of a run.

    Args:
        name: in the model.
        kind: its class.
        purpose: what such a layer does: the first sentence of its description.
        input_shape, output_shape: with None for the batch.
        parameters: numbers in it that are trained.
        settings: argument -> value, as JSON can hold it.
    """

    name: str
    kind: str
    purpose: str = field(repr=False)
    input_shape: Any
    output_shape: Any
    parameters: int
    settings: dict[str, Any]


def layer_facts(model: Network) -> list[LayerFacts]:
    """The layers in the order in which they run, the input first; without auxiliary outputs.

    Raises:
        NotBuiltError: the input shape is not known yet.
    """
    model._require_built("layer_facts")
    names = dict(zip(map(id, model.layers), model.layer_names, strict=True))
    return [
        LayerFacts(
            name=names.get(id(layer), layer.name),
            kind=type(layer).__name__,
            purpose=(type(layer).__doc__ or "").strip().split("\n")[0].rstrip("."),
            input_shape=given,
            output_shape=made,
            parameters=sum(p.numel() for p in layer.parameters() if p.requires_grad),
            settings=_settings(layer),
        )
        for layer, given, made in _runs(model)
    ]


def _runs(model: Network) -> Iterator[tuple[Layer, Any, Any]]:
    """(layer, shape in, shape out) of each step of a run."""
    if model._graph is None:
        for layer in model.layers:
            if layer.built_for is not None:
                yield layer, layer.built_for, layer.output_shape(layer.built_for)
        return
    for tensor in structure.leaves(model._graph.inputs):
        if tensor.call and isinstance(tensor.call.layer, InputLayer):
            yield tensor.call.layer, None, tensor.shape
    for call in inference_calls(model):
        shapes = [tensor.shape for tensor in call.inputs]
        made = structure.map_leaves(lambda tensor: tensor.shape, call.outputs)
        yield call.layer, shapes[0] if len(shapes) == 1 else shapes, made


def _settings(layer: Layer) -> dict[str, Any]:
    try:
        found = to_json(layer)["config"]
    except WeightsError:  # of a class that is not registered
        found = {key: repr(value) for key, value in layer.get_config().items()}
    return {key: value for key, value in found.items() if key not in _NOT_COMPARED}
