"""with_head: the last layer is new, and of the classes wanted; every other one is the same."""

import numpy as np
import pytest
import torch

import striate
from striate import architectures, layers
from striate.errors import ArgumentError, NotBuiltError, ShapeError
from striate.models import Backbone, with_head

# What the last layer with weights is called, and how many numbers it is given.
HEADS = {
    "resnet50": 2048,
    "vgg16": 4096,
    "mobilenet_v1": 1024,
    "mobilenet_v3_small": 1024,
    "squeezenet": 512,
    "densenet121": 1024,
    "efficientnet_lite0": 1280,
    "convnext_tiny": 768,
    "lenet5_modern": 84,
}


def on_meta(name, **options):
    with torch.device("meta"):
        return getattr(architectures, name)(**options)


@pytest.mark.parametrize("name", HEADS)
def test_only_the_last_layer_is_new(name):
    net = on_meta(name)
    new = with_head(net, 7)
    assert (new.output.shape, net.output.shape[-1] != 7) == ((None, 7), True)
    kept = {id(layer) for layer in net.layers}
    made = [layer for layer in new.layers if id(layer) not in kept and layer.weights]
    (head,) = made
    classes = net.output.shape[-1]
    assert head.name == [layer.name for layer in net.layers if layer.weights][-1]
    fewer = (HEADS[name] + 1) * (classes - 7)
    assert net.count_params() - new.count_params() == fewer
    assert [layer.name for layer in new.layers] == [layer.name for layer in net.layers]
    assert new.stages == net.stages
    assert new.origin == net.origin


@pytest.mark.parametrize("pooling", [None, "avg"])
@pytest.mark.parametrize("name", ["resnet50", "convnext_tiny", "squeezenet", "vgg16"])
def test_a_net_without_its_top_gets_one(name, pooling):
    net = on_meta(name, include_top=False, pooling=pooling)
    features = net.output.shape[-1]
    new = with_head(net, 5)
    assert new.output.shape == (None, 5)
    assert new.count_params() - net.count_params() == features * 5 + 5
    assert new.layers[-1].activation is layers.Dense(1, activation="softmax").activation


def test_auxiliary_outputs_get_the_classes_too():
    net = on_meta("googlenet", input_shape=(128, 128, 3))
    new = with_head(net, 4)
    auxiliary = new._graph.auxiliary
    assert {name: tensor.shape for name, (tensor, _) in auxiliary.items()} == {
        "aux1": (None, 4),
        "aux2": (None, 4),
    }
    assert [factor for _, factor in auxiliary.values()] == [
        factor for _, factor in net._graph.auxiliary.values()
    ]


def small(**head):
    torch.manual_seed(0)
    x = inputs = striate.Input((6, 6, 3))
    x = stage = layers.Conv2D(4, 3, activation="relu", name="conv")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dense(10, name="fc", kernel_initializer="he_normal", **head)(x)
    return Backbone(inputs, layers.Softmax(name="probabilities")(x), stages={"conv": stage})


def test_the_given_net_stays_as_it_is_but_for_what_both_share():
    net = small()
    before, x = net.get_weights(), torch.rand(2, 6, 6, 3)
    y = net(x)
    new = with_head(net, 3)
    assert torch.equal(net(x), y)
    assert net.layers[-1].output.shape == (None, 10)
    assert new.get_layer("conv") is net.get_layer("conv")
    assert torch.allclose(new(x).sum(-1), torch.ones(2))
    new.compile("sgd", "sparse_categorical_crossentropy")
    new.fit(np.ones((4, 6, 6, 3), "float32"), np.arange(4) % 3, verbose=0)
    after = net.get_weights()
    moved = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    assert moved == [True, True, False, False]


def test_the_new_layer_has_the_arguments_of_the_old_and_trains():
    net = small(kernel_regularizer="l2")
    net.trainable = False
    new = with_head(net, 3)
    config = new.get_layer("fc").get_config()
    assert (config["units"], config["trainable"]) == (3, True)
    assert config["kernel_regularizer"] is not None
    assert config["kernel_initializer"] == net.get_layer("fc").kernel_initializer
    assert [w.shape for w in new.trainable_weights] == [(3, 4), (3,)]


def test_a_sequential_and_a_frozen_base_as_in_the_guide(tmp_path):
    torch.manual_seed(0)
    net = striate.Sequential(
        [layers.Flatten(input_shape=(4, 4, 3)), layers.Dense(8, "relu"), layers.Dense(10)]
    )
    new = with_head(net, 2)
    by_hand = striate.Model(net.input, layers.Dense(2)(net.layers[-2].output))
    by_hand.set_weights(new.get_weights())
    x = torch.rand(3, 4, 4, 3)
    assert torch.equal(new(x), by_hand(x))
    new.save(tmp_path / "net")
    assert torch.equal(striate.load_model(tmp_path / "net")(x), new(x))


def test_stages_and_origin_survive_saving(tmp_path):
    new = with_head(architectures.resnet20(), 3)
    new.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert (again.stages, again.origin) == (new.stages, new.origin)


def test_what_is_refused():
    for classes, words in (
        ("5", "whole number"),
        (1, r"be 2 or more.*Dense\(1\)"),
        (True, "whole"),
    ):
        with pytest.raises(ArgumentError, match=rf"with_head: `classes` must .*{words}"):
            with_head(small(), classes)
    x = striate.Input((3,))
    two = striate.Model(x, [layers.Dense(2)(x), layers.Dense(2)(x)], name="two")
    with pytest.raises(ArgumentError, match=r'must have one output.*Model "two", 2'):
        with_head(two, 3)
    words = r"must end in a Dense layer or a 1 x 1 convolution, or in maps.*which ends in "
    with pytest.raises(ArgumentError, match=words + "RadialBasis"):
        with_head(on_meta("lenet5"), 3)
    nested = striate.Sequential([striate.Sequential([layers.Dense(2, input_shape=(3,))])])
    with pytest.raises(ArgumentError, match=words + "Sequential"):
        with_head(nested, 3)
    joined = striate.Model(x, layers.Concatenate()([layers.Dense(2)(x), layers.Dense(2)(x)]))
    with pytest.raises(ArgumentError, match=words + "Concatenate"):
        with_head(joined, 3)
    shaped = striate.Model(x, layers.Reshape((2, 5))(layers.Dense(10)(x)))
    with pytest.raises(ShapeError, match="Reshape"):
        with_head(shaped, 3)
    with pytest.raises(NotBuiltError):
        with_head(striate.Sequential([layers.Dense(3)]), 3)
