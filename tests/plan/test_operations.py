"""The work of operations against torch's counter, and traced ones against a real step's."""

import collections

import hypothesis
import pytest
import torch
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from striate import Sequential, layers
from striate.layers.mode import mode
from striate.models.planning.memory_trace import record_step, training_timeline
from striate.models.planning.planned_step import input_shapes, pictures_of, planned_step
from striate.plan.operations import Work, operations_of, work_of
from striate.records import Batch

aten = torch.ops.aten


def counted(function, *args):
    """(result, multiply-adds as torch counts them)."""
    with FlopCounterMode(display=False) as counter:
        result = function(*args)
    return result, counter.get_total_flops() // 2


@hypothesis.given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_products(rows, inner, columns):
    a, b, c = torch.ones(rows, inner), torch.ones(inner, columns), torch.ones(columns)
    y, adds = counted(aten.mm.default, a, b)
    amounts = (adds, a.nbytes, y.nbytes, b.nbytes)
    assert work_of(aten.mm.default, (a, b), y) == Work("product", "float32", amounts)
    assert work_of(aten.addmm.default, (c, a, b), y).amounts == amounts
    for linear in (aten.linear.default, torch.ops.mkldnn._linear_pointwise.default):
        assert work_of(linear, (a, b.t(), c), y).amounts == amounts


def test_other_operations_move_bytes():
    x = torch.ones(2, 3, dtype=torch.bfloat16)
    moved = (0, 3 * x.nbytes, 0, 0)
    assert work_of(aten.add.Tensor, (x, x), x + x) == Work("elementwise", "bfloat16", moved)
    assert work_of(aten.add_.Tensor, (x, x), x) == Work("elementwise", "bfloat16", moved)
    assert work_of(aten._foreach_mul_.Scalar, ([x, x], 2.0), None).kind == "sum of weights"
    nothing = Work("", "", (0, 0, 0, 0))
    assert work_of(aten.t.default, (x,), x.t()) == nothing
    assert work_of(aten.empty_like.default, (x,), torch.empty_like(x)) == nothing
    assert work_of(torch.ops.prim.device.default, (x,), x.device) is None


def test_batch_norm_knows_whether_it_trains():
    x, c = torch.ones(2, 3, 4, 4), torch.ones(3)
    for training, kind in ((True, "batch norm"), (False, "batch norm inference")):
        args = (x, c, c, c.clone(), c.clone(), training, 0.1, 1e-3)
        assert (
            work_of(aten.native_batch_norm.default, args, aten.native_batch_norm(*args)).kind
            == kind
        )


def test_equal_ones_are_counted_together():
    small, great = (Work("sum", "float32", (0, 5 * n + 3, 0, 0)) for n in (2, 1000))
    [found] = operations_of([great, great], 1000)
    assert (found.times, found.fixed, found.each) == (2, (0, 3, 0, 0), (0, 5, 0, 0))
    assert operations_of([great, great], 1000, second=([small, small], 2)) == (found,)


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_traced_operations_are_those_of_a_real_step(optimizer):
    net = Sequential(
        [
            layers.Conv2D(8, 3, activation="relu", input_shape=(12, 12, 3)),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.DepthwiseConv2D(3),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    pictures = pictures_of(net, input_shapes(net), torch.float32)
    step, metrics, one = planned_step(net, pictures, optimizer)
    parts = (one.images, one.targets, one.weights, one.sample_ids)
    four = Batch(*(p if p is None else torch.cat([p] * 4) for p in parts))
    with mode(net, True):
        step(four, epoch=0, step=0)
    traced = collections.Counter()
    for each in training_timeline(step, one, metrics=metrics).operations:
        amounts = tuple(a + 4 * b for a, b in zip(each.fixed, each.each, strict=True))
        traced[each.kind, each.dtype, amounts] += each.times
    with mode(net, True):
        real = collections.Counter(record_step(step, four, metrics=metrics).works)
    del traced["", "", (0, 0, 0, 0)], real[Work("", "", (0, 0, 0, 0))]
    assert traced == real
