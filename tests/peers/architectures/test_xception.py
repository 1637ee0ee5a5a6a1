"""Xception with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import pictures, randomise, same_as_keras

from striate.architectures import xception


def _keras_names(theirs):
    """The shortcuts have no names there: they are numbered as they were made."""
    names = {}
    for kind, ending in (("conv2d", ""), ("batch_normalization", "_bn")):
        found = [each.name for each in theirs.layers if each.name.startswith(kind)]
        found.sort(key=lambda name: int(name.removeprefix(kind).removeprefix("_") or 0))
        blocks = [f"block{number}_shortcut{ending}" for number in (2, 3, 4, 13)]
        names |= dict(zip(blocks, found, strict=True))
    return names


@pytest.mark.peers
def test_xception():
    logits = {"classifier_activation": None}
    net = randomise(xception((96, 96, 3), 7, dialect="keras", **logits))
    theirs = keras.applications.Xception(weights=None, input_shape=(96, 96, 3), classes=7, **logits)
    names = _keras_names(theirs)
    same_as_keras(net, theirs, pictures(4, 96, 96, 3), named=lambda name: names.get(name, name))
