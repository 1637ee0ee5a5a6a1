import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Dense, SqueezeExcite
from tests.oracle.squeeze_excite import squeeze_excite


def built(channels, *args, **arguments):
    layer = SqueezeExcite(*args, **arguments)
    layer.build((None, None, None, channels))
    return layer


def test_shape_is_the_inputs():
    layer = built(32)
    assert layer.output_shape((None, None, None, 32)) == (None, None, None, 32)
    assert layer(torch.zeros(1, 1, 1, 32)).shape == (1, 1, 1, 32)


@pytest.mark.parametrize("shape", [(2, 5, 3, 8), (1, 1, 1, 4), (3, 7, 1, 1)], ids=str)
def test_values_are_the_twins(shape, close):
    layer = built(shape[-1], filters=3).double()
    weights = [np.random.default_rng(0).normal(size=a.shape) for a in layer.get_weights()]
    layer.set_weights(weights)
    x = torch.randn(shape, dtype=torch.float64)
    close(layer(x), squeeze_excite(x.numpy(), *weights))


def test_values_are_torchs(close):
    layer, x = (
        built(8, 2, activation="silu", gate_activation="hard_sigmoid"),
        torch.randn(2, 4, 4, 8),
    )
    kernels = [dense.weight[:, :, None, None] for dense in (layer.squeeze, layer.excite)]
    x_nchw = x.permute(0, 3, 1, 2)
    middle = torch.nn.functional.silu(torch.conv2d(x_nchw.mean((2, 3), keepdim=True), kernels[0]))
    gates = torch.nn.functional.hardsigmoid(torch.conv2d(middle, kernels[1]))
    close(layer(x), (x_nchw * gates).permute(0, 2, 3, 1))


def test_weights_are_those_of_two_dense_layers():
    layer = built(64, 16)
    names = ["squeeze.weight", "squeeze.bias", "excite.weight", "excite.bias"]
    assert list(layer.state_dict()) == names
    assert [a.shape for a in layer.get_weights()] == [(64, 4), (4,), (4, 64), (64,)]
    assert layer.count_params() == layer.cost((1, 7, 7, 64)).parameters == 2 * 64 * 4 + 4 + 64
    assert layer.cost((2, 7, 7, 64)).multiply_adds == 2 * (2 * 64 * 4)
    assert layer.cost((None, 7, 7, 64)).multiply_adds is None


@pytest.mark.parametrize(
    ("channels", "arguments", "units"),
    [(512, {}, 32), (100, {"ratio": 16}, 6), (96, {"filters": 4}, 4), (4, {"ratio": 4}, 1)],
)
def test_units_of_the_middle(channels, arguments, units):
    assert built(channels, **arguments).squeeze.units == units


def test_gradients_are_differences():
    layer = built(3, filters=2, activation="tanh").double()
    x = torch.randn(2, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, x)
    layer(x).sum().backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in layer.parameters())


def test_the_number_type_stays(close):
    layer, x = built(8, 2), torch.randn(2, 4, 4, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert layer(x.bfloat16()).dtype == torch.bfloat16
    assert built(8, 2).bfloat16()(x.bfloat16()).dtype == torch.bfloat16


def test_a_frozen_layer_makes_frozen_parameters():
    layer = built(4, 2, trainable=False)
    assert not any(parameter.requires_grad for parameter in layer.parameters())
    layer.trainable = True
    assert all(parameter.requires_grad for parameter in layer.parameters())
    assert isinstance(layer.squeeze, Dense)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"ratio": 0}, "`ratio` must be a whole number of at least 1"),
        ({"filters": 0.5}, "`filters` must be a whole number of at least 1"),
        ({"activation": "rleu"}, '`activation` must .*Nearest: "relu"'),
        ({"gate_activation": "sigmod"}, '`gate_activation` must .*Nearest: "sigmoid"'),
        ({"kernel_initializer": "he"}, "`kernel_initializer` must name a known initializer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^SqueezeExcite "se": {words}'):
        SqueezeExcite(name="se", **arguments)


def test_error_words_of_inputs():
    layer = SqueezeExcite(name="se")
    with pytest.raises(ShapeError, match='"se": input must have 4 dimensions'):
        layer(torch.zeros(2, 32))
    with pytest.raises(ShapeError, match=r"have at least ratio=16 channels.* Use a smaller ratio"):
        layer(torch.zeros(1, 2, 2, 15))
    with pytest.raises(ShapeError, match="have a known number of channels"):
        layer.build((None, 2, 2, None))
    layer(torch.zeros(1, 2, 2, 32))
    with pytest.raises(ShapeError, match="have 32 channels, as when it was built"):
        layer(torch.zeros(1, 2, 2, 16))
