"""Every layer exports with open batch, height and width, and the program fits other sizes."""

import pytest
import torch
from tests.catalog import LAYERS

from striate import structure

OPEN = [row for row in LAYERS if row.open_sizes]


def open_axes(x):
    names = ("n", "h", "w")[: x.dim() - 1]
    return {axis: torch.export.Dim.DYNAMIC for axis, _ in enumerate(names)}


class Net(torch.nn.Module):
    """A layer as a net, for layers that take a list too."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, inputs):
        return self.layer(inputs)


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_the_program_fits_other_sizes(row, close):
    net = Net(row.built()).eval()
    free = structure.map_leaves(open_axes, row.inputs())
    program = torch.export.export(net, (row.inputs(),), dynamic_shapes={"inputs": free})
    exported = program.module()
    for grow in (0, 1, 2):
        more = structure.map_leaves(lambda x: torch.cat([x, x[:1]]), row.inputs(grow=grow))
        close(exported(more), net(more))
