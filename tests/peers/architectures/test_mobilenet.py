"""MobileNet with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import lift, pictures, randomise, same_as_keras, still

from striate.architectures import mobilenet_v1


@pytest.mark.peers
@pytest.mark.parametrize("side", [96, 100])
def test_mobilenet(side):
    logits = {"classifier_activation": None}
    net = randomise(mobilenet_v1((side, side, 3), 7, dialect="keras", **logits))
    theirs = still(
        keras.applications.MobileNet(
            weights=None, input_shape=(side, side, 3), classes=7, dropout=0.0, **logits
        )
    )
    same_as_keras(still(lift(net)), theirs, pictures(8, side, side, 3))
