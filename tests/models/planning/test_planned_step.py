"""The step that a plan is made for."""

import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError
from striate.models.planning.planned_step import input_shapes, pictures_of, planned_step
from tests.models.small_net import net, ready


def step_of(model, *args, **how):
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    return planned_step(model, pictures, *args, **how)


@pytest.mark.parametrize(
    ("head", "loss", "target"),
    [
        (layers.Dense(3, "softmax"), "SparseCategoricalCrossentropy", ((1,), torch.int64)),
        (layers.Dense(1), "MeanSquaredError", ((1, 1), torch.float32)),
        (layers.Reshape((2, 2, 9)), "MeanSquaredError", ((1, 2, 2, 9), torch.float32)),
    ],
)
def test_a_loss_is_suggested_by_the_output(head, loss, target):
    model = striate.Sequential([striate.Input((6, 6, 1)), layers.Dense(1), layers.Flatten(), head])
    step, _, batch = step_of(model)
    assert type(step.criterion.losses[0]).__name__ == loss
    assert (tuple(batch.targets.shape), batch.targets.dtype) == target
    assert type(step.optimizer).__name__ == "RMSprop"


@pytest.mark.parametrize(
    ("loss", "shape"),
    [
        ("categorical_crossentropy", (1, 3)),
        ("sparse_categorical_crossentropy", (1,)),
        ("binary_crossentropy", (1, 3)),
        (lambda y, p: ((y - p) ** 2).mean(-1), (1, 3)),
    ],
)
def test_targets_are_those_that_the_compiled_loss_takes(loss, shape):
    step, _, batch = step_of(ready(net(), loss=loss))
    assert tuple(batch.targets.shape) == shape
    assert step(batch, epoch=0, step=0).is_finite


def test_given_optimizers_are_left_as_they_are():
    model = net()
    given = striate.optimizers.Adam(0.1)
    step, _, _ = step_of(model, given)
    assert not given.bound
    assert step.optimizer.bound
    own = torch.optim.SGD(model.parameters(), 0.1)
    assert step_of(model, own)[0].optimizer is own


def test_the_largest_picture_takes_no_memory():
    model = striate.Sequential([layers.Conv2D(2, 3, input_shape=(None, None, 3))])
    (shape,) = input_shapes(model, 65536)
    pictures = pictures_of(model, [shape], torch.float32)
    assert pictures.shape == (1, 65536, 65536, 3)
    assert pictures.untyped_storage().nbytes() == 4


def test_a_size_that_cannot_be_counted_is_refused():
    model = striate.Sequential([layers.Conv2D(2, 3, input_shape=(None, None, 3))])
    with pytest.raises(ArgumentError, match=r"plan: `size` must be at most 65536 pixels"):
        input_shapes(model, (20, 2_000_000_000))
