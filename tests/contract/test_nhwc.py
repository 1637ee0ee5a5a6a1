"""NHWC costs nothing: no layer copies a tensor to bring it into another layout.

Results and gradients lie in NHWC order, forward and backward, with 1 channel too; and the profiler,
which sees every copy that torch makes inside an operation, finds none of the size of a feature map.
"""

import math

import pytest
import torch
from tests.catalog import LAYERS
from torch.profiler import ProfilerActivity, profile

from striate import structure

SAMPLES = 2
MAPS = [row for row in LAYERS if len(row.shapes[0]) == 4]

COPIES = {"aten::clone", "aten::contiguous", "aten::copy_", "aten::_to_copy", "aten::_reshape_copy"}

# Copies that are the work itself: numbers that move because their place changes.
WORK = {
    "aten::constant_pad_nd": "pads, and takes the padding off the gradient",
    "aten::slice_backward": "puts the gradient of a window into its picture",
    "AmaxBackward0": "makes numbers of where the largest is",
    "torch::autograd::AccumulateGrad": "keeps the gradient for this test",
}

# Copies that torch makes and no layer can avoid: row -> operation.
TORCH = {
    "Conv2D dilated 2": "aten::convolution_backward",  # strided and dilated at once
    "Dropout seed": "aten::to",  # bits become numbers
    "RandomRotation grey": "aten::to",  # a place becomes a pixel's number
    "Resizing crop": "aten::_upsample_bilinear2d_aa_backward",
    "UpSampling2D bicubic": "aten::_upsample_bicubic2d_aa_backward",
}

# Results that are windows of their input, or read it in another order.
VIEWS = {"CenterCrop", "Cropping2D", "Permute", "RandomCrop"}


def leaf_inputs(row):
    return structure.map_leaves(lambda x: x.requires_grad_(), row.inputs())


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("row", MAPS, ids=str)
def test_results_and_gradients_lie_in_nhwc(row, training):
    layer = row.built()
    inputs = leaf_inputs(row)
    y = layer(inputs, training=training)
    view = y._base is not None and row.name in VIEWS
    assert view or y.is_contiguous(), f"result has strides {y.stride()}"
    y.backward(torch.rand_like(y, memory_format=torch.contiguous_format))
    for x in structure.leaves(inputs):
        assert x.grad.is_contiguous(), (
            f"gradient has strides {x.grad.stride()} for {tuple(x.shape)}"
        )


@pytest.mark.parametrize("row", MAPS, ids=str)
def test_kernels_and_their_gradients_lie_channels_last(row):
    layer = row.built()
    y = layer(row.inputs(), training=True)
    if not list(layer.parameters()):
        return
    y.sum().backward()
    for parameter in layer.parameters():
        if parameter.dim() == 4:
            assert parameter.is_contiguous(memory_format=torch.channels_last)
            assert parameter.grad.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("row", MAPS, ids=str)
def test_nothing_is_copied_for_layout(row):
    layer = row.built()
    inputs = leaf_inputs(row)
    gradient = torch.rand_like(layer(inputs, training=True).contiguous())
    smallest = min(x.numel() for x in (*structure.leaves(inputs), gradient))
    with profile(activities=[ProfilerActivity.CPU], record_shapes=True) as seen:
        layer(inputs, training=True).backward(gradient)
    found = {where for where in copies(seen, smallest) if not where & WORK.keys()}
    allowed = TORCH.get(str(row))
    assert {where for where in found if allowed not in where} == set()
    assert bool(found) == bool(allowed), "a stale entry in TORCH"


def copies(seen, smallest):
    """The operations within which each copy of a batch of maps was made."""
    for event in seen.events():
        shape = torch.Size(event.input_shapes[0] if event.input_shapes else ())
        if event.name == "aten::copy_" and math.prod(event.input_shapes[1]) < shape.numel():
            continue  # a bias, spread over the maps that it will be added to
        if event.name in COPIES and shape.numel() >= smallest and shape[0] == SAMPLES:
            within, parent = set(), event
            while parent is not None:
                within.add(parent.name)
                parent = parent.cpu_parent
            yield frozenset(within)


@pytest.mark.parametrize("channels", [1, 3])
def test_flatten_is_a_view(channels):
    x = torch.rand(2, 4, 5, channels, requires_grad=True)
    y = next(row for row in MAPS if row.name == "Flatten").make()(x)
    assert y.data_ptr() == x.data_ptr()
    assert y._base is x


def test_a_copy_is_found():
    x = torch.rand(SAMPLES, 6, 5, 4)
    with profile(activities=[ProfilerActivity.CPU], record_shapes=True) as seen:
        x.permute(0, 3, 1, 2).contiguous()
    assert list(copies(seen, x.numel()))
