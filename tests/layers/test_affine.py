import pytest
import torch

from striate.errors import ArgumentError
from striate.layers import BatchNormalization, GroupNormalization, LayerNormalization

KINDS = [BatchNormalization, lambda **given: GroupNormalization(1, **given), LayerNormalization]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("scale", [False, True])
def test_gamma_and_beta_are_there_where_asked(make, center, scale):
    layer = make(center=center, scale=scale)
    layer.build((None, 3, 3, 2))
    names = [name for name, there in (("weight", scale), ("bias", center)) if there]
    assert [name for name, _ in layer.named_parameters()] == names
    assert (layer.weight is not None, layer.bias is not None) == (scale, center)
    assert layer.cost((1, 3, 3, 2)).parameters == layer.count_params()


@pytest.mark.parametrize("make", KINDS)
def test_initialisers_and_regularisers_reach_their_parameter(make):
    layer = make(
        gamma_initializer="zeros", beta_initializer="ones", gamma_regularizer="l1",
        beta_regularizer="l2",
    )  # fmt: skip
    layer.build((None, 3, 3, 2))
    assert layer.weight.tolist() == [0, 0]
    assert layer.bias.tolist() == [1, 1]
    assert layer.regularization().item() == pytest.approx(2 * 0.01)
    with torch.no_grad():
        layer.weight.fill_(3.0)
    assert layer.regularization().item() == pytest.approx(2 * 0.01 + 2 * 3 * 0.01)


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"epsilon": 0}, "`epsilon` must be a number above 0"),
        ({"center": 1}, "`center` must be True or False"),
        ({"scale": None}, "`scale` must be True or False"),
        ({"beta_initializer": "zero"}, '`beta_initializer` must .*Nearest: "zeros"'),
        ({"gamma_initializer": "one"}, '`gamma_initializer` must .*Nearest: "ones"'),
        ({"gamma_regularizer": "l3"}, "`gamma_regularizer` must name a known regularizer"),
        ({"beta_regularizer": "l3"}, "`beta_regularizer` must name a known regularizer"),
    ],
)
def test_error_words(make, arguments, words):
    with pytest.raises(ArgumentError, match=f'^\\w+Normalization "n": {words}'):
        make(name="n", **arguments)
