"""Sum, count and mean, for every loss; names; weights."""

import dataclasses

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given

from striate import losses
from striate.errors import ArgumentError, ShapeError

NAMES = [
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "mean_squared_error",
    "mse",
    "mean_absolute_error",
    "mae",
    "huber",
    "categorical_focal_crossentropy",
    "binary_focal_crossentropy",
    "dice",
]


def batch(name, n=6, dtype=torch.float32):
    outputs = torch.rand(n, 5).softmax(-1).to(dtype)
    if name.startswith("sparse"):
        return torch.arange(n) % 5, outputs
    return torch.eye(5)[torch.arange(n) % 5], outputs


@pytest.mark.parametrize("name", NAMES)
def test_parts_of_a_batch_add_up(name):
    if name == "dice":
        loss = losses.Dice(axis=1)
    else:
        loss = losses.get(name)
    targets, outputs = batch(name)
    weights = torch.rand(6)
    whole, count = loss.criterion(outputs, targets, weights)
    parts = [loss.criterion(outputs[s], targets[s], weights[s]) for s in (slice(2), slice(2, 6))]
    assert count == sum(part[1] for part in parts) == 6
    assert whole.item() == pytest.approx(sum(part[0].item() for part in parts), rel=1e-5)
    assert (whole / count).item() == pytest.approx(loss(targets, outputs, weights).item(), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_formats_are_computed_in_float32(name, dtype):
    targets, outputs = batch(name, dtype=dtype)
    loss = losses.get(name)
    values = loss.values(targets, outputs)
    assert values.dtype == torch.float32
    assert torch.equal(values, loss.values(targets, outputs.float()))
    assert loss.values(targets, outputs.double()).dtype == torch.float64


@pytest.mark.parametrize("name", NAMES)
def test_gradients_in_float64(name):
    targets, outputs = batch(name, n=3, dtype=torch.float64)
    loss = losses.get(name)
    outputs.requires_grad_()
    assert torch.autograd.gradcheck(lambda o: loss.criterion(o, targets)[0], (outputs,))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_read_back(name):
    targets, outputs = (t.to("meta") for t in batch(name))
    total, _ = losses.get(name).criterion(outputs, targets, torch.ones(6, device="meta"))
    assert total.device.type == "meta"


@pytest.mark.parametrize("name", NAMES)
def test_config_makes_the_same_again_and_objects_do_not_change(name):
    loss = losses.get(name)
    assert type(loss)(**loss.get_config()) == loss
    with pytest.raises(dataclasses.FrozenInstanceError):
        loss.something = 1


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=9))
def test_the_count_is_not_the_sum_of_the_weights(weights):
    n = len(weights)
    total, count = losses.get("mae").criterion(
        torch.ones(n, 2), torch.zeros(n, 2), torch.tensor(weights)
    )
    assert count == n
    assert total.item() == pytest.approx(sum(weights), rel=1e-5, abs=1e-6)


def test_weights_per_sample_per_value_and_column():
    loss = losses.SparseCategoricalCrossentropy()
    targets, outputs = torch.zeros(2, 3, 4, dtype=torch.long), torch.rand(2, 3, 4, 5).softmax(-1)
    per_sample = torch.tensor([0.5, 2.0])
    full = per_sample[:, None, None].expand(2, 3, 4)
    expected = loss(targets, outputs, full)
    for weights in (per_sample, full[..., None], per_sample[:, None, None], per_sample.tolist()):
        assert loss(targets, outputs, weights).item() == pytest.approx(expected.item())
    assert loss(targets, outputs, 2.0).item() == pytest.approx(2 * loss(targets, outputs).item())


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 3, 4, 5), (1, 2, 3, 4)])
def test_weights_of_another_shape(shape):
    words = r"MeanSquaredError: `weights` must hold one weight per sample or one per value\. Got"
    with pytest.raises(ShapeError, match=words):
        losses.get("mse")(torch.zeros(2, 3, 4), torch.zeros(2, 3, 4), torch.ones(shape))


def test_an_empty_batch_is_zero():
    assert losses.get("mse")(torch.zeros(0, 2), torch.zeros(0, 2)).item() == 0.0


def test_get():
    huber = losses.Huber(0.5)
    assert losses.get(huber) is huber
    with pytest.raises(ArgumentError) as caught:
        losses.get("categorical_crossentopy")
    assert str(caught.value) == (
        "compile: `loss` must name a known loss. Got loss='categorical_crossentopy'. Nearest: "
        '"categorical_crossentropy", "categorical_focal_crossentropy", '
        '"sparse_categorical_crossentropy".'
    )
    for wrong in (3, losses.Huber, None):
        with pytest.raises(ArgumentError, match="compile: `loss` must be the name of a loss"):
            losses.get(wrong)


def test_a_loss_without_values():
    with pytest.raises(NotImplementedError):
        losses.Loss().values(torch.zeros(1), torch.zeros(1))
    losses.Loss().check_targets(torch.zeros(1), (1,))
    assert losses.Loss().get_config() == {}
