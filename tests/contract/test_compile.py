"""Every layer and loss compiles in one graph, for inference and training, with the same numbers."""

import copy

import pytest
import torch
from tests.catalog import LAYERS
from tests.catalog.losses import LOSSES

from striate import structure
from striate.layers.drawing import set_draws


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_one_graph_and_the_same_numbers(row, training, close):
    torch._dynamo.reset()
    layer = row.built().train(training)
    twin = copy.deepcopy(layer)
    for each in (layer, twin):
        set_draws(each, 7, torch.arange(row.shapes[0][0]))
    compiled = torch.compile(layer, backend="eager", fullgraph=True)
    inputs = structure.map_leaves(lambda x: x.requires_grad_(), row.inputs())
    same = structure.map_leaves(lambda x: x.requires_grad_(), row.inputs())
    y, expected = compiled(inputs), twin(same)
    close(y, expected)
    y.square().sum().backward()
    expected.square().sum().backward()
    for a, b in zip(structure.leaves(inputs), structure.leaves(same), strict=True):
        close(a.grad, b.grad)
    for name, tensor in layer.state_dict().items():
        close(tensor, twin.state_dict()[name])


@pytest.mark.parametrize("row", LOSSES, ids=str)
def test_a_loss_is_one_graph_with_the_same_numbers(row, rng, close):
    torch._dynamo.reset()
    targets, outputs = (torch.tensor(array) for array in row.batch(rng, 3))
    loss, weights = row.make(), torch.rand(3)
    compiled = torch.compile(loss.criterion, backend="eager", fullgraph=True)
    for a, b in zip(
        compiled(outputs, targets, weights), loss.criterion(outputs, targets, weights), strict=True
    ):
        close(torch.as_tensor(a), torch.as_tensor(b))
