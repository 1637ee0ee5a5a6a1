"""Input: a symbolic start, its shape checked."""

import pytest
import torch

import striate
from striate.errors import ArgumentError
from striate.models import InputLayer


def test_an_input_has_a_shape_and_a_name():
    x = striate.Input((None, 28, 1), name="photo")
    assert x.shape == (None, None, 28, 1)
    assert x.call.layer.name == "photo"


def test_it_gives_what_it_gets():
    x = torch.rand(2, 3)
    assert InputLayer((3,))(x) is x
    assert InputLayer((3,)).count_params() == 0


@pytest.mark.parametrize("shape", [(), None, 28, (0, 1), (True,), (2.5,), ("3",), [28, -1]])
def test_a_shape_of_anything_but_sizes_is_refused(shape):
    with pytest.raises(ArgumentError, match=r"`shape` must list the sizes of one sample"):
        striate.Input(shape)


def test_inputs_are_counted_from_one():
    a, b = striate.Input((2,)), striate.Input((2,))
    net = striate.Model([a, b], a + b)
    assert net.layer_names == ["input_1", "input_2", "add"]
