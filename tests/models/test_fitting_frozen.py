"""fit with frozen layers: they cost no backward pass, nothing moves them, and they thaw at once."""

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.models import Backbone

X = np.random.default_rng(0).random((16, 8, 8, 3), "float32")
Y = np.arange(16) % 2
LOSS = "sparse_categorical_crossentropy"


def base():
    torch.manual_seed(0)
    x = inputs = striate.Input((8, 8, 3))
    for filters in (4, 6):
        x = layers.Conv2D(filters, 3, kernel_regularizer="l2")(x)
        x = layers.BatchNormalization(momentum=0.5)(x)
        x = layers.Dropout(0.2)(layers.Activation("relu")(x))
    return Backbone(inputs, x, stages={"last": x}, name="base")


def joined():
    below = base()
    head = layers.Dense(2, "softmax", name="head")
    return below, striate.Model(below.input, head(layers.GlobalAveragePooling2D()(below.output)))


def nested():
    below, inputs = base(), striate.Input((8, 8, 3))
    head = layers.Dense(2, "softmax", name="head")
    return below, striate.Model(inputs, head(layers.GlobalAveragePooling2D()(below(inputs))))


def twice_nested():
    below, inner = nested()
    outer = striate.Sequential([inner, layers.Dense(2, "softmax", name="last")])
    return below, outer


def by_hand():
    """A subclass, whose base is an attribute."""

    class Net(striate.Model):
        def __init__(self):
            super().__init__()
            self.base = base()
            self.pool = layers.GlobalAveragePooling2D()
            self.head = layers.Dense(2, "softmax", name="head")

        def call(self, x):
            return self.head(self.pool(self.base(x)))

    net = Net()
    net.build((None, 8, 8, 3))
    return net.base, net


NETS = [joined, nested, twice_nested, by_hand]
FITS = {
    "plain": {},
    "ema": {"ema": 0.9},
    "bfloat16": {"precision": "bfloat16"},
    "accumulated": {"accumulate": 2},
}


def optimizer():
    return optimizers.SGD(0.1, momentum=0.9, weight_decay=0.1)


def state(below):
    return {name: tensor.clone() for name, tensor in below.state_dict().items()}


def moved(below, before):
    return {
        name.split(".")[-1] for name, now in state(below).items() if not now.equal(before[name])
    }


@pytest.mark.parametrize("options", FITS.values(), ids=FITS)
@pytest.mark.parametrize("build", NETS)
def test_nothing_moves_what_is_frozen(build, options):
    below, net = build()
    below.trainable = False
    before, head = state(below), net.get_weights()[-2]
    net.compile(optimizer(), LOSS)
    net.fit(X, Y, batch_size=4, epochs=2, seed=0, verbose=0, **options)
    net.train()
    net(X)
    net.train_on_batch(X, Y)
    assert moved(below, before) == set()
    assert not np.array_equal(net.get_weights()[-2], head)


@pytest.mark.parametrize("build", NETS)
def test_what_thaws_trains_at_once_with_the_same_optimizer(build):
    below, net = build()
    below.trainable = False
    net.compile(optimizer(), LOSS)
    net.fit(X, Y, batch_size=4, seed=0, verbose=0)
    before = state(below)
    below.trainable = True
    net.fit(X, Y, batch_size=4, seed=1, verbose=0)
    assert moved(below, before) == {"weight", "bias", "running_mean", "running_var"}


def test_what_freezes_stops_at_once_whatever_its_momentum():
    below, net = nested()
    net.compile(optimizer(), LOSS)
    net.fit(X, Y, batch_size=4, seed=0, verbose=0)
    before = state(below)
    below.trainable = False
    net.fit(X, Y, batch_size=4, seed=1, verbose=0)
    assert moved(below, before) == set()


def test_compile_before_and_after_freezing_are_the_same():
    (first, early), (second, late) = nets = [joined(), joined()]
    first.trainable = False
    for _, net in nets:
        net.compile(optimizer(), LOSS)
    second.trainable = False
    for _, net in nets:
        net.fit(X, Y, batch_size=4, epochs=2, seed=0, verbose=0)
    weights = [early.get_weights(), late.get_weights()]
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def bytes_kept(net):
    """What the forward pass of one step keeps for the backward pass."""
    kept = []

    def note(tensor):
        kept.append(tensor.numel() * tensor.element_size())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        net.train_on_batch(X, Y)
    return sum(kept)


@pytest.mark.parametrize("build", NETS)
def test_a_frozen_base_keeps_nothing_for_a_backward_pass(build):
    below, net = build()
    net.compile(optimizer(), LOSS)
    whole = bytes_kept(net)
    below.trainable = False
    assert bytes_kept(net) < whole / 20
    assert not below(torch.from_numpy(X), training=True).requires_grad


@pytest.mark.parametrize("build", [joined, nested])
def test_counts_and_summary(build):
    below, net = build()
    everything = net.count_params()
    head = 6 * 2 + 2
    for layer in below.layers:
        layer.trainable = False
    assert sum(w.numel() for w in net.trainable_weights) == head
    assert sum(w.numel() for w in net.non_trainable_weights) == everything - head
    rows = []
    net.summary(print_fn=rows.append)
    assert f"Trainable params: {head}" in rows
    assert f"Non-trainable params: {everything - head}" in rows


def test_the_average_of_frozen_weights_is_the_weights():
    below, net = joined()
    below.trainable = False
    net.compile(optimizer(), LOSS)
    net.fit(X, Y, batch_size=4, epochs=3, seed=0, verbose=0, ema=0.5)
    held = {name.removeprefix("_layers."): t for name, t in net.ema.averages.items()}
    for name, tensor in below.state_dict().items():
        assert torch.equal(held[name.removeprefix("_layers.")], tensor)


def test_a_resumed_run_needs_the_same_factors(tmp_path):
    def run(factor, epochs, resume=None):
        below, net = joined()
        rates = optimizers.SGD(0.1, momentum=0.9)
        if factor != 1.0:
            rates.scale_learning_rate(below.parameters(), factor)
        net.compile(rates, LOSS)
        checkpoint = striate.train.Checkpoint(tmp_path / "run")
        options = {"batch_size": 4, "seed": 0, "verbose": 0, "epochs": epochs}
        net.fit(X, Y, checkpoint=checkpoint, resume=resume, **options)
        return net

    run(0.1, 1)
    with pytest.raises(striate.errors.ArgumentError, match=r"rate_factors: \[1\.0, 0\.1\] → none"):
        run(1.0, 2, resume="auto")
    with pytest.raises(
        striate.errors.ArgumentError, match=r"rate_factors.*0\.1\] → \[1\.0, 0\.2\]"
    ):
        run(0.2, 2, resume="auto")
    again = run(0.1, 2, resume="auto")
    below, straight = joined()
    rates = optimizers.SGD(0.1, momentum=0.9)
    rates.scale_learning_rate(below.parameters(), 0.1)
    straight.compile(rates, LOSS)
    straight.fit(X, Y, batch_size=4, seed=0, verbose=0, epochs=2)
    for a, b in zip(again.get_weights(), straight.get_weights(), strict=True):
        assert np.array_equal(a, b)
