import numpy as np
import pytest
import torch

from striate.errors import ArgumentError
from striate.layers import Dense, Lambda
from striate.layers.symbolic import Call, SymbolicTensor, is_symbolic

X = SymbolicTensor((None, 28, 28, 1), name="image")


def test_it_holds_a_shape_and_the_call_that_made_it():
    y = Dense(3, name="head")(SymbolicTensor((None, 4)))
    assert y.shape == (None, 3)
    assert y.call.layer.name == "head"
    assert repr(y) == "<SymbolicTensor (n, 3) by Dense>"
    assert repr(X) == "<SymbolicTensor (n, 28, 28, 1) input image>"


def test_a_call_lists_its_symbolic_inputs():
    a, b = SymbolicTensor((None, 3)), SymbolicTensor((None, 3))
    call = Call(Dense(1), ([a, 3.0], b), {"mask": {"m": a}}, [(None, 1), (None, 2)])
    assert call.inputs == [a, b, a]
    assert [output.shape for output in call.outputs] == [(None, 1), (None, 2)]
    assert all(output.call is call for output in call.outputs)


def test_calls_are_numbered_in_order():
    first = Dense(1)(SymbolicTensor((None, 3)))
    second = Dense(1)(first)
    assert first.call.order < second.call.order


def test_is_symbolic_looks_into_structures():
    assert is_symbolic(([1, {"a": X}],))
    assert not is_symbolic(([1, {"a": torch.ones(1)}],))


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        (lambda: torch.relu(X), "torch's relu"),
        (lambda: np.asarray(X), "NumPy"),
        (lambda: bool(X), "a truth test"),
        (lambda: X + 1, r"the operator \+ with int"),
        (lambda: X * 2.0, r"the operator \* with float"),
        (lambda: X - np.ones(3), "the operator - with ndarray"),
    ],
)
def test_it_holds_no_numbers(operation, what):
    words = f"SymbolicTensor: `operation` must be a layer.*Got {what}.*layers.Lambda"
    with pytest.raises(ArgumentError, match=words):
        operation()


def test_the_way_out_works():
    assert Lambda(torch.relu)(X).shape == X.shape
