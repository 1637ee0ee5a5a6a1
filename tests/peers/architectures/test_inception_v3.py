"""Inception v3 with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import lift, pictures, randomise, same_as_keras

from striate.architectures import inception_v3


def _numbered(theirs, kind):
    """Keras' layers of a kind have no names but numbers, in the order in which they were made."""
    found = [each.name for each in theirs.layers if each.name.startswith(kind)]
    return sorted(found, key=lambda name: int(name.removeprefix(kind).removeprefix("_") or 0))


@pytest.mark.peers
def test_inception_v3():
    logits = {"classifier_activation": None}
    net = lift(randomise(inception_v3((139, 139, 3), 7, dialect="keras", **logits)), 1.0)
    theirs = keras.applications.InceptionV3(
        weights=None, input_shape=(139, 139, 3), classes=7, **logits
    )
    names = {}
    for kind, ending in (("conv2d", "_conv"), ("batch_normalization", "_bn")):
        ours = [name for name in net.layer_names if name.endswith(ending)]
        names |= dict(zip(ours, _numbered(theirs, kind), strict=True))
    same_as_keras(net, theirs, pictures(4, 139, 139, 3), named=lambda name: names.get(name, name))
