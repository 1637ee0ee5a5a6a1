"""The outputs of a model: their names and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from .. import structure
from ..layers.mode import mode
from ..records import Batch
from ..train.step import device_of, dtype_of, forward, to_device
from .network import Network

__all__ = ["ModelEnds", "ends_of"]


@dataclass(frozen=True)
class ModelEnds:
    """Names and shapes (batch first, as None) of a model's outputs, in order.

    `auxiliary` holds the factors of the outputs that there are in training alone, by name.
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[Any, ...], ...]
    auxiliary: Mapping[str, float] = field(default_factory=dict)


def ends_of(model: Network, batch: Batch) -> ModelEnds:
    """What the model gives.

    A model that is not a graph is run on the batch's first sample, which also builds it. Names
    are a dict's keys, the names of the layers that make them, or output_1, output_2, …

    Raises:
        ShapeError, ArgumentError: images that the model does not take.
    """
    graph = model._graph
    if graph is None or not model.built:
        sample = Batch(structure.map_leaves(lambda t: t[:1], batch.images))
        with torch.no_grad(), mode(model, False):
            if model.built:
                device, dtype = device_of(model), dtype_of(model)
                sample = to_device(sample, device)
                outputs = forward(model, sample.images, "float32", None, device, dtype)
            else:
                outputs = model(sample.images)
        graph = model._graph
    else:
        graph.check_inputs(batch.images)
    if graph is None:
        names = structure.names(outputs)
        shapes = [(None, *leaf.shape[1:]) for leaf in structure.leaves(outputs)]
        return ModelEnds(tuple(names), tuple(shapes))
    leaves = structure.leaves(graph.outputs)
    names = structure.names(graph.outputs)
    if not isinstance(graph.outputs, dict):
        by_id = dict(zip(map(id, model.layers), model.layer_names, strict=True))
        made = [by_id.get(id(t.call.layer)) if t.call else None for t in leaves]
        if None not in made and len(set(made)) == len(made):
            names = [str(name) for name in made]
    early = {name: factor for name, (_, factor) in graph.auxiliary.items()}
    return ModelEnds(tuple(names), tuple(t.shape for t in leaves), early)
