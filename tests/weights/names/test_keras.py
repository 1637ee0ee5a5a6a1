"""Keras' names as data: each layer of each net has one, and no two have the same."""

import pytest

from striate.architectures import sketch
from striate.weights.names.keras import MAPS

ONE_OF_EACH = {known.rules: name for name in reversed(MAPS) for known in MAPS[name]}


@pytest.mark.parametrize("name", ONE_OF_EACH.values())
def test_each_layer_with_weights_is_spoken_of_once(name):
    for known in MAPS[name]:
        assert known.source == "keras"
        net = sketch(name, dialect=known.dialect)
        layers = zip(net.layer_names, net.layers, strict=True)
        called = [known.called(layer) for layer, part in layers if part.state_dict()]
        named = [each for each in called if each is not None and not each.endswith("#")]
        assert None not in called
        assert len(set(named)) == len(named)
        assert all(known.knows(each) for each in called)
        assert not known.knows("layer1.0.conv1.weight")
