"""What is asked of every architecture: its counts, its shapes, its cost, built without memory."""

import functools

import torch
from torch.utils.flop_counter import FlopCounterMode

from striate import structure
from striate.architectures import ARCHITECTURES


@functools.cache
def empty(name, dialect="paper", /, **options):
    """The net without numbers: on the meta device."""
    with torch.device("meta"):
        return ARCHITECTURES.get(name)(dialect=dialect, **options)


def trainable(net):
    return sum(p.numel() for p in net.parameters())


def total(net):
    """As Keras counts: with the moving statistics."""
    return net.count_params()


def multiply_adds(net):
    """By the formulas of the layers, for one picture."""
    found = 0
    for call in net._graph.calls:
        shapes = [(1, *leaf.shape[1:]) for leaf in structure.leaves(call.args)]
        found += call.layer.cost(*shapes if len(shapes) == 1 else [shapes]).multiply_adds
    return found


def counted_multiply_adds(net):
    """By torch's counter, during a forward pass without numbers."""
    shape = net.input.shape[1:]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net.eval()(torch.empty(1, *shape, device="meta"))
    return counter.get_total_flops() // 2
