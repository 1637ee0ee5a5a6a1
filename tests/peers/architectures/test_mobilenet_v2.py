"""MobileNetV2 with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import calm, lift, pictures, randomise, same_as_keras, still

from striate.architectures import mobilenet_v2


@pytest.mark.peers
@pytest.mark.parametrize("side", [96, 77])
def test_mobilenet_v2(side):
    logits = {"classifier_activation": None}
    net = randomise(mobilenet_v2((side, side, 3), 7, dialect="keras", **logits))
    net = still(lift(calm(net, "_project_BN")))
    theirs = keras.applications.MobileNetV2(
        weights=None, input_shape=(side, side, 3), classes=7, **logits
    )
    same_as_keras(net, theirs, pictures(8, side, side, 3))
