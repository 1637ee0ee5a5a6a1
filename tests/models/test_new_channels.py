"""with_channels: pictures whose channels are all alike give what they gave; the net stays."""

import numpy as np
import pytest
import torch

import striate
from striate import architectures, layers
from striate.errors import ArgumentError, WeightsError
from striate.models import with_channels

NETS = {
    "resnet20": (32, 32, 3),
    "efficientnet_lite0": (64, 64, 3),
    "googlenet": (128, 128, 3),
    "convnext_tiny": (64, 64, 3),
    "mobilenet_v3_small": (64, 64, 3),
    "lenet5": (32, 32, 1),
}


def error(a, b):
    return float((a - b).detach().abs().max() / b.detach().abs().max())


@pytest.mark.parametrize("name", NETS)
def test_alike_channels_give_the_same_maps_and_outputs(name):
    torch.manual_seed(0)
    shape = NETS[name]
    net = getattr(architectures, name)(**({} if name == "lenet5" else {"input_shape": shape}))
    first = next(iter(net.stages))
    x = torch.rand(2, *shape[:2], 1)
    wanted = net(x.expand(-1, -1, -1, shape[-1]))
    maps = net.features(first)(x.expand(-1, -1, -1, shape[-1]))[first]
    for channels in (1, 4):
        new = with_channels(net, channels)
        alike = x.expand(-1, -1, -1, channels)
        assert error(new.features(first)(alike)[first], maps) < 2e-6
        assert error(new(alike), wanted) < 1e-5
        assert new.inputs[0].shape == (None, *shape[:2], channels)
        assert (new.origin, list(new.stages)) == (net.origin, list(net.stages))
        assert new.layer_names == net.layer_names


def net_of(*stem, channels=3, side=9):
    """A stem, a convolution that pads, and a head."""
    torch.manual_seed(0)
    x = inputs = striate.Input((side, side, channels))
    for layer in stem:
        x = layer(x)
    x = layers.Conv2D(5, 3, padding="same", use_bias=False, name="conv")(x)
    x = layers.GlobalAveragePooling2D()(layers.BatchNormalization()(x))
    return striate.Model(inputs, layers.Dense(2, name="fc")(x), name="net")


def adapted(values):
    layer = layers.Normalization()
    layer.build((None, 9, 9, 3))
    layer.set_weights([np.asarray(values, "f4"), np.asarray(values, "f4") + 1, np.asarray(9)])
    return layer


STEMS = {
    "rescaled": lambda: [layers.Rescaling(1 / 127.5, offset=-1)],
    "resized and padded": lambda: [layers.Resizing(7, 7), layers.ZeroPadding2D(1)],
    "normalised by numbers": lambda: [layers.Normalization(mean=0.4, variance=2.0)],
    "normalised by lists": lambda: [layers.Normalization(mean=[0.4] * 3, variance=[2.0] * 3)],
    "normalised by data": lambda: [adapted([0.3, 0.3, 0.3])],
    "normalised by all": lambda: [layers.Normalization(axis=None, mean=0.1, variance=4.0)],
    "augmented in a chain": lambda: [
        striate.Sequential([layers.Rescaling(0.5, input_shape=(9, 9, 3)), layers.RandomFlip()])
    ],
}


@pytest.mark.parametrize("stem", STEMS.values(), ids=STEMS)
def test_what_stands_before_the_first_convolution(stem):
    net = net_of(*stem())
    x = torch.rand(4, 9, 9, 1)
    wanted = net(x.expand(-1, -1, -1, 3))
    for channels in (1, 5):
        assert error(with_channels(net, channels)(x.expand(-1, -1, -1, channels)), wanted) < 2e-6


def test_a_nested_base_two_convolutions_and_a_sequential():
    x, start = torch.rand(2, 9, 9, 1), striate.Input((9, 9, 3))
    wide = layers.Concatenate()([layers.Conv2D(2, 3)(start), layers.Conv2D(3, 3)(start)])
    inner = striate.Model(start, wide, name="inner")
    net = striate.Sequential([layers.Rescaling(2.0, input_shape=(9, 9, 3)), inner])
    new = with_channels(net, 1)
    assert isinstance(new, striate.Sequential)
    assert error(new(x), net(x.expand(-1, -1, -1, 3))) < 2e-6


def test_kernels_in_turn():
    net = net_of()
    old = net.get_layer("conv").get_weights()[0]
    (four,) = with_channels(net, 4).get_layer("conv").get_weights()
    turns = [old[:, :, 0] / 2, old[:, :, 1], old[:, :, 2], old[:, :, 0] / 2]
    np.testing.assert_allclose(four, np.stack(turns, 2), rtol=1e-6)
    (one,) = with_channels(net, 1).get_layer("conv").get_weights()
    np.testing.assert_allclose(one[:, :, 0], old.sum(2), rtol=1e-5, atol=1e-7)
    (same,) = with_channels(net, 3).get_layer("conv").get_weights()
    assert np.array_equal(same, old)


def test_two_pictures_behind_each_other_give_the_same():
    net = net_of()
    x = torch.rand(2, 9, 9, 3)
    assert error(with_channels(net, 6)(torch.cat([x, x], -1)), net(x)) < 2e-6


def test_the_given_net_and_the_new_one_share_nothing():
    net = net_of()
    net.get_layer("conv").trainable = False
    before = [w.copy() for w in net.get_weights()]
    new = with_channels(net, 1)
    assert not new.get_layer("conv").trainable
    new.trainable = True
    new.compile("sgd", "sparse_categorical_crossentropy")
    new.fit(np.ones((4, 9, 9, 1), "float32"), np.arange(4) % 2, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, net.get_weights(), strict=True))
    assert not net.get_layer("conv").trainable
    assert net.inputs[0].shape[-1] == 3
    assert new.get_layer("conv").weight.is_contiguous(memory_format=torch.channels_last)


def test_the_number_type_stays():
    new = with_channels(net_of().double(), 2)
    assert {w.dtype for w in new.parameters()} == {torch.float64}


def test_it_can_be_saved(tmp_path):
    new = with_channels(net_of(adapted([0.3, 0.3, 0.3])), 2)
    new.save(tmp_path / "net")
    x = torch.rand(2, 9, 9, 2)
    assert torch.equal(striate.load_model(tmp_path / "net")(x), new(x))


class Own(layers.Layer):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        (
            lambda: [layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[1.0, 1.0, 1.0])],
            r'Normalization "normalization" is in the way: mean \[0\.4, 0\.5, 0\.6\]',
        ),
        (
            lambda: [adapted([0.1, 0.1, 0.3])],
            r"Normalization .* in the way: mean \[0\.1, 0\.1, 0\.3\]",
        ),
        (lambda: [layers.DepthwiseConv2D(3)], r'DepthwiseConv2D "depthwise_conv2d" is in the way'),
        (lambda: [layers.Conv2D(6, 3, groups=3)], r'Conv2D "conv2d" is in the way: neither a'),
        (lambda: [layers.TakeChannels((2, 1, 0))], r"TakeChannels .* is in the way"),
    ],
)
def test_what_stands_in_the_way(stem, words):
    net = net_of(*stem())
    rule = r"with_channels: `net` must begin with convolutions, and before them treat all channels "
    rule += rf'alike\. Got net=.Model "net", where {words}.*TakeChannels\(\(0, 0, 0\)\)'
    with pytest.raises(ArgumentError, match=rule):
        with_channels(net, 1)


def test_the_way_out_is_one():
    net = net_of(layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[1.0, 1.0, 1.0]))
    x = striate.Input((9, 9, 1))
    grey = striate.Model(x, net(layers.TakeChannels((0, 0, 0))(x)))
    y = torch.rand(2, 9, 9, 1)
    assert torch.equal(grey(y), net(y.expand(-1, -1, -1, 3)))


def test_what_is_refused():
    for channels in (0, 1.5, "1"):
        with pytest.raises(ArgumentError, match="`channels` must be a whole number of at least 1"):
            with_channels(net_of(), channels)
    flat = striate.Sequential([layers.Dense(2, input_shape=(3,))], name="flat")
    words = (
        r'must take one picture \(n, h, w, c\)\. Got net=.Sequential "flat", which takes \(n, 3\)'
    )
    with pytest.raises(ArgumentError, match=words):
        with_channels(flat, 1)
    a, b = striate.Input((4, 4, 1)), striate.Input((4, 4, 1))
    both = layers.Concatenate()([a, b])
    two = striate.Model([a, b], layers.Conv2D(2, 3)(both), name="two")
    with pytest.raises(ArgumentError, match=r"which takes \(n, 4, 4, 1\), \(n, 4, 4, 1\)"):
        with_channels(two, 3)
    x = striate.Input((4, 4, 1))
    with pytest.raises(ArgumentError, match=r'Model "two" is in the way: no graph of one input'):
        with_channels(striate.Model(x, two([x, x])), 3)
    with pytest.raises(WeightsError, match="be of a registered class to be saved"):
        with_channels(net_of(Own()), 1)
