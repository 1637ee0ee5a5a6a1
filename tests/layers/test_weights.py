import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, NotBuiltError
from striate.layers import BatchNormalization, Conv2D, Dense, Dropout, Layer
from striate.layers.drawing import set_draws
from striate.layers.weights import from_keras, keyed_tensors, to_keras


class Block(Layer):
    def __init__(self, **base):
        super().__init__(**base)
        self.parts = [Conv2D(4, (3, 2)), BatchNormalization(), Dropout(0.5), Dense(2)]
        self.again = self.parts[3]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


@pytest.fixture
def block():
    made = Block(name="block")
    made(torch.zeros(1, 5, 5, 3))
    return made


def test_arrays_stand_in_keras_order_and_layout(block):
    shapes = [array.shape for array in block.get_weights()]
    assert shapes == [(3, 2, 3, 4), (4,), (4,), (4,), (4,), (4,), (4, 2), (2,)]
    assert [key for key, _, _ in keyed_tensors(block)] == [
        "parts.0.weight",
        "parts.0.bias",
        "parts.1.weight",
        "parts.1.bias",
        "parts.1.running_mean",
        "parts.1.running_var",
        "parts.3.weight",
        "parts.3.bias",
    ]


def test_what_is_set_is_what_is_got(block):
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=a.shape).astype(np.float32) for a in block.get_weights()]
    kernel = block.parts[0].weight
    block.set_weights(arrays)
    for got, given in zip(block.get_weights(), arrays, strict=True):
        assert np.array_equal(got, given)
    assert block.parts[0].weight is kernel
    assert kernel[1, 2, 0, 1].item() == arrays[0][0, 1, 2, 1]
    assert kernel.is_contiguous(memory_format=torch.channels_last)


def test_a_depthwise_kernel_has_keras_four_axes():
    kernel = torch.arange(5 * 7 * 3 * 2.0).reshape(5, 7, 3, 2)
    ours = from_keras(kernel, (2, 3, 0, 1), 2)
    assert ours.shape == (6, 1, 5, 7)
    assert torch.equal(ours[2 * 2 + 1, 0], kernel[:, :, 2, 1])
    view = to_keras(ours, (2, 3, 0, 1), 2)
    assert torch.equal(view, kernel)
    assert view.data_ptr() == ours.data_ptr()


def test_an_array_may_run_backwards(block):
    arrays = [array[::-1] for array in block.get_weights()]
    block.set_weights(arrays)
    assert np.array_equal(block.get_weights()[0], arrays[0])


def test_what_is_got_is_a_copy(block):
    block.get_weights()[1][:] = 7
    assert not block.parts[0].bias.any()


def test_a_shared_parameter_is_listed_once():
    class Tied(Layer):
        def __init__(self, **base):
            super().__init__(**base)
            self.parts = [Dense(3, use_bias=False), Dense(3, use_bias=False)]

        def call(self, x):
            return self.parts[1](self.parts[0](x))

    tied = Tied()
    tied(torch.zeros(1, 3))
    tied.parts[1].weight = tied.parts[0].weight
    assert len(tied.get_weights()) == 1
    assert tied.count_params() == 9


def test_draws_are_no_weights(block):
    set_draws(block, 7, torch.arange(1))
    assert len(block.get_weights()) == 8


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda a: a[:-1],
            r'Block "block": `weights` must hold 8 arrays: parts\.0\.weight, .*7',
        ),
        (
            lambda a: [a[0].transpose(3, 2, 0, 1), *a[1:]],
            r"`weights\[0\] \(parts\.0\.weight\)` must have shape \(3, 2, 3, 4\)",
        ),
        (lambda a: [*a[:-1], np.zeros(3)], r"`weights\[7\] .*must have shape \(2,\)"),
    ],
)
def test_a_wrong_array_changes_nothing(block, change, words):
    before = block.get_weights()
    with pytest.raises(ArgumentError, match=words):
        block.set_weights(change([array + 1 for array in before]))
    for a, b in zip(block.get_weights(), before, strict=True):
        assert np.array_equal(a, b)


def test_weights_are_the_tensors_themselves_in_keras_order():
    layer = BatchNormalization()
    layer.build((None, 4))
    own = [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    for given, wanted in ((layer.weights, own), (layer.trainable_weights, own[:2])):
        assert [id(tensor) for tensor in given] == [id(tensor) for tensor in wanted]
    layer.trainable = False
    assert layer.trainable_weights == []
    assert len(layer.non_trainable_weights) == 4
    with pytest.raises(NotBuiltError, match="`weights` must wait"):
        _ = Dense(3).weights
