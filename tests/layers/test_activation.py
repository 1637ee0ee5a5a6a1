import numpy as np
import pytest
import torch

from striate import ops
from striate.errors import ArgumentError, ShapeError
from striate.layers import Activation, LeakyReLU, ReLU, Softmax

X = torch.linspace(-4, 9, 27, dtype=torch.float64).reshape(3, 9)


@pytest.mark.parametrize("name", ["relu", "tanh", "softmax", "linear"])
def test_activation_is_its_function(name, close):
    layer = Activation(name)
    close(layer(X), layer.activation(X))
    assert layer.output_shape((None, 9)) == (None, 9)


def test_a_function_of_yours(close):
    close(Activation(torch.sin)(X), np.sin(X.numpy()))


@pytest.mark.parametrize("max_value", [None, 6.0, 2.5])
@pytest.mark.parametrize("negative_slope", [0.0, 0.3])
@pytest.mark.parametrize("threshold", [0.0, 1.5])
def test_relu_is_its_rule(max_value, negative_slope, threshold, close):
    layer = ReLU(max_value, negative_slope, threshold=threshold)
    x = X.numpy()
    expected = np.where(x >= threshold, x, negative_slope * (x - threshold))
    if max_value is not None:
        expected = np.where(x >= max_value, max_value, expected)
    close(layer(X), expected)
    given = X.clone().requires_grad_()
    layer(given).sum().backward()
    slope = np.where(x >= threshold, 1.0, negative_slope)
    if max_value is not None:
        slope = np.where(x >= max_value, 0.0, slope)
    inner = ~np.isin(x, [threshold, max_value])
    close(given.grad[inner], slope[inner])


def test_leaky_relu_has_the_slope_of_keras_layer(close):
    assert LeakyReLU().negative_slope == 0.3
    close(LeakyReLU(0.1)(X), np.where(X > 0, X, 0.1 * X))


@pytest.mark.parametrize("axis", [-1, 1, 2])
def test_softmax_sums_to_one_along_its_axis(axis):
    y = Softmax(axis)(torch.randn(2, 3, 4))
    torch.testing.assert_close(y.sum(axis), torch.ones_like(y.sum(axis)))


@pytest.mark.parametrize("layer", [Softmax(), Activation("softmax")], ids=["Softmax", "Activation"])
def test_softmax_carries_its_logits(layer):
    x = torch.randn(2, 3)
    assert ops.logits_of(layer(x)) == ("softmax", x)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Activation("rleu"), 'Activation "activation": `activation` must .*"relu"'),
        (lambda: ReLU(-1), 'ReLU ".*": `max_value` must be a number of at least 0'),
        (lambda: ReLU(negative_slope="x"), "`negative_slope` must"),
        (lambda: ReLU(threshold=-0.5), "`threshold` must be a number of at least 0"),
        (lambda: LeakyReLU(-0.1), "`negative_slope` must be a number of at least 0"),
        (lambda: Softmax(0.5), "`axis` must be a whole number"),
    ],
)
def test_error_words_of_arguments(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


def test_error_words_of_inputs():
    with pytest.raises(ShapeError, match='Softmax "softmax": input must have an axis 2'):
        Softmax(2)(torch.zeros(2, 3))
    with pytest.raises(ShapeError, match="must have an axis -3"):
        Softmax(-3).output_shape((None, 3))
