import copy

import numpy as np
import pytest
import torch
from torch import nn

from striate.errors import ArgumentError, NotBuiltError
from striate.layers import Conv2D, Dense, Dropout, Layer, register_layer
from striate.layers.base import layer_types
from striate.layers.symbolic import SymbolicTensor


class Scale(Layer):
    """One learned factor a channel."""

    def build(self, input_shape):
        self.builds = getattr(self, "builds", 0) + 1
        self.add_weight("weight", (input_shape[-1],), initializer=lambda shape: torch.ones(shape))

    def call(self, x):
        return x * self.weight


class Told(Layer):
    """Gives back which mode it was told."""

    def call(self, x, training=None):
        self.told = training
        return x


class Pair(Layer):
    def call(self, inputs):
        a, b = inputs
        return {"sum": a + b, "difference": a - b}


X = torch.randn(2, 4)


def test_build_runs_once_at_the_first_shape():
    layer = Scale()
    assert not layer.built
    for _ in range(2):
        assert layer(X).equal(X)
    layer.build((None, 9))
    assert layer.builds == 1
    assert layer.weight.shape == (4,)


def test_a_build_may_call_the_one_it_inherits():
    class More(Scale):
        def build(self, input_shape):
            super().build(input_shape)
            self.add_weight("bias", (1,), initializer=torch.zeros)

    layer = More()
    layer(X)
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]


def test_a_subclass_may_write_forward_instead():
    class Plain(Layer):
        def forward(self, x):
            return x + 1

    assert Plain()(X).equal(X + 1)
    assert Plain().output_shape((None, 4)) == (None, 4)


@pytest.mark.parametrize("value", [X.numpy(), X.numpy().astype(np.float64), X], ids=type)
def test_arrays_become_tensors_of_the_layers_type(value):
    layer = Scale()
    y = layer(value)
    assert y.dtype == torch.float32
    torch.testing.assert_close(y, X)


def test_whole_numbers_become_floating_point():
    pixels = torch.arange(8, dtype=torch.uint8).reshape(2, 4)
    for value in (pixels, pixels.numpy()):
        assert Scale()(value).dtype == torch.float32
    layer = Scale()
    layer.build((None, 4))
    assert layer.bfloat16()(pixels).dtype == torch.bfloat16

    class Keeps(Told):
        casts_input = False

    assert Keeps()(pixels).dtype == torch.uint8


def test_a_new_layer_infers_and_training_is_for_one_call():
    layer = Told()
    layer(X)
    assert layer.told is False
    layer(X, training=True)
    assert layer.told is True
    assert layer.training is False
    layer.train()
    layer(X)
    assert layer.told is True
    layer(X, training=False)
    assert (layer.told, layer.training) == (False, True)


def test_structures_go_in_and_out():
    y = Pair()([X.numpy(), X])
    assert y["sum"].equal(X + X)
    assert Pair().output_shape([(None, 4), (None, 4)]) == {
        "sum": (None, 4),
        "difference": (None, 4),
    }


def test_a_symbolic_input_gives_a_symbolic_output():
    layer = Dense(3)
    x = SymbolicTensor((None, 4), name="x")
    y = layer(x)
    assert y.shape == (None, 3)
    assert layer.built
    assert layer.input is x
    assert layer.output is y


def test_a_layer_of_layers_builds_all_of_them_symbolically():
    class Block(Layer):
        def __init__(self, **base):
            super().__init__(**base)
            self.parts = [Conv2D(4, 3), Dense(2)]

        def call(self, x):
            for part in self.parts:
                x = part(x)
            return x

    block = Block()
    y = block(SymbolicTensor((None, 8, None, 3)))
    assert y.shape == (None, 6, None, 2)
    assert all(part.built for part in block.parts)
    assert not block.parts[0].weight.is_meta
    assert block(torch.zeros(1, 8, 8, 3)).shape == (1, 6, 6, 2)


def test_input_and_output_need_one_symbolic_call():
    layer = Scale(name="s")
    with pytest.raises(NotBuiltError, match='Scale "s": `output` must come from a symbolic call'):
        layer.output  # noqa: B018
    layer(SymbolicTensor((None, 4)))
    layer(SymbolicTensor((None, 4)))
    with pytest.raises(ArgumentError, match=r'"s": `input` must be of one call\. Got .*2 calls'):
        layer.input  # noqa: B018


def test_the_default_cost_counts_parameters_and_bytes():
    layer = Scale()
    layer.build((None, 4))
    cost = layer.cost((2, 4))
    assert (cost.output_shape, cost.parameters, cost.multiply_adds) == ((2, 4), 4, 0)
    assert cost.output_bytes == 32


def test_the_cost_of_several_outputs_and_of_what_holds_layers():
    class Holds(Layer):
        def __init__(self):
            super().__init__()
            self.inner = Dense(3)

        def call(self, x):
            return self.inner(x), x[:, :1]

    layer = Holds()
    layer(torch.zeros(2, 4))
    cost = layer.cost((2, 4))
    assert cost.output_shape == ((2, 3), (2, 1))
    assert (cost.parameters, cost.multiply_adds) == (15, None)
    assert cost.output_bytes == 4 * 2 * (3 + 1)


def test_a_layer_is_a_module_like_any_other():
    layer = nn.Sequential(Dense(3), nn.ReLU(), Dropout(0.5))
    seen = []
    layer[0].register_forward_hook(lambda *_: seen.append("hook"))
    layer(X)
    assert seen == ["hook"]
    twin = copy.deepcopy(layer).eval()
    assert twin(X).equal(layer.eval()(X))
    assert list(layer.state_dict()) == ["0.weight", "0.bias"]


def test_a_run_without_numbers_leaves_the_parameters():
    layer = Dense(3)
    layer(X)
    weight = layer.weight
    assert layer(torch.empty(5, 4, device="meta")).shape == (5, 3)
    assert layer.weight is weight


def test_registered_classes_stand_in_the_table():
    register_layer("TestBaseScale")(Scale)
    assert layer_types.get("TestBaseScale") is Scale
    with pytest.raises(ArgumentError, match="`name` must be new"):
        register_layer("TestBaseScale")(Told)


def test_call_must_be_written():
    with pytest.raises(ArgumentError, match="Layer: `call` must be written by the subclass"):
        Layer().call(X)


class Joined(Layer):
    """Counts how often the shapes of its inputs are looked at."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def check_input(self, shape):
        self.seen.append(shape)

    def call(self, inputs):
        return inputs[0] + inputs[1]


def test_the_shapes_of_a_list_are_asked_once_each():
    layer, x = Joined(), torch.ones(2, 3)
    for _ in range(3):
        layer([x, x])
    first = len(layer.seen)
    layer([torch.ones(4, 3), torch.ones(4, 3)])
    layer([torch.ones(4, 3), torch.ones(4, 3)])
    assert len(layer.seen) == first + 1
    assert layer.seen[-1] == [(4, 3), (4, 3)]
    assert layer([torch.ones(2, 3, dtype=torch.int64), x]).dtype == torch.float32


def test_what_is_no_tensor_and_arguments_that_there_are_not_are_refused_in_words():
    for given in (None, [[1.0, 2.0]], 3.0, "x", [torch.zeros(2, 3), 3.0]):
        with pytest.raises(ArgumentError, match='Dense "d": `inputs` must be a tensor or an array'):
            Dense(4, name="d")(given)
    with pytest.raises(ArgumentError) as caught:
        Conv2D(4, 3, stride=2)
    assert str(caught.value) == (
        "Conv2D: `stride` must be an argument of Conv2D. Got stride=2. "
        "Nearest: strides, trainable, bias_regularizer."
    )
