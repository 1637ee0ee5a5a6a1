"""The formula of a layer's output shape is what a run gives, also where sizes are open."""

import pytest
from tests.catalog import LAYERS

from striate import structure
from striate.layers import shape_inference

OPEN = [row for row in LAYERS if row.open_sizes]


def of_batch(shape, n):
    return (n, *shape[1:])


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_formula_is_run(row):
    layer = row.built()
    n = row.shapes[0][0]
    for training in (False, True):
        y = layer(row.inputs(), training=training)
        assert tuple(y.shape) == of_batch(layer.output_shape(row.input_shape), n)


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_formula_is_meta_run(row):
    layer = row.built()
    by_run = shape_inference.by_meta_run(layer, row.input_shape)
    assert by_run == tuple(layer.output_shape(row.input_shape))


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_open_sizes_stay_open(row):
    layer = row.built()
    formula = tuple(layer.output_shape(row.open_shape))
    assert formula[0] is None
    for grow in (0, 1, 2):
        inputs = row.inputs(grow=grow)
        y = layer(inputs)
        assert len(y.shape) == len(formula)
        for size, said in zip(y.shape[1:], formula[1:], strict=True):
            assert said in (None, size)
        given = structure.map_leaves(lambda x: (None, *x.shape[1:]), inputs)
        assert tuple(layer.output_shape(given))[1:] == tuple(y.shape[1:])


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_cost_of_an_open_size_is_open(row):
    layer = row.built()
    cost = layer.cost(row.open_shape)
    assert cost.output_bytes in (None, 0)
    assert cost.multiply_adds in (None, 0)
