"""Gradients are those of the function, to every input and every parameter, in float64.

Of layers, and of losses to the outputs.
"""

import itertools

import pytest
import torch
from tests.catalog import LAYERS
from tests.catalog.losses import LOSSES
from torch.func import functional_call

from striate import structure
from striate.layers.drawing import set_draws


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("row", [row for row in LAYERS if not row.draws], ids=str)
def test_gradients_are_differences(row, training):
    layer = row.built(torch.float64)
    inputs = row.inputs(torch.float64)
    if not row.smooth:  # kinks lie at other places than the numbers
        numbers = itertools.count()
        inputs = structure.map_leaves(lambda x: apart(x, next(numbers)), inputs)
    names = list(dict(layer.named_parameters()))
    count = len(structure.leaves(inputs))
    state = {name: buffer.clone() for name, buffer in layer.named_buffers()}

    def run(*tensors):
        given = structure.pack_like(inputs, iter(tensors[:count]))
        weights = dict(zip(names, tensors[count:], strict=True))
        buffers = {name: buffer.clone() for name, buffer in state.items()}
        return functional_call(layer, {**weights, **buffers}, (given,), {"training": training})

    tensors = [
        tensor.detach().requires_grad_()
        for tensor in (*structure.leaves(inputs), *layer.parameters())
    ]
    assert torch.autograd.gradcheck(run, tensors, fast_mode=True, check_undefined_grad=False)


def apart(x, number):
    """Numbers at least 0.01 apart, 0.002 from those of other inputs, and not near 0, 0.5 and 6."""
    order = torch.randperm(x.numel(), generator=torch.Generator().manual_seed(3 + number))
    spread = (order.to(x.dtype).reshape(x.shape) - x.numel() // 2) * 0.011
    return spread + 0.0047 + 0.002 * number


@pytest.mark.parametrize("row", [row for row in LAYERS if row.draws], ids=str)
def test_gradients_of_a_fixed_draw_are_differences(row):
    layer, x = row.built(torch.float64), row.inputs(torch.float64).requires_grad_()

    def run(given):
        set_draws(layer, 7, torch.arange(len(given)))
        return layer(given, training=True)

    assert torch.autograd.gradcheck(run, (x,), fast_mode=True)


@pytest.mark.parametrize("row", LOSSES, ids=str)
def test_gradients_of_losses_are_differences(row, rng):
    targets, outputs = (torch.tensor(array) for array in row.batch(rng, 3))
    loss = row.make()
    given = (outputs.requires_grad_(),)
    assert torch.autograd.gradcheck(lambda x: loss.criterion(x, targets)[0], given)
