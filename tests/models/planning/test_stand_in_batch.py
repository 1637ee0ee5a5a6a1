"""What a traced step is given in the place of real pictures."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.data.augment import policy
from striate.models.planning.memory_trace import record_step, training_timeline
from striate.models.planning.planned_step import input_shapes, pictures_of, planned_step
from striate.models.planning.stand_in_batch import copied, resized, tensors_of
from striate.plan.recording import timeline_of
from striate.records import Batch, Boxes

SAMPLES = 6


def test_records_and_numbers_of_a_batch_get_the_new_size():
    there = torch.ones(2, 3, dtype=torch.bool)
    boxes = Boxes(torch.rand(2, 3, 4), torch.zeros(2, 3, dtype=torch.int64), there)
    batch = Batch({"a": torch.zeros(2, 5)}, (boxes, torch.tensor(1.0)), None, torch.arange(2))
    found = resized(batch, 7)
    assert found.images["a"].shape == (7, 5)
    assert found.targets[0].boxes_xyxy.shape == (7, 3, 4)
    assert found.targets[1].shape == ()
    assert (found.weights, found.sample_ids.dtype) == (None, torch.int64)
    shapes = [t.shape for t in tensors_of(found) if isinstance(t, torch.Tensor)]
    assert sorted(map(tuple, shapes)) == [(), (7,), (7, 3), (7, 3), (7, 3, 4), (7, 5)]


def test_copies_share_nothing_with_the_pictures():
    batch = Batch(torch.ones(2, 3), torch.zeros(2))
    found = copied(batch, seed=0, epoch=0, step=0)
    found.images.zero_()
    assert batch.images.sum() == 6
    assert found.targets is batch.targets


@pytest.mark.parametrize("name", ["standard", "strong"])
def test_a_step_that_augments_is_traced_as_it_is(name):
    """The real augmentation with numbers, against what stands for it."""
    torch.manual_seed(0)
    parts = [layers.Conv2D(32, 3, activation="relu"), layers.BatchNormalization()]
    parts += [layers.Conv2D(32, 3), layers.GlobalAveragePooling2D(), layers.Dense(3, "softmax")]
    model = striate.Sequential([striate.Input((24, 24, 3)), *parts]).train()
    pictures = pictures_of(model, input_shapes(model), torch.uint8)
    step, metrics, one = planned_step(model, pictures, "adam")
    step.augment = policy(name)
    traced = training_timeline(step, one, metrics=metrics, is_small=True)
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.integers(0, 256, (SAMPLES, 24, 24, 3), np.uint8))
    ids = torch.arange(SAMPLES)
    batch = Batch(images, torch.zeros(SAMPLES, dtype=torch.int64), None, ids)
    step(batch, epoch=0, step=0)
    found = record_step(step, batch, metrics=metrics)
    real = timeline_of([(2**50, found)])
    assert traced.peak(SAMPLES).by_kind["batch"] == real.peak(1).by_kind["batch"]
    assert traced.peak_bytes(SAMPLES) == real.peak_bytes(1)
