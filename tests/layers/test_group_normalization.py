import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.func import functional_call

from striate.errors import ArgumentError, ShapeError
from striate.layers import GroupNormalization, LayerNormalization
from tests.oracle import norm as oracle

SHAPE = (2, 5, 3, 6)


def made(groups, axis=-1, **arguments):
    layer = GroupNormalization(groups, axis, **arguments)
    layer.build((None, *SHAPE[1:]))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=array.shape) for array in layer.get_weights()]
    layer.double().set_weights(weights)
    return layer, weights


def test_shape_is_the_inputs():
    layer = GroupNormalization(3)
    assert layer.output_shape((None, None, None, 6)) == (None, None, None, 6)
    assert layer(torch.zeros(1, 1, 1, 6)).shape == (1, 1, 1, 6)


@pytest.mark.parametrize("axis", [-1, 3, 1])
@pytest.mark.parametrize("groups", [1, -1, 5, 3])
def test_values_are_the_twins(groups, axis, close):
    if groups > 0 and SHAPE[axis] % groups:
        groups = 1
    layer, (gamma, beta) = made(groups, axis, epsilon=0.01)
    x = torch.randn(SHAPE, dtype=torch.float64) * 3 + 1
    y = oracle.group_norm(x.numpy(), groups, gamma, beta, 0.01, axis)
    close(layer(x), y, 1e-11)
    close(layer(x, training=True), y, 1e-11)


def test_values_are_torchs(close):
    layer, _ = made(3)
    x = torch.randn(SHAPE, dtype=torch.float64)
    y_nchw = F.group_norm(x.permute(0, 3, 1, 2), 3, layer.weight, layer.bias, 1e-3)
    close(layer(x), y_nchw.permute(0, 2, 3, 1))


def test_one_group_is_a_whole_sample_and_minus_one_is_each_map(close):
    x = torch.randn(SHAPE)
    close(GroupNormalization(1)(x), LayerNormalization((1, 2, 3))(x))
    close(GroupNormalization(-1)(x), LayerNormalization((1, 2))(x))
    close(GroupNormalization(-1)(x), GroupNormalization(6)(x))


@pytest.mark.parametrize("groups", [1, 3, -1])
def test_gradients_are_differences(groups):
    layer, _ = made(groups)
    names = [name for name, _ in layer.named_parameters()]

    def run(x, *weights):
        return functional_call(layer, dict(zip(names, weights, strict=True)), (x,))

    x = torch.randn(1, *SHAPE[1:], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(run, (x, *layer.parameters()), fast_mode=True)


def test_the_first_layer_of_a_net_learns(close):
    x, flow = torch.randn(SHAPE), torch.randn(SHAPE)
    layer = GroupNormalization(3)
    (layer(x) * flow).sum().backward()
    normal = GroupNormalization(3, center=False, scale=False)(x)
    close(layer.weight.grad, (normal * flow).sum((0, 1, 2)))
    close(layer.bias.grad, flow.sum((0, 1, 2)))


def test_one_value_is_its_beta(close):
    layer = GroupNormalization(-1, beta_initializer="ones")
    close(layer(torch.randn(2, 1, 1, 3)), torch.ones(2, 1, 1, 3))
    close(layer(torch.randn(1, 1, 1, 3)), torch.ones(1, 1, 1, 3))


def test_rows_of_features(close):
    layer, x = GroupNormalization(2), torch.randn(3, 8)
    close(layer(x), F.group_norm(x, 2, eps=1e-3))


def test_defaults_are_keras():
    layer = GroupNormalization()
    assert (layer.groups, layer.axis, layer.epsilon) == (32, -1, 1e-3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"groups": 0}, "`groups` must be a whole number of at least 1, or -1. Got groups=0. Use"),
        ({"groups": -2}, "`groups` must be a whole number of at least 1, or -1"),
        ({"groups": 2.5}, "`groups` must be a whole number"),
        ({"axis": 0}, "`axis` must be an axis of the sample"),
        ({"axis": (1, 2)}, "`axis` must be a whole number"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^GroupNormalization "n": {words}'):
        GroupNormalization(name="n", **arguments)


def test_error_words_of_inputs():
    layer = GroupNormalization(3, name="n")
    with pytest.raises(ShapeError, match=r'"n": input must have 2 dimensions or more for axis='):
        layer(torch.zeros(4))
    with pytest.raises(
        ShapeError, match=r"have channels that groups=3 divides.* Choose groups that"
    ):
        layer(torch.zeros(1, 4))
    with pytest.raises(ShapeError, match="have channels that groups=3 divides"):
        layer.build((None, 4, None))
    layer(torch.zeros(1, 6))
    with pytest.raises(ShapeError, match="have 6 channels, as when it was built"):
        layer(torch.zeros(1, 9))
