"""What each remedy saves is what a plan with it says."""

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.architectures import sketch
from striate.models import plan
from striate.models.planning.remedies import remedies
from striate.records import Preprocess
from tests.models.small_net import net


def chain(strides=1, depth=2):
    parts = [layers.Conv2D(8, 3, padding="same", name=f"c{n}") for n in range(depth)]
    first = layers.Conv2D(8, 3, padding="same", strides=strides, name="first")
    head = [layers.GlobalAveragePooling2D(), layers.Dense(4, "softmax")]
    return striate.Sequential([striate.Input((32, 32, 3)), first, *parts, *head])


def by_name(model, found, **how):
    ways = remedies(model, found, **how)
    assert all(0 < way.saved_bytes == found.peak_bytes - way.peak_bytes for way in ways)
    return {way.name: way for way in ways}


def test_each_is_the_plan_with_it():
    model = chain()
    found = plan(model, 16, optimizer="adam")
    saved = by_name(model, found, optimizer="adam")
    expected = {
        "half the batch": plan(model, 8, optimizer="adam"),
        "stride 2": plan(chain(strides=2), 16, optimizer="adam"),
        "a layer less": plan(chain(depth=1), 16, optimizer="adam"),
        "16 bits": plan(model, 16, optimizer="adam", precision="bfloat16"),
        "2 parts": plan(model, 16, optimizer="adam", accumulate=2),
        "4 parts": plan(model, 16, optimizer="adam", accumulate=4),
        "2 devices": plan(model, 8, optimizer="adam"),
        "4 devices": plan(model, 4, optimizer="adam"),
    }
    for name, other in expected.items():
        assert saved[name].peak_bytes == other.peak_bytes, name
        assert saved[name].saved_bytes == found.peak_bytes - other.peak_bytes
    assert set(saved) - set(expected) == {"checkpoints"}


def compiled(model, optimizer):
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.mark.parametrize("kind", [lambda w: optimizers.Adam(0.1), lambda w: torch.optim.AdamW(w)])
def test_a_changed_net_is_planned_with_an_optimizer_of_its_own(kind):
    model = chain()
    compiled(model, kind(model.parameters()))
    model.fit(np.zeros((4, 32, 32, 3), "float32"), np.zeros(4, int), epochs=1, verbose=0)
    saved = by_name(model, plan(model, 16))
    for name, other in (("stride 2", chain(strides=2)), ("a layer less", chain(depth=1))):
        compiled(other, kind(other.parameters()))
        assert saved[name].peak_bytes == plan(other, 16).peak_bytes, name


def test_what_the_step_does_to_pictures_is_planned_too():
    model, how = net(norm=True), {"preprocess": Preprocess(scale=1 / 255)}
    found = plan(model, 64, pixels="uint8", **how)
    saved = by_name(model, found, **how)
    half = plan(model, 64, pixels="uint8", precision="bfloat16", **how)
    assert saved["16 bits"].peak_bytes == half.peak_bytes


def test_prediction_knows_no_parts_of_a_batch():
    model = chain()
    found = by_name(model, plan(model, 4, mode="predict"))
    assert set(found) == {"half the batch", "stride 2", "a layer less", "16 bits"} | {
        f"{n} devices" for n in (2, 4)
    }


def test_what_cannot_be_changed_is_left_out():
    class Own(layers.Layer):
        def call(self, x):
            return x * 2

    model = striate.Sequential([striate.Input((6, 6, 1)), Own(), layers.Flatten()])
    found = by_name(model, plan(model, 1, mode="predict"))
    assert found == {}


def test_what_saves_nothing_is_left_out():
    """So small a net that the weights are most of it: to make maps again is of no use."""
    model = net(norm=True)
    assert set(by_name(model, plan(model, 1))) == {"stride 2", "16 bits"}


def test_the_model_stays_as_it_is():
    model = net(norm=True)
    before = {name: (id(t), t.clone()) for name, t in model.state_dict(keep_vars=True).items()}
    remedies(model, plan(model, 8))
    after = model.state_dict(keep_vars=True)
    assert all(id(after[n]) == i and bool((after[n] == t).all()) for n, (i, t) in before.items())
    assert model.get_layer("stem").strides == (1, 1)


@pytest.mark.parametrize("name", ["vgg11", pytest.param("mobilenet_v2", marks=pytest.mark.long)])
def test_published_nets(name):
    model = sketch(name, (64, 64, 3))
    found = by_name(model, plan(model, 8))
    assert {"half the batch", "stride 2", "a layer less"} <= set(found)


@pytest.mark.parametrize("side", [12, None])
def test_a_stride_for_which_the_picture_is_too_small_is_none(side):
    net = striate.Sequential(
        [
            striate.Input((side, side, 3)),
            layers.Conv2D(4, 3),
            layers.MaxPooling2D(3),
            layers.Conv2D(4, 3),
            layers.GlobalAveragePooling2D(),
        ]
    )
    found = plan(net, 4, size=12, mode="predict")
    saved = by_name(net, found)
    assert "stride 2" not in saved
    assert "half the batch" in saved
