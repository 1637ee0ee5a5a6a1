"""Feature maps: what the first blocks of a net make of one picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from matplotlib.figure import Figure

from striate.layers import Activation, Conv2D
from striate.models import Model
from striate.records import Preprocess
from striate.tasks.figures.canvas import INK, as_shown, maps, panes, sheet

__all__ = ["feature_layers", "features_figure"]

_MAPS, _COLUMNS, _LAYERS = 16, 8, 3


def feature_layers(model: Model) -> list[str]:
    """The layers whose maps are shown: the first of each size, three at most.

    Activations where the model has them as layers, else convolutions.
    """
    kind = Activation if any(isinstance(x, Activation) for x in model.layers) else Conv2D
    chosen: dict[tuple[Any, ...], str] = {}
    for name, layer in zip(model.layer_names, model.layers, strict=True):
        shape = tuple(layer.output.shape) if isinstance(layer, kind) else ()
        if len(shape) == 4:
            chosen.setdefault(shape[1:3], name)
    return list(chosen.values())[:_LAYERS]


def features_figure(
    model: Model, image: npt.NDArray[Any], *, preprocess: Preprocess, label: str
) -> Figure:
    """One picture, and beside it what layers make of it: of each the maps that respond most.

    Args:
        model: a functional model of one input, with layers that have maps.
        image: (h, w, c) the picture, uint8, of the size that the model takes.
        preprocess: applied to the picture first.
        label: what is on the picture.
    """
    names = feature_layers(model)
    inside = Model(model.input, [model.get_layer(name).output for name in names])
    found = inside.predict(preprocess.apply(torch.from_numpy(image)[None]).numpy())
    title = f"Feature maps of {model.name} for a picture of {label}"
    figure = sheet(12.0, 0.5 + 2.7 * len(names), title)
    halves: Any = figure.subfigures(1, 2, width_ratios=(1.0, 5.0))
    panes(halves[0], as_shown(image[None]), columns=1, captions=["the picture"])
    parts: Any = halves[1].subfigures(len(names), 1, squeeze=False)
    for part, name, (content,) in zip(parts[:, 0], names, found, strict=True):
        height, width, filters = content.shape
        order = np.argsort(-content.mean(axis=(0, 1)), kind="stable")[:_MAPS]
        title = f"{name}: {len(order)} of {filters} maps of {height} × {width}"
        part.suptitle(title, fontsize=9, color=INK, parse_math=False)
        chosen = np.moveaxis(content, 2, 0)[order]
        maps(part, chosen, columns=_COLUMNS)
    return figure
