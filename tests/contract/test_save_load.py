"""A model of every layer, saved and loaded, is the same model: structure, weights and numbers."""

import pytest
import torch
from tests.catalog import LAYERS

import striate
from striate import Input, Model


def net(row, dtype=torch.float32):
    """The layer between inputs and outputs, with other numbers in every weight than new ones."""
    inputs = [Input(shape[1:]) for shape in row.shapes]
    layer = row.built(dtype)
    return Model(inputs, layer(inputs if len(inputs) > 1 else inputs[0]))


def layout(tensor):
    """Where the numbers lie; the stride of an axis with one number says nothing."""
    return [step for size, step in zip(tensor.shape, tensor.stride(), strict=True) if size > 1]


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_a_loaded_model_gives_the_same_numbers(row, tmp_path):
    first = net(row)
    first.save(tmp_path / "model")
    second = striate.load_model(tmp_path / "model")
    kinds = [type(layer) for layer in first.layers]
    assert [type(layer) for layer in second.layers] == kinds
    assert list(second.state_dict()) == list(first.state_dict())
    for name, tensor in first.state_dict().items():
        assert torch.equal(second.state_dict()[name], tensor)
        assert layout(second.state_dict()[name]) == layout(tensor)
    inputs = row.inputs()
    given = list(inputs) if len(row.shapes) > 1 else inputs
    assert torch.equal(second(given), first(given))


@pytest.mark.parametrize("row", [row for row in LAYERS if row.name == "Conv2D"][:1], ids=str)
def test_a_changed_weight_is_seen(row, tmp_path):
    first = net(row)
    first.save(tmp_path / "model")
    with torch.no_grad():
        next(first.parameters()).add_(1.0)
    second = striate.load_model(tmp_path / "model")
    assert not torch.equal(second(row.inputs()), first(row.inputs()))
