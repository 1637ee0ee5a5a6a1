"""EfficientNetV2-S with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import calm, lift, pictures, randomise, same_as_keras, still

from striate.architectures import efficientnet_v2_s


@pytest.mark.peers
def test_efficientnet_v2_s():
    shape, logits = (77, 64, 3), {"classifier_activation": None}
    net = randomise(efficientnet_v2_s(shape, 7, dialect="keras", **logits))
    net = still(lift(calm(net, "_project_bn")))
    theirs = still(
        keras.applications.EfficientNetV2S(
            weights=None, input_shape=shape, classes=7, include_preprocessing=False, **logits
        )
    )
    same_as_keras(net, theirs, pictures(4, *shape))
