"""Model: several inputs and outputs, sharing, subclasses, finding layers, freezing."""

import numpy as np
import pytest
import torch
from torch.export import Dim

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError, ShapeError
from tests.models.nets import ResidualUnit, pictures, small, twins


def test_several_inputs_and_outputs_and_a_shared_layer(close):
    net = twins()
    a, b = pictures(), pictures()
    got = net({"left": a, "right": b})
    assert set(got) == {"same", "code"}
    conv = net.get_layer("shared")
    codes = [conv(x).mean(dim=(1, 2)) for x in (a, b)]
    close(got["code"], codes[0])
    close(got["same"], net.get_layer("same")(torch.cat(codes, 1)))
    assert net.count_params() == conv.count_params() + 9
    assert len(list(net.parameters())) == 4
    assert [t.shape for t in net.inputs] == [(None, 8, 8, 3)] * 2


def test_inputs_by_name_are_found_by_name():
    net = twins()
    a, b = pictures(), pictures()
    straight, turned = net({"left": a, "right": b}), net({"right": b, "left": a})
    assert torch.equal(straight["code"], turned["code"])
    with pytest.raises(ArgumentError, match=r"`inputs` must name the model's inputs: left, right"):
        net({"left": a, "wrong": b})
    x, y = striate.Input((2,), name="x"), striate.Input((2,), name="y")
    minus = striate.Model([x, y], layers.Lambda(lambda both: both[0] - both[1])([x, y]))
    assert minus({"y": torch.ones(1, 2), "x": torch.zeros(1, 2)}).tolist() == [[-1.0, -1.0]]


@pytest.mark.parametrize("kind", [list, tuple])
def test_structures_come_back_as_they_were_given(kind):
    x = striate.Input((3,))
    ends = kind([layers.Dense(1)(x), layers.Dense(2)(x)])
    got = striate.Model(x, ends)(torch.ones(1, 3))
    assert type(got) is kind
    assert [t.shape for t in got] == [(1, 1), (1, 2)]


def test_an_input_may_be_an_output_and_an_output_may_stand_twice():
    x = striate.Input((3,))
    y = layers.Dense(2)(x)
    a, b, c = striate.Model(x, [x, y, y])(torch.ones(1, 3))
    assert torch.equal(a, torch.ones(1, 3))
    assert torch.equal(b, c)


def test_a_layer_called_twice_in_a_row_runs_twice(close):
    x = striate.Input((3,))
    dense = layers.Dense(3)
    net = striate.Model(x, dense(dense(x)))
    close(net(torch.ones(1, 3)), dense(dense(torch.ones(1, 3))))
    assert [layer.name for layer in net.layers] == ["input_1", "dense"]


def test_a_model_within_a_model_shares_its_weights(close):
    base = small()
    x = striate.Input((8, 8, 3))
    net = striate.Model(x, layers.Dense(5, name="head")(base(x)))
    close(net(pictures()).shape[1:], (5,))
    assert base in net.layers
    assert net.count_params() == base.count_params() + 15
    images = pictures()
    close(net(images), net.get_layer("head")(base(images)))


def test_a_model_up_to_a_layer_inside(close):
    base = small(first="stem")
    features = striate.Model(base.input, base.get_layer("stem").output)
    assert features.output.shape == (None, None, None, 4)
    images = pictures()
    close(features(images), base.get_layer("stem")(images))
    assert features.get_layer("stem") is base.get_layer("stem")
    several = striate.Model(base.inputs, [layer.output for layer in base.layers])
    assert len(several(images)) == len(base.layers)


def test_height_and_width_may_be_open():
    net = small()
    assert net.output.shape == (None, 2)
    for side in (8, 11):
        assert net(pictures(side=side)).shape == (2, 2)
    assert net.output_shape((None, 32, 48, 3)) == (None, 2)
    with pytest.raises(ShapeError, match=r"input must have shape \(n, None, None, 3\)"):
        net(torch.zeros(2, 8, 8, 4))


def test_a_subclass_with_lists_of_layers_trains_all_of_them():
    net = striate.Sequential(
        [ResidualUnit(4, 2, input_shape=(8, 8, 3)), ResidualUnit(4), layers.Flatten()]
    )
    assert net.layers[0].output.shape == (None, 4, 4, 4)
    assert len(list(net.layers[0].parameters())) == 9
    net.add(layers.Dense(2, "softmax"))
    before = net.get_weights()
    net.compile("sgd", loss="sparse_categorical_crossentropy")
    net.train_on_batch(pictures(8), torch.arange(8) % 2)
    after = net.get_weights()
    assert all(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_subclass_of_model():
    class Net(striate.Model):
        def __init__(self, classes):
            super().__init__()
            self.unit = ResidualUnit(4)
            self.head = {"flat": layers.Flatten(), "dense": layers.Dense(classes)}
            self.seen = []

        def call(self, x, training=None):
            self.seen.append(training)
            return self.head["dense"](self.head["flat"](self.unit(x)))

    net = Net(3)
    for ask in (net.parameters, net.state_dict, net.count_params, net.get_weights):
        with pytest.raises(NotBuiltError, match=r'Net "net": `\w+` must wait until'):
            list(ask())
    assert net(torch.rand(2, 8, 8, 4)).shape == (2, 3)
    net(torch.rand(2, 8, 8, 4), training=True)
    assert net.seen[-2:] == [False, True]
    assert not net.training
    assert len(net.get_weights()) == 12
    assert [type(layer).__name__ for layer in net.layers] == ["ResidualUnit", "Flatten", "Dense"]


def test_build_makes_a_subclass_without_data():
    class Net(striate.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    net = Net()
    net.build((None, 3))
    assert net.count_params() == 8
    assert net.output_shape((None, 3)) == (None, 2)


def test_a_model_without_call_says_so():
    with pytest.raises(ArgumentError, match=r"`call` must be written by a subclass of Model"):
        striate.Model()(torch.ones(1, 3))


def test_layers_are_found_by_name_and_place():
    net = small(first="stem")
    assert net.get_layer("stem") is net.get_layer(index=1) is net.layers[1]
    assert net.get_layer(index=-1).name == "dense"
    with pytest.raises(ArgumentError, match=r'`name` must name a layer.*Nearest: "stem"'):
        net.get_layer("stm")
    with pytest.raises(ArgumentError, match=r"`index` must be below 6\. Got index=6"):
        net.get_layer(index=6)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (lambda x, y: (x, None), r"`outputs` must be given with the other end"),
        (lambda x, y: (None, y), r"`inputs` must be given with the other end"),
        (lambda x, y: (np.ones(3), y), r"`inputs` must hold symbolic tensors"),
        (lambda x, y: (x, [y, 3]), r"`outputs` must hold symbolic tensors.*Got outputs=3"),
        (
            lambda x, y: (striate.Input((3,)), y),
            r"`inputs` must hold every input that the outputs need.*Add it to inputs",
        ),
    ],
)
def test_ends_that_do_not_meet_are_refused(ends, words):
    x = striate.Input((3,))
    with pytest.raises(ArgumentError, match=words):
        striate.Model(*ends(x, layers.Dense(1)(x)))


def test_ends_are_asked_of_graphs_only():
    class Net(striate.Model):
        def call(self, x):
            return x

    net = Net()
    with pytest.raises(NotBuiltError, match="`input` must wait"):
        net.input  # noqa: B018
    net(torch.ones(1, 2))
    with pytest.raises(ArgumentError, match=r"`output` must be asked of a model made from Input"):
        net.output  # noqa: B018


def test_wrong_inputs_are_refused():
    net = twins()
    with pytest.raises(ArgumentError, match=r"`inputs` must hold 2 tensors\. Got inputs='1 ten"):
        net([pictures()])
    with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, 8, 8, 3\).*images\[None\]"):
        net([pictures()[0], pictures()[0]])
    with pytest.raises(ShapeError, match=r"have shape \(n, 8, 8, 3\)\. Got input \(2, 9, 9, 3\)"):
        net([pictures(side=9), pictures(side=9)])


def test_trainable_reaches_every_layer_at_once():
    net = small()
    net.trainable = False
    assert not any(p.requires_grad for p in net.parameters())
    assert not any(layer.trainable for layer in net.layers)
    net.layers[-1].trainable = True
    assert [p.requires_grad for p in net.parameters()] == [False] * 4 + [True] * 2
    net.trainable = True
    assert all(p.requires_grad for p in net.parameters())


def test_a_model_made_untrainable_is_so():
    x = striate.Input((3,))
    net = striate.Model(x, layers.Dense(1)(x), trainable=False)
    assert not any(p.requires_grad for p in net.parameters())
    net = striate.Sequential([layers.Dense(1, input_shape=(3,))], trainable=False)
    assert not any(p.requires_grad for p in net.parameters())


def test_a_frozen_layer_keeps_weights_and_statistics_without_a_new_compile():
    net = small()
    net.compile("adam", loss="sparse_categorical_crossentropy")
    x, y = pictures(8), torch.arange(8) % 2
    net.train_on_batch(x, y)
    for layer in net.layers[:-1]:
        layer.trainable = False
    frozen = [w for layer in net.layers[:-1] for w in layer.get_weights()]
    head = net.layers[-1].get_weights()
    net.fit(x, y, epochs=2, verbose=0)
    net.train()
    net(x)
    net(x, training=True)
    after = [w for layer in net.layers[:-1] for w in layer.get_weights()]
    assert all(np.array_equal(a, b) for a, b in zip(frozen, after, strict=True))
    assert not np.array_equal(head[0], net.layers[-1].get_weights()[0])


def test_by_hand_a_model_infers_unless_told_otherwise():
    x = striate.Input((50,))
    net = striate.Model(x, layers.Dropout(0.5)(x))
    ones = torch.ones(1, 50)
    assert torch.equal(net(ones), ones)
    assert not torch.equal(net(ones, training=True), ones)
    assert torch.equal(net(ones), ones)
    net.train()
    assert not torch.equal(net(ones), ones)
    assert torch.equal(net(ones, training=False), ones)


AWKWARD = ("train", "type", "output", "forward", "_layers", "parameters", "name", "0", "ünï code")


def awkward():
    x = inputs = striate.Input((3,), name="input")
    for name in AWKWARD:
        x = layers.Dense(3, name=name)(x)
    return striate.Model(inputs, x)


def test_layers_may_have_any_name():
    net = awkward()
    assert net.layer_names == ["input", *AWKWARD]
    assert net.get_layer("train").name == "train"
    x = torch.rand(2, 3)
    doubled = {name: 2 * p for name, p in net.named_parameters()}
    got = torch.func.functional_call(net, doubled, (x,))
    again = awkward()
    again.set_weights([2 * w for w in net.get_weights()])
    assert torch.equal(got, again(x))
    program = torch.export.export(net, (x,), dynamic_shapes=({0: Dim.DYNAMIC},))
    assert torch.allclose(program.module()(torch.ones(5, 3)), net(torch.ones(5, 3)))


def test_a_dot_in_a_name_is_refused():
    with pytest.raises(ArgumentError, match=r'`name` must be a word without "\."'):
        layers.Dense(1, name="a.b")
