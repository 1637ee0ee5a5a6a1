"""The work of convolutions against torch's own counter, and what tells their kinds."""

import hypothesis
import pytest
import torch
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from striate.plan.convolution_work import CONVOLUTION_KINDS, is_convolution
from striate.plan.operations import work_of

aten = torch.ops.aten
FULL = st.sampled_from([16, 32, 48])


def counted(function, *args):
    """(result, multiply-adds as torch counts them)."""
    with FlopCounterMode(display=False) as counter:
        result = function(*args)
    return result, counter.get_total_flops() // 2


@hypothesis.given(
    samples=st.integers(1, 3),
    channels=FULL,
    filters=FULL,
    groups=st.sampled_from([1, 2]),
    window=st.sampled_from([1, 3, 5]),
    stride=st.integers(1, 2),
    transposed=st.booleans(),
)
def test_convolutions_of_full_vectors(
    samples, channels, filters, groups, window, stride, transposed
):
    channels, filters = channels * groups, filters * groups
    x = torch.ones(samples, channels, 9, 9)
    sides = (channels, filters // groups) if transposed else (filters, channels // groups)
    kernel = torch.ones(*sides, window, window)
    how = ([stride] * 2, [window // 2] * 2, [1, 1], transposed, [0, 0], groups)
    y, adds = counted(aten.convolution.default, x, kernel, None, *how)
    work = work_of(aten.convolution.default, (x, kernel, None, *how), y)
    assert work.amounts == (adds, x.nbytes, y.nbytes, kernel.nbytes)
    args = (torch.ones_like(y), x, kernel, None, *how, [True, True, False])
    gradients, adds = counted(aten.convolution_backward.default, *args)
    both = work_of(aten.convolution_backward.default, args, gradients)
    assert both.kind == f"{work.kind} backward"
    if groups == 1:  # torch counts those of groups as if there were none
        assert both.amounts[0] * 2 == adds
    half = work_of(aten.convolution_backward.default, (*args[:-1], [False, True, True]), gradients)
    assert half.amounts[0] * 2 == both.amounts[0]
    assert {work.kind, both.kind} <= set(CONVOLUTION_KINDS)


@pytest.mark.parametrize(
    ("channels", "filters", "window", "stride", "groups", "kind"),
    [
        (3, 32, 7, 2, 1, "pictures"),
        (5, 32, 7, 2, 1, "dense strided"),
        (32, 8, 1, 1, 1, "1x1"),
        (32, 8, 1, 2, 1, "1x1 strided"),
        (8, 8, 3, 1, 8, "depthwise"),
        (8, 16, 5, 2, 8, "depthwise wide strided"),
        (8, 8, 3, 2, 4, "grouped"),
        (64, 8, 3, 1, 2, "grouped"),
        (66, 8, 3, 1, 2, "dense"),
    ],
)
def test_kinds_of_convolutions(channels, filters, window, stride, groups, kind):
    x, kernel = (
        torch.ones(1, channels, 9, 9),
        torch.ones(filters, channels // groups, window, window),
    )
    how = ([stride] * 2, [0, 0], [1, 1], False, [0, 0], groups)
    y = aten.convolution.default(x, kernel, None, *how)
    assert (
        work_of(aten.convolution.default, (x, kernel, None, *how), y).kind == f"convolution {kind}"
    )


def test_few_channels_count_as_a_full_vector():
    x, kernel = torch.ones(1, 20, 4, 4), torch.ones(10, 20, 1, 1)
    how = ([1, 1], [0, 0], [1, 1], False, [0, 0], 1)
    y = aten.convolution.default(x, kernel, None, *how)
    assert work_of(aten.convolution.default, (x, kernel, None, *how), y).amounts[0] == 16 * 32 * 16


@pytest.mark.parametrize("groups", [1, 16, 32])
def test_kernels_in_the_order_of_the_processor(groups):
    x, kernel = torch.ones(2, 32, 9, 9), torch.ones(32, 32 // groups, 3, 3)
    how = ([1, 1], [2, 2], [1, 1], groups)
    packed = torch._C._nn.mkldnn_reorder_conv2d_weight(kernel.to_mkldnn(), *how)
    plain = (x, kernel, None, [2, 2], [1, 1], [1, 1], False, [0, 0], groups)
    wanted = work_of(aten.convolution.default, plain, aten.convolution.default(*plain))
    pointwise = torch.ops.mkldnn._convolution_pointwise
    given = (packed, None, *how)
    args = (x, *given, "relu", [], "")
    y = pointwise.default(*args)
    found = work_of(pointwise.default, args, y)
    assert found == wanted._replace(kind=f"{wanted.kind} packed")
    args = (x, y, *given, "add", 1.0, None, [], None)
    sums = [work_of(pointwise.binary, args, pointwise.binary(*args))]
    args = (y, x, *args[2:])
    within = torch.ops.mkldnn._convolution_pointwise_.binary
    sums.append(work_of(within, args, within(*args)))
    adds, read, made, weights = found.amounts
    assert {work.amounts for work in sums} == {(adds, read, 2 * made, weights)}
    assert {work.kind for work in (found, *sums)} <= set(CONVOLUTION_KINDS)


def test_names():
    names = ["convolution", "convolution_backward", "_convolution_pointwise", "mm"]
    assert [is_convolution(name) for name in names] == [True, True, True, False]
