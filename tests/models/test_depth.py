"""The layers of stages: all stand once, in order; what is frozen stays; rates fall with depth."""

import numpy as np
import pytest
import torch

import striate
from striate import architectures, layers, optimizers
from striate.errors import ArgumentError
from striate.models import freeze_until, layers_by_stage, rates_by_depth

NETS = {
    "resnet20": (32, 32, 3),
    "mobilenet_v2": (64, 64, 3),
    "densenet121": (64, 64, 3),
    "googlenet": (128, 128, 3),
    "inception_v3": (96, 96, 3),
    "efficientnet_lite0": (64, 64, 3),
}


def on_meta(name):
    with torch.device("meta"):
        return getattr(architectures, name)(input_shape=NETS[name])


@pytest.mark.parametrize("name", NETS)
def test_every_layer_stands_once_and_in_the_stage_that_needs_it_first(name):
    net = on_meta(name)
    parts = layers_by_stage(net)
    assert list(parts) == [*net.stages, "top"]
    listed = [layer for part in parts.values() for layer in part]
    assert len(listed) == len(set(listed)) == len(net.layers)
    assert set(listed) == set(net.layers)
    so_far = set()
    for stage in net.stages:
        so_far |= set(parts[stage])
        assert set(net.features(stage).layers) == so_far


def small():
    """Two stages and a top, each with one kernel and one bias."""
    torch.manual_seed(0)
    x = inputs = striate.Input((8, 8, 3))
    stages = {}
    for name in ("low", "high"):
        x = stages[name] = layers.Conv2D(4, 3, strides=2, padding="same", name=name)(x)
    y = layers.Dense(2, "softmax", name="fc")(layers.GlobalAveragePooling2D()(x))
    return striate.models.Backbone(inputs, y, stages=stages, name="small")


def fit(net, optimizer, epochs=2):
    net.compile(optimizer, "sparse_categorical_crossentropy")
    x = np.random.default_rng(0).random((8, 8, 8, 3), "float32")
    net.fit(x, np.arange(8) % 2, epochs=epochs, batch_size=4, seed=0, verbose=0)


def test_frozen_up_to_a_stage_and_back():
    net = small()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    freeze_until(net, "low")
    fit(net, optimizers.SGD(0.1, weight_decay=0.1))
    moved = [name for name, tensor in net.state_dict().items() if not tensor.equal(before[name])]
    assert [name.split(".")[1] for name in moved] == ["high", "high", "fc", "fc"]
    freeze_until(net, "high")
    assert [layer.name for layer in net.layers if not layer.trainable] == ["input_1", "low", "high"]
    net.trainable = True
    assert len(net.trainable_weights) == 6


def test_rates_are_powers_and_the_top_has_the_whole_rate():
    net = small()
    given = [(len(parameters), factor) for parameters, factor in rates_by_depth(net, 0.5)]
    assert given == [(2, 0.25), (2, 0.5), (2, 1.0)]


def test_fit_moves_each_stage_at_its_rate():
    ours, theirs = small(), small()
    optimizer = optimizers.SGD(0.2)
    for parameters, factor in rates_by_depth(ours, 0.5):
        optimizer.scale_learning_rate(parameters, factor)
    fit(ours, optimizer)
    rows = [("low", 0.05), ("high", 0.1), ("fc", 0.2)]
    groups = [{"params": theirs.get_layer(name).parameters(), "lr": rate} for name, rate in rows]
    fit(theirs, torch.optim.SGD(groups))
    for name, tensor in ours.state_dict().items():
        assert torch.allclose(tensor, theirs.state_dict()[name], atol=1e-6), name


def test_a_net_without_its_top_begins_below_the_whole_rate():
    net = architectures.resnet20(include_top=False)
    assert [factor for _, factor in rates_by_depth(net, 0.1)] == pytest.approx([1e-3, 1e-2, 1e-1])


def test_a_stage_may_be_called_top():
    x = inputs = striate.Input((4, 4, 1))
    x = layers.Conv2D(2, 3, name="conv")(x)
    y = layers.Flatten(name="flatten")(x)
    net = striate.models.Backbone(inputs, y, stages={"top": x})
    assert [layer.name for layer in layers_by_stage(net)["top"]] == ["input_1", "conv", "flatten"]


def test_what_is_refused():
    net = small()
    with pytest.raises(ArgumentError, match=r"`stage` must name a stage of the net.*Nearest: low"):
        freeze_until(net, "lo")
    assert all(layer.trainable for layer in net.layers)
    plain = striate.Sequential([layers.Dense(2, input_shape=(3,))], name="plain")
    words = r"`net` must have named stages\. Got net='Sequential \"plain\"'.*layer by layer"
    for ask in (layers_by_stage, lambda model: freeze_until(model, "low")):
        with pytest.raises(ArgumentError, match=words):
            ask(plain)
    for decay in (-0.5, 1.5, None):
        with pytest.raises(ArgumentError, match="`decay` must be a number from 0 to 1"):
            rates_by_depth(net, decay)
    with pytest.raises(ArgumentError, match=r"`decay` must be above 0.*freeze_until"):
        rates_by_depth(net, 0.0)
