import pytest
import torch

from striate import ops
from striate.errors import ArgumentError
from striate.layers import activations


@pytest.mark.parametrize("name", sorted(set(activations.activation_functions) - {"linear"}))
def test_a_name_is_its_operation(name):
    expected = {"swish": ops.silu}.get(name) or getattr(ops, name)
    assert activations.get(name) is expected


def test_none_is_linear():
    x = torch.randn(3)
    assert activations.get(None) is activations.get("linear")
    assert activations.get(None)(x) is x


def test_a_function_is_returned_as_it_is():
    assert activations.get(torch.sin) is torch.sin


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("rleu", '`activation` must name a known activation.*Nearest: "relu"'),
        (3, "`activation` must be a name or a function"),
    ],
)
def test_error_words(value, words):
    with pytest.raises(ArgumentError, match=words):
        activations.get(value)
