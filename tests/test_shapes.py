import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from striate import shapes
from striate.windows import ReceptiveField
from tests.oracle.padding import same

SIZES = st.integers(1, 40)
KERNELS = st.integers(1, 7)
STRIDES = st.integers(1, 9)
DILATIONS = st.integers(1, 4)


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.integers(0, 5), st.integers(0, 5))
def test_output_size_is_torchs(size, kernel, stride, dilation, before, after):
    assume(size + before + after >= shapes.kernel_extent(kernel, dilation))
    x = F.pad(torch.zeros(1, 1, size), (before, after))
    y = F.conv1d(x, torch.zeros(1, 1, kernel), stride=stride, dilation=dilation)
    by_formula = shapes.output_size(
        size, kernel=kernel, stride=stride, dilation=dilation, padding=(before, after)
    )
    assert by_formula == y.shape[-1]
    if before == after == 0:
        assert by_formula == shapes.output_size(
            size, kernel=kernel, stride=stride, dilation=dilation, padding="valid"
        )


@given(SIZES, KERNELS, STRIDES, DILATIONS)
def test_same_padding_makes_the_size_of_same(size, kernel, stride, dilation):
    before, after = shapes.same_padding(size, kernel=kernel, stride=stride, dilation=dilation)
    assert (before, after) == same(size, kernel, stride, dilation)
    x = F.pad(torch.zeros(1, 1, size), (before, after))
    if before + after == 0 and size < shapes.kernel_extent(kernel, dilation):
        return
    y = F.conv1d(x, torch.zeros(1, 1, kernel), stride=stride, dilation=dilation)
    wanted = shapes.output_size(
        size, kernel=kernel, stride=stride, dilation=dilation, padding="same"
    )
    assert y.shape[-1] == wanted == math.ceil(size / stride)
    assert 0 <= after - before <= 1


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.integers(0, 5), st.integers(0, 5), st.integers(0, 8))
def test_transposed_sizes_are_torchs(size, kernel, stride, dilation, before, after, more):
    assume(more < stride)
    window = {"kernel": kernel, "stride": stride, "dilation": dilation}
    cut = shapes.transposed_cut(padding=(before, after), output_padding=more, **window)
    assert cut == (before, after - more)
    y = F.conv_transpose1d(
        torch.zeros(1, 1, size),
        torch.zeros(1, 1, kernel),
        stride=stride,
        dilation=dilation,
        output_padding=more,
    )
    assert transposed(size, cut, **window) == y.shape[-1] - before - after


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.sampled_from(["valid", "same"]))
def test_a_transposed_window_undoes_its_window(size, kernel, stride, dilation, padding):
    window = {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}
    cut = shapes.transposed_cut(**window)
    large = transposed(size, cut, kernel=kernel, stride=stride, dilation=dilation)
    assert shapes.output_size(large, **window) == size
    if padding == "same":
        assert large == size * stride
        before, after = shapes.same_padding(large, kernel=kernel, stride=stride, dilation=dilation)
        assert cut == (before, after) or sum(cut) < 0 == before == after
    else:
        assert large >= size * stride


def transposed(size, cut, *, kernel, stride, dilation):
    (_, h, _, _) = shapes.transposed_output(
        (1, size, None, 1),
        kernel=(kernel, 1),
        strides=(stride, 1),
        dilation=(dilation, 1),
        cut=(cut, (0, 0)),
        channels=1,
    )
    return h


# Géron's demo: two sample images cut to 70 x 120, a kernel of 7.
@pytest.mark.parametrize(
    ("padding", "stride", "expected"),
    [("valid", 1, (64, 114)), ("same", 1, (70, 120)), ("same", 2, (35, 60))],
)
def test_the_books_sizes(padding, stride, expected):
    output = shapes.spatial_output(
        (2, 70, 120, 3), kernel=(7, 7), strides=(stride,) * 2, padding=(padding,) * 2, channels=32
    )
    assert output == (2, *expected, 32)


def test_open_sizes_stay_open():
    assert shapes.output_size(None, kernel=3, padding="valid") is None
    assert shapes.floor_div(None, 2) is None
    assert shapes.element_count((2, None, 3)) is None
    assert shapes.tensor_bytes((None, 3)) is None
    assert shapes.conv_multiply_adds((None, 5, 5, 8), kernel=(3, 3), channels=4) is None
    assert shapes.dense_multiply_adds((None, 8), units=3) is None
    output = shapes.spatial_output(
        (None, None, 9, 3), kernel=(3, 3), strides=(1, 1), padding=("valid", "same"), channels=8
    )
    assert output == (None, None, 9, 8)
    output = shapes.transposed_output(
        (None, None, 9, 3), kernel=(3, 3), strides=(2, 1), cut=((0, 1), (1, 1)), channels=8
    )
    assert output == (None, None, 9, 8)


def test_counts_of_the_books():
    assert shapes.conv_parameters(kernel=(3, 3), channels=1, filters=32) == 320
    assert shapes.conv_parameters(kernel=(3, 3), channels=64, filters=128) == 73_856
    assert shapes.conv_parameters(kernel=(3, 3), channels=8, filters=8, groups=4) == 9 * 2 * 8 + 8
    assert shapes.dense_parameters(inputs=1152, units=10) == 11_530
    assert shapes.dense_parameters(inputs=30_976, units=512, use_bias=False) == 15_859_712
    # 200 maps of 100 x 150 seen through 5 x 5 x 3: 225 million products, 12 MB.
    assert shapes.conv_multiply_adds((1, 100, 150, 200), kernel=(5, 5), channels=3) == 225_000_000
    assert shapes.tensor_bytes((1, 100, 150, 200)) == 12_000_000
    assert shapes.dense_multiply_adds((1, 64), units=10) == 640


@given(st.integers(-50, 50), st.integers(1, 12))
def test_ceil_div(a, b):
    assert shapes.ceil_div(a, b) == math.ceil(a / b)
    assert shapes.floor_div(a, b) == math.floor(a / b)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_reshaped_is_torchs(sizes, data):
    first = data.draw(st.sampled_from([n for n in range(1, 37) if math.prod(sizes) % n == 0]))
    target = data.draw(st.permutations([first, -1]))
    assert shapes.reshaped(sizes, target) == torch.zeros(sizes).reshape(*target).shape
    assert shapes.reshaped([*sizes, None], target) == tuple(None if n == -1 else n for n in target)
    assert shapes.reshaped(sizes, (math.prod(sizes),)) == (math.prod(sizes),)


def test_scaled_output():
    assert shapes.scaled_output((2, 3, 5, 8), factors=(2, 3), channels=4) == (2, 6, 15, 4)
    assert shapes.scaled_output((None, None, 5, 8), factors=(2, 3), channels=8)[:3] == (
        None,
        None,
        15,
    )


LAYERS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2)),
    min_size=1,
    max_size=3,
)


@given(LAYERS)
def test_receptive_field_is_what_the_gradient_sees(layers):
    size = 64
    x = torch.zeros(1, 1, size, requires_grad=True)
    y, field = x, ReceptiveField()
    for kernel, stride, dilation, padding in layers:
        assume(y.shape[-1] + 2 * padding >= shapes.kernel_extent(kernel, dilation))
        y = F.conv1d(y, torch.ones(1, 1, kernel), stride=stride, dilation=dilation, padding=padding)
        field = field.then(kernel=kernel, stride=stride, dilation=dilation, padding_before=padding)
    place = y.shape[-1] // 2
    first = field.start_px + place * field.stride_px
    assume(first >= 0)
    assume(first + field.size_px <= size)
    y[0, 0, place].backward()
    seen = x.grad[0, 0].nonzero()[:, 0]
    assert seen.min() == first
    assert seen.max() == first + field.size_px - 1


@pytest.mark.parametrize("stride", [1, 2])
def test_symbolic_sizes_are_never_branched_on(stride):
    class Size(torch.nn.Module):
        def forward(self, x):
            before, after = shapes.same_padding(
                x.shape[1], kernel=3, stride=stride, max=torch.sym_max
            )
            return F.pad(x, (before, after))

    x = torch.zeros(1, 8)
    program = torch.export.export(Size(), (x,), dynamic_shapes={"x": {1: torch.export.Dim.DYNAMIC}})
    for size in (5, 6, 7, 8):
        expected = size + sum(shapes.same_padding(size, kernel=3, stride=stride))
        assert program.module()(torch.zeros(1, size)).shape == (1, expected)
