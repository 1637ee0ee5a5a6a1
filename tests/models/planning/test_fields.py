"""Receptive fields through whole graphs: by gradients, and as others have published them."""

import math
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError
from striate.models.planning.fields import receptive_fields


def seen(net, position):
    """(rows, columns): first and last pixel on which the output at a position hangs."""
    for weight in net.parameters():
        torch.nn.init.uniform_(weight, 0.5, 1.0)  # nothing cancels
    net.double()
    _, h, w, c = net.inputs[0].shape
    x = torch.rand(1, h, w, c, dtype=torch.float64, requires_grad=True)
    net(x)[0, position[0], position[1]].sum().backward()
    places = x.grad[0].abs().sum(-1)
    ends = [torch.nonzero(places.sum(1 - axis)).flatten().tolist() for axis in (0, 1)]
    return [(each[0], each[-1]) for each in ends]


def expected(fields, position, size):
    """The same by the arithmetic, of pixels inside the picture."""
    found = []
    for field, at, length in zip(fields, position, size, strict=True):
        start = field.start_px + at * field.stride_px
        last = math.floor(start + field.size_px - 1)
        found.append((max(0, math.ceil(start)), min(length - 1, last)))
    return found


STEP = st.tuples(
    st.sampled_from(["conv", "pool", "depthwise", "fork", "skip", "pad"]),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(["same", "valid"]),
)


def grown(x, step):
    """One more piece of a net."""
    kind, kernel, stride, padding = step
    if kind == "conv":
        return layers.Conv2D(2, (kernel, 3), strides=stride, padding=padding)(x)
    if kind == "pool":
        return layers.AveragePooling2D((2, kernel), strides=stride, padding=padding)(x)
    if kind == "depthwise":
        return layers.DepthwiseConv2D(kernel, strides=stride, padding="same")(x)
    if kind == "pad":
        return layers.ZeroPadding2D(((kernel, 0), (0, stride)))(x)
    narrow = layers.Conv2D(2, 1, strides=stride)(x)
    wide = layers.Conv2D(2, 2 * kernel - 1, strides=stride, padding="same")(x)
    if kind == "fork":
        return layers.Concatenate()([narrow, wide, layers.Conv2D(1, 3, padding="same")(wide)])
    return layers.Add()([narrow, wide])


@settings(max_examples=25, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=4), st.integers(50, 54), st.integers(50, 54))
def test_any_graph_sees_what_its_gradient_says(steps, h, w):
    x = inputs = striate.Input((h, w, 2))
    for step in steps:
        x = grown(x, step)
    net = striate.Model(inputs, x)
    fields = list(receptive_fields(net).values())[-1]
    middle, corner = (x.shape[1] // 2, x.shape[2] // 2), (x.shape[1] - 1, 0)
    assert seen(net, middle) == expected(fields, middle, (h, w))
    for mine, theirs in zip(expected(fields, corner, (h, w)), seen(net, corner), strict=True):
        assert mine[0] <= theirs[0] <= theirs[1] <= mine[1]  # padding inside the net hides some


def test_a_net_that_goes_down_and_up_again():
    x = inputs = striate.Input((32, 48, 1))
    down = layers.Conv2D(2, 3, strides=2, padding="same")(x)
    deep = layers.Conv2D(2, 3, strides=2, padding="same")(down)
    up = layers.Conv2DTranspose(2, 2, strides=2)(deep)
    joined = layers.Concatenate()([down, up])
    x = layers.Conv2D(1, 1)(layers.UpSampling2D(2)(joined))
    net = striate.Model(inputs, x)
    rows, columns = list(receptive_fields(net).values())[-1]
    assert rows.stride_px == columns.stride_px == 1
    first, last = [], []
    for row in (12, 13, 14, 15):  # the places of one coarse pixel, each inside the window
        ((a, b), _) = seen(net, (row, 20))
        ((low, high), _) = expected((rows, columns), (row, 20), (32, 48))
        assert low <= a <= b <= high
        first.append(a - low)
        last.append(high - b)
    assert min(first) == min(last) == 0  # and no pixel too wide for all of them


def conv_net(*, pooled):
    x = inputs = striate.Input((28, 28, 1))
    for filters in (32, 64, 128):
        if pooled and filters > 32:
            x = layers.MaxPooling2D(2)(x)
        x = layers.Conv2D(filters, 3, activation="relu")(x)
    return striate.Model(inputs, x)


@pytest.mark.parametrize(("pooled", "size"), [(True, 18), (False, 7)])
def test_what_the_book_says_of_pooling(pooled, size):
    rows, columns = receptive_fields(conv_net(pooled=pooled))["conv2d_2"]
    assert rows == columns
    assert rows.size_px == size


def test_the_books_nets():
    mnist = receptive_fields(striate.recipes.mnist_net())["conv2d_2"][0]
    assert (mnist.size_px, mnist.stride_px, mnist.start_px) == (18, 4, 0)
    fashion = receptive_fields(striate.recipes.fashion_mnist_net())
    assert fashion["max_pooling2d_2"][0].size_px == 38
    assert "flatten" not in fashion


# Of the table of Araujo et al.: size, stride and padding at a picture of 224 pixels. The nets
# whose padding differs (ResNet's first pooling) have None there; ResNet-18 and -34 are of
# PyTorch's nets by hand: 1 + sum over layers of (k - 1) s.
PUBLISHED = [
    ("alexnet", "pool5", 195, 32, 64),
    ("vgg11", "block5_pool", 150, 32, 59),
    ("vgg16", "block5_pool", 212, 32, 90),
    ("vgg16", "block4_conv2", 76, 8, 34),
    ("inception_v3", "mixed0", 63, 8, 18),
    ("inception_v3", "mixed7", 927, 16, 442),
    ("inception_v3", "mixed10", 1311, 32, 618),
    ("mobilenet_v1", None, 315, 32, 126),
    ("resnet18", None, 435, 32, None),
    ("resnet34", None, 899, 32, None),
    ("resnet50", None, 483, 32, None),
    ("resnet101", None, 1027, 32, None),
    ("lenet5", "C5", 32, 4, 0),
]


@pytest.mark.parametrize(("name", "layer", "size", "stride", "padding"), PUBLISHED)
def test_published_fields(name, layer, size, stride, padding):
    found = receptive_fields(striate.architectures.sketch(name))
    named = found if layer else [fields for fields in found.values() if not fields[0].is_whole]
    rows, columns = named[layer or -1]
    assert rows == columns
    assert (rows.size_px, rows.stride_px, rows.is_whole) == (size, stride, False)
    assert padding in (None, -rows.start_px)


def test_a_gate_sees_the_whole_map():
    found = receptive_fields(striate.architectures.sketch("efficientnet_b0"))
    assert not list(found.values())[1][0].is_whole
    assert list(found.values())[-1][0].is_whole


def test_an_open_size_is_asked_for():
    x = striate.Input((None, None, 3))
    net = striate.Model(x, layers.Conv2D(4, 3, strides=2, padding="same", name="one")(x))
    assert receptive_fields(net, 8)["one"][0].start_px == 0
    assert receptive_fields(net, (9, 8))["one"][0].start_px == -1
    words = "receptive_fields: `size` must be given. Got size=None. The model leaves height and"
    with pytest.raises(ArgumentError, match=re.escape(words)):
        receptive_fields(net)


def test_a_net_must_be_built():
    words = "`receptive_fields` must wait until the input shape is known"
    with pytest.raises(NotBuiltError, match=words):
        receptive_fields(striate.Sequential([layers.Conv2D(4, 3)]))
