import numpy as np
import pytest
import torch

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import color as oracle

SHAPES = [(2, 1, 1, 1), (2, 5, 7, 3), (3, 4, 1, 2)]


def numbers(shape):
    return torch.from_numpy(np.random.default_rng(0).normal(size=shape))


@pytest.mark.parametrize("shape", SHAPES)
def test_values_are_the_twins(shape, close):
    x, amounts = numbers(shape), torch.linspace(-0.3, 1.7, shape[0]).double()
    close(ops.adjust_contrast(x, amounts), oracle.contrast(x.numpy(), amounts))
    close(ops.adjust_brightness(x, amounts), oracle.brightness(x.numpy(), amounts))
    close(ops.adjust_contrast(x, 0.4), oracle.contrast(x.numpy(), [0.4] * shape[0]))
    close(ops.adjust_brightness(x, -2), oracle.brightness(x.numpy(), [-2] * shape[0]))


def test_ends_of_contrast(close):
    x = numbers((2, 3, 4, 2))
    assert ops.adjust_contrast(x, 1.0).equal(x)
    close(ops.adjust_contrast(x, 0.0), x.mean(dim=(1, 2), keepdim=True).expand_as(x))


@pytest.mark.parametrize("function", [ops.adjust_contrast, ops.adjust_brightness])
def test_gradients(function):
    x, amounts = numbers((2, 3, 4, 2)).requires_grad_(), numbers((2,)).requires_grad_()
    assert torch.autograd.gradcheck(function, (x, amounts))
    assert function(x.detach().bfloat16(), amounts.detach()).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("function", "argument"), [(ops.adjust_contrast, "factor"), (ops.adjust_brightness, "delta")]
)
def test_error_words(function, argument):
    place = function.__name__
    with pytest.raises(ShapeError, match=f"{place}: input must have 4 dimensions"):
        function(torch.zeros(2, 2, 1), 1.0)
    with pytest.raises(ArgumentError, match=f"{place}: `{argument}` must be a number. Got"):
        function(torch.zeros(2, 2, 2, 1), "much")
    words = rf"{place}: `{argument}` must be a number, or \(n,\), one for each picture. Got"
    with pytest.raises(ArgumentError, match=words):
        function(torch.zeros(2, 2, 2, 1), torch.zeros(3))
