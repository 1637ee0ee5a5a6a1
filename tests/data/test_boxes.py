from dataclasses import replace

import numpy as np
import pytest

from striate.data.boxes import Box, BoxTable
from striate.errors import ArgumentError

PICTURES = [
    [Box((0, 0, 4, 3), 1), Box((1, 2, 1, 9), 0, crowd=True, area_px=7.5, reference=11)],
    [],
    [Box((-1.5, 0, 2, 2), 2, difficult=True, truncated=True, reference=3)],
]


def test_boxes_are_kept_picture_by_picture():
    table = BoxTable.of(PICTURES)
    assert len(table) == 3
    assert table.offsets.tolist() == [0, 2, 2, 3]
    assert table.boxes_xyxy.tolist() == [[0, 0, 4, 3], [1, 2, 1, 9], [-1.5, 0, 2, 2]]
    assert table.boxes_xyxy.dtype == np.float64
    assert table.labels.tolist() == [1, 0, 2]
    assert table.crowd.tolist() == [False, True, False]
    assert table.difficult.tolist() == table.truncated.tolist() == [False, False, True]
    assert table.areas_px.tolist() == [12, 7.5, 7]
    assert table.references.tolist() == [0, 11, 3]


def test_taking_and_one_picture():
    table = BoxTable.of(PICTURES)
    taken = table.take([2, 1, 0])
    again = BoxTable.of([PICTURES[2], PICTURES[1], PICTURES[0]])
    for name in ("offsets", "boxes_xyxy", "labels", "crowd", "areas_px", "references"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(again, name))
    assert table[0].labels.tolist() == [1, 0]
    assert len(table[1]) == 1
    assert table[-1].labels.tolist() == [2]
    with pytest.raises(IndexError):
        table[3]


def test_a_table_without_a_box():
    table = BoxTable.of([[], []])
    assert table.boxes_xyxy.shape == (0, 4)
    assert table.take([1]).areas_px.tolist() == []


def test_arrays_that_disagree():
    table = BoxTable.of(PICTURES)
    with pytest.raises(ArgumentError, match=r"BoxTable: `crowd` must have shape \(3,\)\. Got"):
        replace(table, crowd=table.crowd[:2])
    with pytest.raises(ArgumentError, match=r"`boxes_xyxy` must have shape \(3, 4\)\. Got"):
        replace(table, boxes_xyxy=table.boxes_xyxy[:, :2])
    with pytest.raises(ArgumentError, match=r"BoxTable: `offsets` must rise from 0 to 3\. Got"):
        replace(table, offsets=np.array([0, 2]))
