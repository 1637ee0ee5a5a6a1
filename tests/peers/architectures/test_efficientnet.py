"""EfficientNet-B0 with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import calm, lift, pictures, randomise, same_as_keras, still

from striate.architectures import efficientnet_b0


@pytest.mark.peers
@pytest.mark.parametrize("side", [64, 77])
def test_efficientnet_b0(side):
    keras.utils.clear_session()  # so that the names which Keras counts begin anew
    logits = {"classifier_activation": None}
    net = randomise(efficientnet_b0((side, side, 3), 7, dialect="keras", **logits))
    net = still(lift(calm(net, "_project_bn")))
    theirs = still(
        keras.applications.EfficientNetB0(
            weights=None, input_shape=(side, side, 3), classes=7, **logits
        )
    )
    same_as_keras(net, theirs, 127 + 60 * pictures(4, side, side, 3))
