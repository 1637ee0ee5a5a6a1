"""The boxes of many pictures in flat arrays: corners, classes, flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data.ragged import Integers, check_offsets, chosen_rows, offsets_of

__all__ = ["Box", "BoxTable"]


@dataclass(frozen=True)
class Box:
    """One box of a picture.

    Args:
        xyxy: left, top, right, bottom in pixels from the top left corner; right and bottom lie
            outside, so that right - left is the width. Of the picture as it is seen, upright.
        label: class number.
        crowd: whether it stands for a crowd of things, which is no target (COCO's iscrowd).
        difficult: whether it is marked as hard to see and does not count (VOC).
        truncated: whether the thing goes on outside the picture (VOC).
        area_px: of what is inside: COCO's area of the segment. Default None: of the box.
        reference: where its source has it: COCO's annotation id, YOLO's line from 1, VOC's
            object from 1. Polygons and the like are found by it.
    """

    xyxy: tuple[float, float, float, float]
    label: int
    crowd: bool = False
    difficult: bool = False
    truncated: bool = False
    area_px: float | None = None
    reference: int = 0


@dataclass(frozen=True, eq=False)
class BoxTable:
    """The boxes of n pictures, m in all.

    Args:
        offsets: (n + 1,) the boxes of picture i are rows offsets[i] to offsets[i + 1].
        boxes_xyxy: (m, 4) float64, as `Box` has them.
        labels: (m,) class numbers.
        crowd, difficult, truncated: (m,) bool.
        areas_px: (m,) float64.
        references: (m,) int64.

    Raises:
        ArgumentError: the arrays disagree in m, or offsets do not rise from 0 to m.

    Example:
        >>> table = BoxTable.of([[Box((0, 0, 4, 3), 1)], []])
        >>> len(table), table[0].boxes_xyxy.tolist(), table.areas_px.tolist()
        (2, [[0.0, 0.0, 4.0, 3.0]], [12.0])
    """

    offsets: Integers
    boxes_xyxy: npt.NDArray[np.float64] = field(repr=False)
    labels: Integers = field(repr=False)
    crowd: npt.NDArray[np.bool_] = field(repr=False)
    difficult: npt.NDArray[np.bool_] = field(repr=False)
    truncated: npt.NDArray[np.bool_] = field(repr=False)
    areas_px: npt.NDArray[np.float64] = field(repr=False)
    references: Integers = field(repr=False)

    def __post_init__(self) -> None:
        count = len(self.labels)
        for name in _COLUMNS:
            shape = (count, 4) if name == "boxes_xyxy" else (count,)
            if getattr(self, name).shape != shape:
                _check.fail("BoxTable", name, f"have shape {shape}", getattr(self, name).shape)
        check_offsets("BoxTable", self.offsets, count)

    @classmethod
    def of(cls, pictures: Sequence[Sequence[Box]]) -> BoxTable:
        """From the boxes of each picture."""
        boxes = [box for picture in pictures for box in picture]
        corners = np.array([box.xyxy for box in boxes], np.float64).reshape(-1, 4)
        own = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
        given = np.array([np.nan if b.area_px is None else b.area_px for b in boxes], np.float64)
        return cls(
            offsets_of([len(picture) for picture in pictures]),
            corners,
            np.array([box.label for box in boxes], np.int64),
            np.array([box.crowd for box in boxes], np.bool_),
            np.array([box.difficult for box in boxes], np.bool_),
            np.array([box.truncated for box in boxes], np.bool_),
            np.where(np.isnan(given), own, given),
            np.array([box.reference for box in boxes], np.int64),
        )

    def __len__(self) -> int:
        """Pictures, not boxes."""
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> BoxTable:
        """The boxes of one picture, as a table of one."""
        return self.take([range(len(self))[index]])

    def take(self, indices: Any) -> BoxTable:
        """The boxes of the pictures with these numbers, in this order."""
        places, offsets = chosen_rows(self.offsets, indices)
        return BoxTable(offsets, *(getattr(self, name)[places] for name in _COLUMNS))


_COLUMNS = tuple(each.name for each in fields(BoxTable))[1:]
