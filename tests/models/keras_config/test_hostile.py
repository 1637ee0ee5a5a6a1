"""Configurations changed at random, and sizes that no weights bear out: one kind of error."""

import copy
import random
import sys
import time
from dataclasses import replace

import keras
import pytest
import torch

from striate.errors import WeightsError
from striate.io.foreign.converter import read_foreign
from striate.models.keras_config.importing import model_of
from striate.models.keras_config.net_builder import NetBuilder
from tests.audited import forget_peak, peak_kib
from tests.models.keras_config.configurations import layer, sequential, start

K = keras.layers
VALUES = [
    *(None, True, False, -1, 0, 1, 0.5, 2**31, 10**9, 10**18, -(10**30), 1e308),
    *("", "a", "relu", "../x", "x" * 500, "Lambda", "Sequential", "Functional", "__tuple__"),
    *([], {}, [[]], [1, 2], {"a": 1}, {"class_name": "__keras_tensor__", "config": {}}),
]


@pytest.fixture(scope="module", params=["keras", "h5"])
def foreign(request, tmp_path_factory):
    """What a file of a net with all kinds of joints holds."""
    x = keras.Input((8, 8, 3))
    inner = keras.Model(x, [K.Conv2D(3, 3, padding="same")(x), K.ReLU()(x)], name="inner")
    a, b = keras.Input((8, 8, 3), name="a"), keras.Input((8, 8, 3), name="b")
    p, q = inner(a)
    r, s = inner(b, training=False)
    y = K.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0])(p * 2.0 + q)
    y = keras.Sequential([K.Resizing(4, 4), K.BatchNormalization(), K.Flatten(), K.Dense(4)])(y)
    path = tmp_path_factory.mktemp("file") / f"model.{request.param}"
    keras.Model([a, b], [K.Add()([p, s]), y, K.Rescaling([1.0, 2.0, 3.0])(r)]).save(path)
    return read_foreign(path)


def places(value):
    """(container, key) of everything that is in lists and dicts."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def changed(config, rng):
    """A copy in which one to three things are other values, or things of elsewhere, or gone."""
    config = copy.deepcopy(config)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        found = list(places(config))
        container, key = rng.choice(found)
        other, its_key = rng.choice(found)
        way = rng.random()
        if way < 0.6:
            container[key] = copy.deepcopy(rng.choice(VALUES))
        elif way < 0.75:
            container[key] = copy.deepcopy(other[its_key])
        else:
            del container[key]
    return config


def assert_one_kind_of_error(foreign, seed, count):
    rng = random.Random(seed)
    sentences = []
    for _ in range(count):
        config = changed(foreign.keras.config, rng)
        began = time.process_time()
        try:
            model_of("File", replace(foreign, keras=replace(foreign.keras, config=config)))
        except WeightsError as error:
            sentences.append(str(error))
        assert time.process_time() - began < 1
    assert len(sentences) > count / 3
    assert all(each.startswith("File") and len(each) < 2500 for each in sentences)


def test_changed_at_random(foreign):
    assert model_of("File", foreign).report.fits
    assert_one_kind_of_error(foreign, 0, 100)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21))
def test_changed_at_random_many_times(foreign, seed):
    assert_one_kind_of_error(foreign, seed, 500)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    "giant",
    [
        layer("Dense", "g", units=10**9),
        layer("Conv2D", "g", filters=10**6, kernel_size=[10, 10]),
        layer("Normalization", "g", axis=-1, mean=0.5, variance=1.0),
        layer("Normalization", "g", axis=-1, mean=None, variance=None),
        layer("LayerNormalization", "g", axis=[1, 2, 3]),
        layer("AdaptiveAveragePooling2D", "g", output_size=[10**6, 10**6]),
        layer("ZeroPadding2D", "g", padding=[[10**9, 0], [0, 10**9]]),
    ],
    ids=lambda entry: entry["class_name"],
)
def test_sizes_that_no_weights_bear_out_take_no_memory(giant):
    forget_peak()
    before, began = peak_kib(), time.process_time()
    with torch.device("meta"):
        NetBuilder("File").build(sequential(start("x", 10**4, 10**4, 10**7), giant))
    assert peak_kib() - before < 50 * 1024
    assert time.process_time() - began < 1
