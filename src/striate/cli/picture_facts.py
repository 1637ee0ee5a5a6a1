"""What of a model folder's pictures is said on the command line: class names and preprocessing."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from typing import Any

import striate
from striate import _check
from striate.io.damage import Damaged
from striate.io.strict_json import read_json

__all__ = ["PictureFacts", "kept_facts"]


@dataclass(frozen=True)
class PictureFacts:
    """Class names and preprocessing as they stand on a command line; None where nothing does.

    Args:
        place: the command, for messages.
        labels: class names "a,b,c", or a file with one a line.
        preprocess: a file of JSON with the fields of `striate.records.Preprocess`.
        scale: factor on the pixel values, a number or "1/255".
        mean, std: one number, or one a channel, such as "0.5,0.5,0.5".
        size: side of the pictures, where the net leaves it open.
    """

    place: str
    labels: str | None = None
    preprocess: str | None = None
    scale: str | None = None
    mean: str | None = None
    std: str | None = None
    size: int | None = None

    def of_model(self, model: Any, kept: dict[str, Any]) -> dict[str, Any]:
        """What `model.save` is told: what was kept, and what stands on the command line.

        Args:
            model: built; its one input and output say size, channels and classes.
            kept: "labels" and "preprocess" of before, if there were any.

        Raises:
            ArgumentError: labels that are not as many as outputs, or something unreadable.
            DataError: a file of labels that may not be read, or is no text in UTF-8.
        """
        found = dict(kept)
        if self.labels is not None:
            found["labels"] = self._labels(model)
        told = self._told()
        if told or (self.labels is not None and found.get("preprocess") is None):
            before = found.get("preprocess") or striate.records.Preprocess()
            found["preprocess"] = self._fitted(replace(before, **told), model)
        return found

    def _labels(self, model: Any) -> list[str]:
        text = self.labels or ""
        if os.path.isfile(text):
            names = striate.data.formats.documents.read_text(text).splitlines()
        else:
            names = [name.strip() for name in text.split(",")]
        wanted = model.outputs[0].shape[-1]
        if len(model.outputs) != 1 or len(names) != wanted:
            rule = f"name each of the net's {wanted} outputs, a,b,c or a file with one name a line"
            _check.fail(self.place, "labels", rule, f"{len(names)} names")
        return names

    def _told(self) -> dict[str, Any]:
        told = self._from_file() if self.preprocess is not None else {}
        if self.scale is not None:
            told["scale"] = _number(self.place, "scale", self.scale)
        for name, text in (("mean", self.mean), ("std", self.std)):
            if text is not None:
                told[name] = tuple(_number(self.place, name, word) for word in text.split(","))
        return told

    def _from_file(self) -> dict[str, Any]:
        known = [field.name for field in fields(striate.records.Preprocess)]
        rule = f"be a file of JSON with some of {', '.join(known)}"
        try:
            with open(self.preprocess or "", "rb") as file:
                found = read_json(file.read())
        except (OSError, Damaged) as error:
            _check.fail(self.place, "preprocess", rule, str(error))
        if not isinstance(found, dict) or not set(found) <= set(known):
            _check.fail(self.place, "preprocess", rule, found)
        return found

    def _fitted(self, preprocess: Any, model: Any) -> Any:
        """With size and channels, which the net's input says where they are not told."""
        shape = model.inputs[0].shape[1:]
        if len(shape) != 3:
            return preprocess
        height, width, channels = shape
        size = preprocess.size or (self.size and (self.size, self.size)) or (height, width)
        if None in size:
            rule = "say the side of the pictures, which the net leaves open"
            _check.fail(self.place, "size", rule, None, "Add --size, such as --size 224.")
        return replace(preprocess, size=size, channels=preprocess.channels or channels)


def kept_facts(model: str) -> dict[str, Any]:
    """What a model folder holds besides the net, but for its temperature; of a name nothing."""
    if not (os.path.exists(model) or os.sep in model):
        return {}
    found = striate.models.loading.read_model_folder(model)
    details = {name: value for name, value in found.details.items() if name != "temperature"}
    return {"labels": found.labels, "preprocess": found.preprocess, "details": details or None}


def _number(place: str, argument: str, text: str) -> float:
    """A number, or one divided by another."""
    above, _, below = text.partition("/")
    try:
        return _check.number(place, argument, float(above) / float(below or 1))
    except (ValueError, ZeroDivisionError):
        _check.fail(place, argument, 'be numbers such as "0.5", or "1/255"', text)
