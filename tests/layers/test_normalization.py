import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import BatchNormalization
from tests.oracle import norm as oracle


def made(c, **arguments):
    layer = BatchNormalization(**arguments)
    layer.build((None, c))
    layer.double()
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=c), rng.normal(size=c), rng.normal(size=c), rng.uniform(1, 2, c)]
    layer.set_weights(weights)
    return layer, weights


@pytest.mark.parametrize("shape", [(8, 3), (2, 4, 5, 3), (2, 6, 3), (1, 1, 1, 1), (2, 3, 3, 1)])
def test_training_moves_the_statistics_and_inference_uses_them(shape, close):
    layer, (gamma, beta, mean, variance) = made(shape[-1], momentum=0.9, epsilon=0.01)
    x = torch.randn(shape, dtype=torch.float64) * 3 + 1
    y, mean, variance = oracle.batch_norm_training(
        x.numpy(), mean, variance, gamma, beta, 0.9, 0.01
    )
    close(layer(x, training=True), y, 1e-9)
    close(layer.running_mean, mean)
    close(layer.running_var, variance)
    close(layer(x), oracle.batch_norm(x.numpy(), mean, variance, gamma, beta, 0.01))
    close(layer.running_var, variance)


def test_weights_stand_in_keras_order():
    layer, weights = made(3)
    assert list(layer.state_dict()) == [
        "weight", "bias", "running_mean", "running_var",
    ]  # fmt: skip
    for got, given in zip(layer.get_weights(), weights, strict=True):
        assert np.array_equal(got, given)
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    assert layer.count_params() == 12


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("scale", [False, True])
def test_without_gamma_or_beta(center, scale, close):
    layer = BatchNormalization(center=center, scale=scale)
    x = torch.randn(16, 2)
    y = layer(x, training=True)
    close(y, (x - x.mean(0)) / (x.var(0, correction=0) + 1e-3).sqrt(), 1e-5)
    assert len(layer.get_weights()) == 2 + center + scale
    assert (layer.weight is not None) is scale
    assert (layer.bias is not None) is center


def test_a_frozen_layer_uses_and_keeps_its_statistics():
    layer, _ = made(3)
    x = torch.randn(8, 3, dtype=torch.float64)
    expected = layer(x)
    before = [array.copy() for array in layer.get_weights()]
    layer.trainable = False
    layer.train()
    assert layer(x).equal(expected)
    assert layer(x, training=True).equal(expected)
    for a, b in zip(layer.get_weights(), before, strict=True):
        assert np.array_equal(a, b)
    layer.trainable = True
    layer(x)
    assert not np.array_equal(layer.get_weights()[2], before[2])


def test_defaults_are_keras():
    layer = BatchNormalization()
    assert (layer.momentum, layer.epsilon) == (0.99, 1e-3)
    layer.build((None, 2))
    assert layer.get_weights()[0].tolist() == layer.get_weights()[3].tolist() == [1, 1]
    assert layer.get_weights()[1].tolist() == layer.get_weights()[2].tolist() == [0, 0]


def test_cost_counts_statistics():
    layer, _ = made(5)
    assert layer.cost((None, 5)).parameters == 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"momentum": 1.5}, "`momentum` must be a number from 0 to 1"),
        ({"epsilon": 0}, "`epsilon` must be a number above 0"),
        ({"center": 1}, "`center` must be True or False"),
        ({"gamma_initializer": "one"}, '`gamma_initializer` must .*Nearest: "ones"'),
        ({"beta_regularizer": "l3"}, "`beta_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^BatchNormalization "bn": .*{words}'):
        BatchNormalization(name="bn", **arguments)


def test_error_words_of_inputs():
    layer = BatchNormalization(name="bn")
    with pytest.raises(ShapeError, match=r"must have 2 dimensions \(n, c\) or more"):
        layer(torch.zeros(4))
    with pytest.raises(ShapeError, match="must have a known number of channels"):
        layer.build((None, 4, None))
    layer(torch.zeros(2, 4))
    with pytest.raises(ShapeError, match='Normalization "bn": input must have 4 channels, as when'):
        layer(torch.zeros(2, 5))
