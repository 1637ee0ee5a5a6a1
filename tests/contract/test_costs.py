"""What a layer says that it costs is what a run takes: numbers held, products, bytes made."""

import pytest
from tests.catalog import LAYERS
from torch.utils.flop_counter import FlopCounterMode

from striate import structure

NO_PRODUCTS = {"RadialBasis"}
"""They multiply number by number, which torch's counter leaves out."""


def cost_of(row, layer):
    shapes = [tuple(leaf.shape) for leaf in structure.leaves(row.inputs())]
    return layer.cost(shapes[0] if len(shapes) == 1 else shapes)


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_parameters_are_the_numbers_of_the_state(row):
    layer = row.built()
    held = sum(tensor.numel() for tensor in layer.state_dict().values())
    assert cost_of(row, layer).parameters == layer.count_params() == held


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_multiply_adds_are_those_that_torch_counts(row):
    layer = row.built()
    with FlopCounterMode(display=False) as counter:
        layer(row.inputs(), training=False)
    said = cost_of(row, layer).multiply_adds
    if row.name in NO_PRODUCTS:
        assert (said, counter.get_total_flops()) == (layer.weight.numel() * row.shapes[0][0], 0)
    else:
        assert 2 * said == counter.get_total_flops()


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_output_bytes_are_those_of_a_new_storage(row, training):
    layer, inputs = row.built(), row.inputs()
    given = {leaf.untyped_storage().data_ptr() for leaf in structure.leaves(inputs)}
    y = layer(inputs, training=training)
    storage = y.untyped_storage()
    is_new = storage.data_ptr() not in given
    cost = cost_of(row, layer)
    assert cost.output_shape == tuple(y.shape)
    if is_new or training or not row.draws:  # a draw is left out in inference
        assert cost.output_bytes == (storage.nbytes() if is_new else 0)
