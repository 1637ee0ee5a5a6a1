import pytest
import torch

from striate.errors import ArgumentError
from striate.layers import Conv2D, regularizers

W = torch.tensor([[-2.0, 1.0], [0.0, 3.0]])


@pytest.mark.parametrize(
    ("given", "penalty"),
    [
        ("l1", 0.01 * 6),
        ("l2", 0.01 * 14),
        ("l1_l2", 0.0),
        (regularizers.L1(0.5), 3.0),
        (regularizers.L2(l2=0.5), 7.0),
        (regularizers.L1L2(1.0, 0.5), 13.0),
    ],
)
def test_penalties(given, penalty):
    assert regularizers.get(given)(W).item() == pytest.approx(penalty)


def test_none_is_none():
    assert regularizers.get(None) is None


def test_a_layer_sums_its_penalties():
    layer = Conv2D(2, 1, kernel_regularizer="l2", bias_regularizer=regularizers.L1(1.0))
    layer.build((None, 4, 4, 3))
    with torch.no_grad():
        layer.weight.fill_(2.0)
        layer.bias.fill_(-3.0)
    total = layer.regularization()
    assert total.item() == pytest.approx(0.01 * 4 * 6 + 6)
    total.backward()
    assert layer.weight.grad.unique().tolist() == pytest.approx([0.04])
    assert Conv2D(2, 1).regularization() is None
    layer.trainable = False
    assert layer.regularization() is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: regularizers.get("l3"), r"must name a known regularizer.*Nearest"),
        (lambda: regularizers.L2(-1), "L2: `l2` must be a number of at least 0"),
        (lambda: Conv2D(1, 1, bias_regularizer="x"), 'Conv2D "conv2d": `bias_regularizer` must'),
    ],
)
def test_error_words(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
