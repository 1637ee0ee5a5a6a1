"""MobileNetV3 with Keras' weights says what Keras' says, and learns the same statistics."""

import keras
import pytest
from tests.architectures.moving import calm, lift, pictures, randomise, same_as_keras, still

from striate.architectures import mobilenet_v3_large, mobilenet_v3_small

NETS = [
    (mobilenet_v3_large, keras.applications.MobileNetV3Large, 64),
    (mobilenet_v3_small, keras.applications.MobileNetV3Small, 77),
]


@pytest.mark.peers
@pytest.mark.parametrize(("ours", "keras_net", "side"), NETS)
def test_mobilenet_v3(ours, keras_net, side):
    logits = {"classifier_activation": None}
    net = randomise(ours((side, side, 3), 7, dialect="keras", **logits))
    net = still(lift(calm(net, "_project_bn")))
    theirs = keras_net(
        weights=None,
        input_shape=(side, side, 3),
        classes=7,
        dropout_rate=0.0,
        include_preprocessing=False,
        **logits,
    )
    same_as_keras(net, theirs, pictures(4, side, side, 3))
