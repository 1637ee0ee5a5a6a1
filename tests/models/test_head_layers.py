"""Where the numbers of a row lie in the map that takes its place."""

import pytest
import torch

from striate import layers
from striate.models.head_layers import Laid, NotByPosition, as_convolution, as_window


def built(layer, shape):
    layer.build((None, *shape))
    return layer


def test_the_kernel_of_a_dense_layer_by_hand():
    shape = (2, 3, 4)
    turned = as_window(layers.Permute((3, 1, 2)), Laid(shape)).result
    row = as_convolution(layers.Flatten(), [turned]).result
    dense = built(layers.Dense(5), row.sample_shape)
    found = as_convolution(dense, [row])
    assert (found.layer.filters, found.layer.kernel_size) == (5, (2, 3))
    x = torch.rand(1, *shape)
    row_of_x = x.permute(0, 3, 1, 2).flatten(1)
    by_hand = (found.kernel.permute(0, 2, 3, 1) * x).sum((1, 2, 3))
    torch.testing.assert_close(by_hand, (row_of_x @ dense.weight.T)[0])


def test_a_position_is_told_from_a_row():
    row = as_window(layers.Flatten(), Laid((2, 2, 3))).result
    assert row.sample_shape == (12,)
    assert not row.is_by_position
    mean = as_window(layers.GlobalAveragePooling2D(), Laid((2, 2, 3)))
    assert mean.layer.pool_size == (2, 2)
    assert mean.layer.strides == (1, 1)
    assert mean.result.is_by_position
    kept = as_window(layers.GlobalMaxPooling2D(keepdims=True), Laid((2, 2, 3))).result
    assert (kept.sample_shape, kept.is_by_position) == ((1, 1, 3), True)
    assert not Laid((1, 1, 3)).is_by_position


def test_what_lies_alike():
    row = as_window(layers.Flatten(), Laid((1, 2, 3))).result
    turned = as_convolution(
        layers.Flatten(), [as_window(layers.Permute((3, 1, 2)), Laid((1, 2, 3))).result]
    ).result
    assert row.lies_like(as_window(layers.Reshape((6,)), Laid((1, 2, 3))).result)
    assert not row.lies_like(turned)
    assert not row.lies_like(Laid((1, 2, 3)))
    assert Laid((1, 2, 3)).lies_like(Laid((1, 2, 3)))


@pytest.mark.parametrize(
    ("layer", "given", "words"),
    [
        (layers.Softmax(), [2, 2, 3], "between the map and the first Dense layer"),
        (layers.Activation("log_softmax"), [2, 2, 3], "between the map and the first Dense layer"),
        (layers.Softmax(axis=1), [1, 1, 3], "axis=-1 means the same in a row and in a map"),
        (layers.Lambda(torch.sin), [1, 1, 3], "does not treat each position of a map alike"),
    ],
)
def test_what_mixes_the_numbers(layer, given, words):
    row = as_window(layers.Flatten(), Laid(tuple(given))).result
    with pytest.raises(NotByPosition, match=words):
        as_convolution(layer, [row])


def test_a_map_and_a_row_have_no_common_view():
    with pytest.raises(NotByPosition, match="it reads a whole map in another order"):
        as_convolution(layers.Flatten(), [Laid((2, 2, 3))])
