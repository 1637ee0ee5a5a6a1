"""State names are stable: a weight saved today is found under the same name tomorrow.

The names stand in tests/golden/state_names.json. A change there breaks every saved model; where it
is meant, run `python -m pytest tests/contract/test_state_names.py` with STRIATE_UPDATE_GOLDEN=1.
"""

import json
import os
from pathlib import Path

import pytest
from tests.catalog import LAYERS

import striate
from striate import layers, recipes

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "state_names.json"


class Unit(layers.Layer):
    """A layer of layers: in a list, in a dict, and by itself."""

    def __init__(self, **base):
        super().__init__(**base)
        self.main = [layers.Conv2D(2, 1), [layers.BatchNormalization()]]
        self.ways = {"skip": layers.Conv2D(2, 1)}
        self.last = layers.Dropout(0.1)

    def call(self, x):
        y = x
        for layer in (self.main[0], *self.main[1]):
            y = layer(y)
        return self.last(y + self.ways["skip"](x))


def nested():
    """Shared, nested, counted, given and awkward names."""
    left, right = striate.Input((8, 8, 3), name="left"), striate.Input((8, 8, 3), name="right")
    shared = layers.Conv2D(2, 3, name="train")
    base = striate.Sequential([layers.Conv2D(2, 3, input_shape=(8, 8, 3)), layers.Flatten()])
    y = layers.Add()([layers.Flatten()(shared(left)), base(right)])
    unit = Unit()(right)
    head = layers.Dense(1, name="type")(y)
    return striate.Model([left, right], [head, layers.Dense(1)(y), unit])


MODELS = {
    "mnist_net": recipes.mnist_net,
    "mnist_first_edition_net": recipes.mnist_first_edition_net,
    "mnist_dense_net": recipes.mnist_dense_net,
    "fashion_mnist_net": recipes.fashion_mnist_net,
    "nested": nested,
}


def names_now():
    found = {f"layer {row}": list(row.built().state_dict()) for row in LAYERS}
    found |= {f"model {name}": list(make().state_dict()) for name, make in MODELS.items()}
    return {name: each for name, each in found.items() if each}


def test_state_names_are_as_they_were():
    now = names_now()
    if os.environ.get("STRIATE_UPDATE_GOLDEN") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
    golden = json.loads(GOLDEN.read_text())
    for name, wanted in golden.items():
        assert now.get(name) == wanted, name
    missing = sorted(set(now) - set(golden))
    if missing:
        pytest.fail(f"no golden names for {missing}: set STRIATE_UPDATE_GOLDEN=1 once")


def test_a_name_says_where_its_layer_stands():
    names = names_now()["model nested"]
    assert "_layers.train_.weight" in names
    assert "_layers.sequential._layers.conv2d.bias" in names
    assert "_layers.unit.main.1.0.running_mean" in names
    assert "_layers.unit.ways.skip.weight" in names
    assert len(names) == len(set(names))
