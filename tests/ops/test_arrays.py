import inspect

import numpy as np
import pytest
import torch

from striate import ops
from striate.ops.arrays import takes_arrays

PICTURES = np.random.default_rng(0).integers(0, 256, (2, 9, 11, 6), np.uint8)
KERNEL = np.random.default_rng(1).normal(size=(3, 3, 6, 4))
CALLS = {
    "conv2d": ((KERNEL,), {"strides": 2}),
    "depthwise_conv2d": ((KERNEL,), {}),
    "conv2d_transpose": ((KERNEL.transpose(0, 1, 3, 2),), {}),
    "max_pool": ((2,), {}),
    "avg_pool": ((2,), {"padding": "same"}),
    "depth_pool": ((3,), {}),
    "local_response_normalization": ((2,), {}),
    "resize": (((5, 4),), {}),
    "crop_and_resize": (
        (np.array([[0.1, 0.1, 0.8, 0.9]]),),
        {"box_indices": np.array([1]), "crop_size": (3, 4)},
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_arrays_give_what_tensors_give(name):
    function = getattr(ops, name)
    args, kwargs = CALLS[name]
    floats = [torch.from_numpy(a).float() if isinstance(a, np.ndarray) else a for a in args]
    wanted = function(torch.from_numpy(PICTURES).float(), *floats, **kwargs)
    got = function(PICTURES, *args, **kwargs)
    assert got.dtype == torch.float32
    assert got.equal(wanted)


def test_a_crop_at_random_takes_an_array():
    assert ops.random_crop(PICTURES, (4, 5)).shape == (2, 4, 5, 6)


def test_whole_numbers_are_cast_where_pictures_stand_and_types_of_tensors_stay():
    @takes_arrays
    def pair(images, other=None):
        return images, other

    images, other = pair(PICTURES, np.array([1, 2]))
    assert (images.dtype, other.dtype) == (torch.float32, torch.int64)
    images, other = pair(other=np.ones(2), images=PICTURES)
    assert (images.dtype, other.dtype) == (torch.float32, torch.float32)
    double = torch.ones(1, dtype=torch.float64)
    assert pair(double)[0] is double
    assert pair("text", [1]) == ("text", [1])


def test_a_read_only_array_gives_no_warning():
    picture = PICTURES.copy()
    picture.flags.writeable = False
    assert ops.max_pool(picture).shape == (2, 4, 5, 6)


def test_name_signature_and_words_stay():
    assert ops.conv2d.__name__ == "conv2d"
    assert next(iter(inspect.signature(ops.conv2d).parameters)) == "images"
    assert "Slides filters" in ops.conv2d.__doc__


def test_a_function_that_takes_arrays_is_still_one_graph():
    compiled = torch.compile(ops.max_pool, backend="eager", fullgraph=True)
    x = torch.rand(1, 6, 6, 2)
    assert compiled(x).equal(ops.max_pool(x))
