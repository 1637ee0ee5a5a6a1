"""The bytes that a layer is said to keep are those that autograd is seen to keep."""

import pytest
import torch
from tests.catalog import LAYERS

from striate import structure
from striate.layers.mode import mode
from striate.models import kept_bytes
from striate.train.precision import autocast


def saved_bytes(layer, inputs, precision):
    """Of the storages that autograd saves in a run on numbers, but for inputs and weights."""
    x = structure.map_leaves(lambda leaf: leaf.clone().requires_grad_(), inputs)
    given = (*layer.parameters(), *layer.buffers(), *structure.leaves(x))
    known = {tensor.untyped_storage().data_ptr() for tensor in given}
    saved = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        saved[storage.data_ptr()] = storage
        return tensor

    with mode(layer, True), torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        with autocast(precision, torch.device("cpu")):
            layer(x)
    return sum(storage.nbytes() for place, storage in saved.items() if place not in known)


def logits_bytes(row):
    """A gate remembers its logits, as every sigmoid does, as long as it lives: autograd's not."""
    n, *_, channels = row.shapes[0]
    return 4 * n * channels if str(row) == "SqueezeExcite" else 0


@pytest.mark.parametrize("case", ["float32", "bfloat16", "frozen"])
@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_kept_bytes_are_what_autograd_keeps(row, case):
    layer, inputs = row.built(), row.inputs()
    layer.trainable = case != "frozen"
    precision = "float32" if case == "frozen" else case
    shapes = structure.map_leaves(lambda leaf: leaf.shape, inputs)
    expected = saved_bytes(layer, inputs, precision) + logits_bytes(row)
    assert kept_bytes(layer, shapes, precision=precision) == expected
