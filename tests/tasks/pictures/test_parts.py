"""Parts: batches with the targets that the loss takes, counts, which part is scored."""

import numpy as np
import torch

from striate.data import ArraySource
from striate.records import Preprocess
from striate.tasks.pictures.parts import ClassData, Part, target_tensor


def part(labels):
    labels = np.asarray(labels)
    source = ArraySource(np.zeros((len(labels), 4, 5, 1), np.uint8), target_tensor(labels))
    return Part(source, labels, [str(number) for number in range(len(labels))])


def test_class_numbers_become_rows_where_the_loss_wants_them():
    plain = part([2, 0, 1])
    (batch,) = plain.batches(3, Preprocess(), classes=3).epoch(0)
    assert batch.targets.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert batch.targets.dtype == torch.float32
    (batch,) = plain.batches(3, Preprocess()).epoch(0)
    assert batch.targets.tolist() == [2, 0, 1]


def test_several_classes_stay_rows():
    several = part(np.array([[1, 1], [0, 1]], np.uint8))
    (batch,) = several.batches(2, Preprocess(), classes=2).epoch(0)
    assert batch.targets.tolist() == [[1.0, 1.0], [0.0, 1.0]]
    assert several.counts(2).tolist() == [1, 2]
    assert part([1, 1]).counts(3).tolist() == [0, 2, 0]


def test_the_test_part_is_scored_if_there_is_one():
    parts = {"train": part([0, 1]), "validation": part([0])}
    data = ClassData("x", ("a", "b"), Preprocess(), parts, {}, ())
    assert (data.held_out, data.input_shape, data.several) == ("validation", (4, 5, 1), False)
    assert data.counts.tolist() == [1, 1]
    more = ClassData("x", ("a", "b"), Preprocess(), {**parts, "test": part([1])}, {}, ())
    assert more.held_out == "test"
