import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.func import functional_call

from striate.errors import ArgumentError, ShapeError
from striate.layers import LayerNormalization
from tests.oracle import norm as oracle

SHAPE = (2, 5, 3, 4)


def made(axis, **arguments):
    layer = LayerNormalization(axis, **arguments)
    layer.build((None, *SHAPE[1:]))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=array.shape) for array in layer.get_weights()]
    layer.double().set_weights(weights)
    return layer, weights


def test_shape_is_the_inputs():
    layer = LayerNormalization()
    assert layer.output_shape((None, None, None, 3)) == (None, None, None, 3)
    assert layer(torch.zeros(1, 1, 1, 1)).shape == (1, 1, 1, 1)
    assert layer.output_shape((None, 7, 1, 1)) == (None, 7, 1, 1)


@pytest.mark.parametrize("axis", [-1, 1, (1, 2), (3, 1), [-2, -1], (1, 2, 3)], ids=str)
def test_values_are_the_twins(axis, close):
    layer, (gamma, beta) = made(axis, epsilon=0.01)
    axes = tuple(sorted(a % 4 for a in (axis if isinstance(axis, list | tuple) else [axis])))
    assert gamma.shape == tuple(SHAPE[a] for a in axes)
    x = torch.randn(SHAPE, dtype=torch.float64) * 3 + 1
    y = oracle.layer_norm(x.numpy(), axes, gamma, beta, 0.01)
    close(layer(x), y, 1e-11)
    close(layer(x, training=True), y, 1e-11)


def test_last_axes_are_torchs(close):
    layer, _ = made((2, 3))
    x = torch.randn(SHAPE, dtype=torch.float64)
    close(layer(x), F.layer_norm(x, SHAPE[2:], layer.weight, layer.bias, 1e-3))


@pytest.mark.parametrize("axis", [(1, 2), (1, 3)], ids=str)
def test_gradients_are_differences(axis):
    layer, _ = made(axis)
    names = [name for name, _ in layer.named_parameters()]

    def run(x, *weights):
        return functional_call(layer, dict(zip(names, weights, strict=True)), (x,))

    x = torch.randn(1, *SHAPE[1:], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(run, (x, *layer.parameters()), fast_mode=True)


def test_each_pixel_is_by_itself_and_other_samples_do_not_count(close):
    layer, x = LayerNormalization(), torch.randn(4, 3, 3, 8)
    close(layer(x)[2:3, 1:2, 1:2], layer(x[2:3, 1:2, 1:2]))


def test_one_channel_is_its_beta():
    layer = LayerNormalization(beta_initializer="ones")
    assert layer(torch.randn(2, 3, 3, 1)).eq(1).all()


def test_defaults_are_keras():
    layer = LayerNormalization()
    assert (layer.axis, layer.epsilon, layer.center, layer.scale) == (-1, 1e-3, True, True)
    assert LayerNormalization([1, -1]).axis == (1, -1)


@pytest.mark.parametrize("axis", [0, 0.5, None, "last", (), (1, 1)])
def test_error_words_of_arguments(axis):
    with pytest.raises(ArgumentError, match=r'^LayerNormalization "n": `axis` must'):
        LayerNormalization(axis, name="n")


def test_error_words_of_inputs():
    layer = LayerNormalization((1, -1), name="n")
    with pytest.raises(ShapeError, match=r'"n": input must have 2 dimensions or more for axis='):
        layer(torch.zeros(4))
    with pytest.raises(ShapeError, match="names each once"):
        layer(torch.zeros(4, 2))
    with pytest.raises(ShapeError, match=r"have known sizes along axis=\(1, -1\)"):
        layer.build((None, None, 3, 2))
    layer(torch.zeros(1, 2, 3, 4))
    layer(torch.zeros(1, 2, 9, 4))
    layer(torch.zeros(1, 2, 4))
    with pytest.raises(ShapeError, match=r"have sizes \(2, 4\) along axis=\(1, -1\), as when it"):
        layer(torch.zeros(1, 3, 3, 4))
