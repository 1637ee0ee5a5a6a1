import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Conv2D, Dense, Layer
from striate.layers.shape_inference import by_meta_run, is_meta, map_shapes, meta_parameters


class Only(Layer):
    """Has a function and nothing else."""

    def __init__(self, function, **base):
        super().__init__(**base)
        self.function = function

    def call(self, *inputs):
        return self.function(*inputs)


@pytest.mark.parametrize(
    ("function", "shape", "expected"),
    [
        (torch.relu, (None, None, 5, 3), (None, None, 5, 3)),
        (lambda x: x[:, ::2], (None, 28, 28, 1), (None, 14, 28, 1)),
        (lambda x: x.mean((1, 2)), (None, None, None, 7), (None, 7)),
        (lambda x: x[:1], (None, 4), (1, 4)),
        (lambda x: x.flatten(1), (None, None, 4), (None, None)),
        (lambda x: (x, x.sum(1)), (None, 4), ((None, 4), (None,))),
        (lambda x: {"a": x[..., None]}, (None, 4), {"a": (None, 4, 1)}),
    ],
)
def test_open_sizes_are_those_that_differ(function, shape, expected):
    assert by_meta_run(Only(function), shape) == expected
    assert Only(function).output_shape(shape) == expected


def test_several_inputs():
    assert by_meta_run(Only(torch.add), (None, 1, 3), (None, 5, 1)) == (None, 5, 3)
    assert by_meta_run(Only(torch.cat), [(None, 3), (None, 3)]) == (None, 3)


def test_it_builds_with_true_parameters():
    class Block(Layer):
        def __init__(self, **base):
            super().__init__(**base)
            self.inner = Dense(3)

        def call(self, x):
            return self.inner(x)

    block = Block()
    assert by_meta_run(block, (None, 4)) == (None, 3)
    assert not block.inner.weight.is_meta
    assert not block.training


def test_a_layers_own_error_comes_through():
    layer = Conv2D(2, 3)
    with pytest.raises(ShapeError, match="must have 4 dimensions"):
        by_meta_run(Only(layer), (None, 4))


def test_what_needs_numbers_says_so():
    layer = Only(lambda x: x[x > 0], name="cut")
    words = r'Only "cut": `output_shape` must be written where `call` cannot run on shapes alone'
    with pytest.raises(ArgumentError, match=words):
        layer.output_shape((None, 4))


def test_is_meta_looks_at_the_first_tensor():
    assert is_meta([torch.empty(1, device="meta")])
    assert not is_meta((torch.ones(1),))
    assert not is_meta([])
    assert not is_meta("word")


def test_map_shapes_takes_a_tuple_of_sizes_as_a_leaf():
    def rank(shape):
        return len(shape)

    assert map_shapes(rank, (None, 3)) == 2
    assert map_shapes(rank, [(None, 3), (None, 3, 4)]) == [2, 3]
    assert map_shapes(rank, ((None, 3), (None,))) == (2, 1)
    assert map_shapes(rank, {"a": (None, 3)}) == {"a": 2}
    assert map_shapes(rank, torch.Size([2, 3])) == 2


def test_stand_ins_go_away_after_an_error():
    layer = Dense(3)
    layer.build((None, 4))
    weight = layer.weight
    with meta_parameters(layer):
        assert layer.weight.is_meta
    assert layer.weight is weight
    with pytest.raises(ZeroDivisionError), meta_parameters(layer):
        raise ZeroDivisionError
    assert layer.weight is weight
