import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Conv2D, Conv2DTranspose, DepthwiseConv2D, SeparableConv2D
from striate.layers.convolving import Convolving2D

KINDS = {
    Conv2D: {"filters": 2},
    Conv2DTranspose: {"filters": 2},
    DepthwiseConv2D: {},
    SeparableConv2D: {"filters": 2},
}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def make(request):
    return lambda **arguments: request.param(
        **{"kernel_size": 3, "name": "stem", **KINDS[request.param], **arguments}
    )


def test_arguments_are_kept_in_one_form(make):
    layer = make(kernel_size=[3, 2], strides=2, padding=[1, [0, 2]], dilation_rate=[2, 1])
    assert isinstance(layer, Convolving2D)
    assert (layer.kernel_size, layer.strides, layer.dilation_rate) == ((3, 2), (2, 2), (2, 1))
    assert layer.padding == ((1, 1), (0, 2))
    assert make(padding="same").padding == "same"


def test_relu_is_applied_where_the_result_stands(make, close):
    x = torch.randn(2, 6, 5, 2)
    layer, plain = make(activation="relu"), make()
    layer(x)
    plain(x)
    plain.set_weights(layer.get_weights())
    assert (plain(x) < 0).any()
    close(layer(x), plain(x).relu())


def test_without_bias(make):
    layer = make(use_bias=False, bias_regularizer="l2")
    layer(torch.zeros(1, 5, 5, 1))
    assert layer.bias is None
    assert layer.regularization() is None
    assert not any("bias" in name for name in layer.state_dict())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kernel_size": (3, 0)}, "`kernel_size` must be"),
        ({"strides": 1.5}, "`strides` must be"),
        ({"padding": "smae"}, 'Did you mean "same"'),
        ({"padding": (1, 2, 3)}, "`padding` must be"),
        ({"dilation_rate": None}, "`dilation_rate` must be"),
        ({"activation": "rleu"}, "`activation` must name a known activation"),
        ({"use_bias": 1}, "`use_bias` must be True or False"),
        ({"bias_initializer": "he"}, "`bias_initializer` must name a known initializer"),
        ({"bias_regularizer": "l3"}, "`bias_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(make, arguments, words):
    with pytest.raises(ArgumentError, match=f'"stem": .*{words}'):
        make(**arguments)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((None, 5, 5), r"must have 4 dimensions \(n, h, w, c\)"),
        ((None, 5, 5, None), "must have channels that are known.* Give the input a number"),
    ],
)
def test_error_words_of_inputs(make, shape, words):
    with pytest.raises(ShapeError, match=words):
        make().build(shape)


def test_other_channels_than_before(make):
    layer = make()
    layer(torch.zeros(1, 5, 5, 3))
    with pytest.raises(ShapeError, match='"stem": input must have 3 channels, as when it was'):
        layer(torch.zeros(1, 5, 5, 1))
