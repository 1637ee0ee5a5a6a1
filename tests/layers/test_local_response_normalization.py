import pytest
import torch

from striate import ops
from striate.errors import ArgumentError, ShapeError
from striate.layers import LocalResponseNormalization
from tests.oracle import lrn as oracle

ALEXNET = {"depth_radius": 2, "bias": 2.0, "alpha": 1e-4, "beta": 0.75}


def test_shape_is_the_inputs():
    layer = LocalResponseNormalization()
    assert layer.output_shape((None, None, 5, None)) == (None, None, 5, None)
    assert layer(torch.zeros(1, 1, 1, 1)).shape == (1, 1, 1, 1)
    assert layer.cost((1, 2, 2, 3)).parameters == 0


@pytest.mark.parametrize("arguments", [{}, ALEXNET, {"depth_radius": 0}], ids=str)
@pytest.mark.parametrize("shape", [(2, 5, 3, 16), (2, 3, 3, 1), (4, 7)], ids=str)
def test_values_are_tensorflows(shape, arguments, close):
    x = torch.randn(shape, dtype=torch.float64) * 20
    given = {"depth_radius": 5, "bias": 1.0, "alpha": 1.0, "beta": 0.5, **arguments}
    close(LocalResponseNormalization(**arguments)(x), oracle.tensorflow(x.numpy(), **given))
    close(ops.local_response_normalization(x, **arguments), oracle.tensorflow(x.numpy(), **given))


def test_alexnets_constants_are_the_papers(close):
    x = torch.randn(1, 4, 4, 96, dtype=torch.float64) * 100
    y = oracle.paper(x.numpy(), k=2.0, n=5, alpha=1e-4, beta=0.75)
    close(LocalResponseNormalization(**ALEXNET)(x), y)
    radius_as_n = LocalResponseNormalization(**{**ALEXNET, "depth_radius": 5})
    assert (radius_as_n(x) - torch.tensor(y)).abs().max() > 1


def test_gradient_is_that_of_differences():
    x = torch.randn(1, 2, 2, 6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(LocalResponseNormalization(1, 0.5), x)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"depth_radius": -1}, "`depth_radius` must be a whole number of at least 0"),
        ({"bias": 0.0}, "`bias` must be a number above 0"),
        ({"alpha": -1}, "`alpha` must be a number of at least 0"),
        ({"beta": None}, "`beta` must be a number of at least 0"),
    ],
)
def test_error_words(arguments, words):
    with pytest.raises(ArgumentError, match=f'^LocalResponseNormalization "n": {words}'):
        LocalResponseNormalization(name="n", **arguments)
    with pytest.raises(ShapeError, match=r'"n": input must have 2 dimensions \(n, c\) or more'):
        LocalResponseNormalization(name="n")(torch.zeros(4))
