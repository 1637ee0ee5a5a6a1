"""A trained classifier with all that is needed to ask it: class names, preprocessing, temperature.

The answer is one class a picture where the net ends in softmax, and any number of classes a
picture where it ends in sigmoid. A temperature in the model folder's details divides the logits,
here and wherever else the folder is asked for probabilities.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from striate import _check
from striate.data.augment import views
from striate.layers.mode import mode
from striate.models.loading import ModelFolder, read_model_folder
from striate.models.predictor import fastest
from striate.ops.activation import logits_of
from striate.records import Preprocess
from striate.tasks.run.environment import best_device
from striate.tasks.run.run_folder import refuse_folds
from striate.train.step import device_of, dtype_of, forward

__all__ = ["Classifier", "open_classifier"]


@dataclass(frozen=True)
class Classifier:
    """A trained net and what belongs to it.

    Args:
        model: in inference mode, on the device where it computes.
        class_names: in the order of the model's outputs.
        preprocess: how pictures become the model's input, with size and channels.
        several: whether several classes, or none, may be on a picture.
        temperature: the number that divides the logits; None where they stay as they are.
    """

    model: Any
    class_names: tuple[str, ...]
    preprocess: Preprocess
    several: bool
    temperature: float | None = None

    def probabilities(
        self, images: Tensor, *, tta: bool = False, scaled: bool = True
    ) -> npt.NDArray[np.float32]:
        """The probability of each class, for pictures that `read_picture` has brought to size.

        Args:
            images: of one size, all computed at once.
            tta: whether the mean of several views (`striate.data.augment.views`) is taken.
            scaled: whether the temperature divides the logits.

        Shape:
            input  (n, h, w, c), uint8
            output (n, q), q classes
        """
        seen = views(images) if tta else [images]
        found = torch.stack([self._of_one_view(view, scaled) for view in seen]).mean(dim=0)
        rows: npt.NDArray[np.float32] = found.cpu().numpy()
        return rows

    def _of_one_view(self, images: Tensor, scaled: bool) -> Tensor:
        logits = _carried(self.model, images, self.preprocess)[1].float()
        if scaled and self.temperature is not None:
            logits = logits / self.temperature
        return logits.sigmoid() if self.several else logits.softmax(dim=-1)


def open_classifier(folder: str | os.PathLike[str]) -> Classifier:
    """The classifier of a run or model folder, on the best device.

    Args:
        folder: that `striate train` made, or `model.save` with labels and preprocess.

    Raises:
        DataError: the runs of several folds.
        WeightsError: no model there, a damaged one, one without class names or picture size, or
            one that gives no probabilities.

    Example:
        >>> from striate.tasks.classify import train
        >>> classifier = open_classifier(train("digits", epochs=1).folder)
        >>> classifier.probabilities(torch.zeros(1, 8, 8, 1, dtype=torch.uint8)).shape
        (1, 10)
    """
    place = f'Model folder "{os.fspath(folder)}"'
    refuse_folds(folder)
    found: ModelFolder = read_model_folder(os.fspath(folder))
    lacking = [
        name
        for name, there in (
            ("labels.txt", found.labels),
            ("preprocess.json with size and channels", _is_fixed(found.preprocess)),
        )
        if not there
    ]
    if lacking or found.labels is None or found.preprocess is None:
        fix = "Save it with model.save(folder, labels=…, preprocess=…), or name a run."
        _check.weights_fail(place, f"hold {' and '.join(lacking)}", "none", fix)
    model = found.model.to(best_device())
    outputs, kind = _ends(place, model, found.preprocess)
    if outputs != len(found.labels):
        rule = f"name each of its {outputs} outputs in labels.txt"
        _check.weights_fail(place, rule, f"{len(found.labels)} names", "Save the model again.")
    temperature = _temperature(place, found.details.get("temperature"))
    several = kind == "sigmoid"
    return Classifier(model, found.labels, found.preprocess, several, temperature)


def _is_fixed(preprocess: Preprocess | None) -> bool:
    return preprocess is not None and None not in (preprocess.size, preprocess.channels)


def _ends(place: str, model: Any, preprocess: Preprocess) -> tuple[int, str]:
    """How many outputs the model has, and the function that makes them: one picture is tried."""
    shape = (1, *(preprocess.size or ()), preprocess.channels)
    kind, logits = "", torch.empty(0)
    try:
        kind, logits = _carried(model, torch.zeros(shape, dtype=torch.uint8), preprocess)
    except (ValueError, RuntimeError, TypeError) as error:
        rule = f"take the pictures {shape} of its preprocess.json"
        got = str(error).split("\n")[0]
        _check.weights_fail(place, rule, got, "Save the model again.")
    if not kind or logits.dim() != 2:
        rule = "end in one softmax or sigmoid over the classes, to give probabilities"
        got = f"{tuple(logits.shape)}" if kind else "another last layer"
        _check.weights_fail(place, rule, got, 'Add Activation("softmax") to it.')
    return int(logits.shape[1]), kind


def _carried(model: Any, images: Tensor, preprocess: Preprocess) -> tuple[str, Tensor]:
    """The function that makes the outputs, and its logits; an empty name where there is none."""
    device = device_of(model)
    with mode(model, False), torch.inference_mode():
        run, dtype = fastest(model), dtype_of(model)
        outputs = forward(run, images.to(device), "float32", preprocess, device, dtype)
    carried = logits_of(outputs) if isinstance(outputs, Tensor) else None
    return carried if carried is not None else ("", torch.empty(0))


def _temperature(place: str, value: Any) -> float | None:
    if value is None:
        return None
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not 0 < value < math.inf:
        rule = "name a temperature above 0 in details.json"
        _check.weights_fail(place, rule, repr(value), "Save the model again.")
    return float(value)
