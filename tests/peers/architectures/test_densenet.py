"""DenseNet-121 with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import pictures, randomise, same_as_keras

from striate.architectures import densenet121


@pytest.mark.peers
def test_densenet121():
    logits = {"classifier_activation": None}
    net = randomise(densenet121((64, 64, 3), 7, dialect="keras", **logits))
    theirs = keras.applications.DenseNet121(
        weights=None, input_shape=(64, 64, 3), classes=7, **logits
    )
    same_as_keras(net, theirs, pictures(4, 64, 64, 3))
