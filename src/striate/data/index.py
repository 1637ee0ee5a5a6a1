"""What a data set holds, whatever its format: paths, and labels, boxes or masks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data.boxes import BoxTable
from striate.data.paths import PathList
from striate.data.ragged import Integers, Ragged

__all__ = ["PictureIndex"]


@dataclass(frozen=True, eq=False)
class PictureIndex:
    """The pictures of one part of a data set, with what is known of each. No picture is decoded.

    Of labels, label_sets, boxes and masks one is there. A picture whose file or annotation cannot
    be used is left out whole and stands in `faults`; what only lies about stands in `skipped`.
    Boxes are kept as they are written, also those of no area and those that leave the picture.

    Args:
        root: the folder of the data.
        paths: of the n pictures.
        class_names: in the order of the class numbers; () where masks come without names.
        labels: (n,) class number of each picture.
        label_sets: the class numbers of each picture, where it may have several or none.
        boxes: of each picture, in pixels.
        sizes_px: (n, 2) h and w of each picture by its annotation, or upright by its header
            where that names none: the size that the boxes are in. Only with boxes.
        masks: path of each picture's mask: a file of class numbers, a pixel each.
        class_ids: the format's own number of each class, where that is another one.
        skipped: (path, reason) of what was found and is no picture of this data set.
        faults: (path, reason) of pictures and annotations that cannot be used.
        format: such as "folder" or "coco".
        why: why this format was taken, in one sentence.

    Raises:
        ArgumentError: the parts disagree in n, none or several kinds of target, boxes without
            sizes, or a class number that has no name.

    Example:
        >>> index = PictureIndex(Path("."), PathList(".", ["a.png", "b.png"]), ("cat", "dog"),
        ...                      labels=np.array([1, 0]))
        >>> len(index), index.kind, index.counts, index.take([1]).paths[0].name
        (2, 'labels', {'cat': 1, 'dog': 1}, 'b.png')
    """

    root: Path
    paths: PathList
    class_names: tuple[str, ...]
    labels: Integers | None = field(default=None, repr=False)
    label_sets: Ragged | None = field(default=None, repr=False)
    boxes: BoxTable | None = field(default=None, repr=False)
    sizes_px: npt.NDArray[np.int32] | None = field(default=None, repr=False)
    masks: PathList | None = field(default=None, repr=False)
    class_ids: tuple[int, ...] | None = field(default=None, repr=False)
    skipped: tuple[tuple[Path, str], ...] = field(default=(), repr=False)
    faults: tuple[tuple[Path, str], ...] = field(default=(), repr=False)
    format: str = "folder"
    why: str = ""

    def __post_init__(self) -> None:
        kinds = [name for name in _KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            rule = "have one of labels, label_sets, boxes and masks"
            _check.fail("PictureIndex", "labels", rule, " and ".join(kinds) or None)
        for name in (*kinds, *(["sizes_px"] if self.boxes is not None else [])):
            value = getattr(self, name)
            if value is None or len(value) != len(self):
                got = None if value is None else len(value)
                _check.fail("PictureIndex", name, f"have one row a picture, {len(self)}", got)
        numbers = self._class_numbers()
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < len(self.class_names):
            rule = f"be class numbers 0..{len(self.class_names) - 1}"
            _check.fail("PictureIndex", kinds[0], rule, f"{numbers.min()}..{numbers.max()}")
        if self.class_ids is not None and len(self.class_ids) != len(self.class_names):
            rule = f"have one number a class, {len(self.class_names)}"
            _check.fail("PictureIndex", "class_ids", rule, self.class_ids)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def kind(self) -> str:
        """What is known of each picture: "labels", "label_sets", "boxes" or "masks"."""
        return next(name for name in _KINDS if getattr(self, name) is not None)

    @property
    def counts(self) -> dict[str, int]:
        """Pictures of each class, or boxes where there are boxes; zeros for masks."""
        found = np.bincount(self._class_numbers(), minlength=len(self.class_names))
        return {name: int(found[i]) for i, name in enumerate(self.class_names)}

    def take(self, indices: Iterable[int] | npt.NDArray[Any]) -> PictureIndex:
        """The index of the pictures with these numbers, in this order; the rest as it is."""
        chosen = np.asarray(list(indices), np.int64)
        fields: dict[str, Any] = {"paths": self.paths.take(chosen)}
        for name in (*_KINDS, "sizes_px"):
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                fields[name] = value[chosen]
            elif value is not None:
                fields[name] = value.take(chosen)
        return replace(self, **fields)

    def _class_numbers(self) -> Integers:
        if self.labels is not None:
            return self.labels
        if self.label_sets is not None:
            return self.label_sets.values
        return self.boxes.labels if self.boxes is not None else np.zeros(0, np.int64)


_KINDS = ("labels", "label_sets", "boxes", "masks")
