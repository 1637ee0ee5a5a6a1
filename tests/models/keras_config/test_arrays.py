"""Which arrays of a file belong to which layer."""

import pytest
import torch

from striate import layers
from striate.errors import WeightsError
from striate.io.foreign.keras_contents import KerasContents, KerasLayer
from striate.models.keras_config.arrays import arrays_of_layers


def dense(units=2, inputs=3):
    layer = layers.Dense(units)
    layer.build((None, inputs))
    return layer


def given(**counts):
    names = [name.replace("__", "/") for name in counts]
    return KerasContents(
        tuple(
            KerasLayer(n, "dense", count) for n, count in zip(names, counts.values(), strict=True)
        )
    )


def arrays(*names, shape=(3, 2), kind=torch.float32):
    found = {}
    for name in names:
        found |= {f"{name}/0": torch.zeros(shape, dtype=kind), f"{name}/1": torch.zeros(2)}
    return found


def test_names_of_keras_lead_to_the_arrays():
    found = (
        arrays_of_layers(
            "File",
            {"a": dense(), "net/a": dense(), "x": layers.ReLU()},
            given(net__a=2, a=2),
            tensors,
        )
        if (tensors := arrays("a", "net/a"))
        else {}
    )
    assert found["net/a"][0] is tensors["net/a/0"]
    assert list(found) == ["a", "net/a"]


def test_a_layer_deep_in_nets_is_known_by_the_outermost():
    tensors = arrays("net/a", "net/b")
    found = arrays_of_layers(
        "File", {"net/mid/a": dense(), "net/b": dense()}, given(net__a=2, net__b=2), tensors
    )
    assert found["net/mid/a"][0] is tensors["net/a/0"]


@pytest.mark.parametrize(
    ("contents", "tensors", "words"),
    [
        (given(), {}, "File: must hold 2 arrays of the layer 'a'. Got none. The file is damaged"),
        (given(a=1), {}, "must hold 2 arrays of the layer 'a'. Got 1."),
        (
            given(a=2, b=2),
            arrays("a", "b"),
            "must hold arrays of layers of its configuration and of no others. Got 'b'.",
        ),
        (
            given(a=2),
            arrays("a", shape=(2, 3)),
            "must hold 'a' weight as (3, 2). Got float32 (2, 3). The file is damaged: save the",
        ),
        (given(a=2), arrays("a", kind=torch.int8), "'a' weight as (3, 2). Got int8 (3, 2)."),
    ],
)
def test_errors(contents, tensors, words):
    with pytest.raises(WeightsError) as caught:
        arrays_of_layers("File", {"a": dense()}, contents, tensors)
    assert words in str(caught.value)
