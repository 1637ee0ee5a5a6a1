"""ConvNeXt-T with Keras' weights says what Keras' says."""

import keras
import pytest
from tests.architectures.moving import pictures, randomise, same_as_keras, still

from striate.architectures import convnext_tiny


class Flat:
    """Keras' net with the layers of its inner Sequentials beside the others."""

    def __init__(self, net):
        inner = net._flatten_layers(include_self=False)
        self.net = net
        self.layers = [layer for layer in inner if not isinstance(layer, keras.Model)]

    def get_layer(self, name):
        return next(layer for layer in self.layers if layer.name == name)

    def __call__(self, x, training):
        return self.net(x, training=training)


@pytest.mark.peers
def test_convnext_tiny():
    shape, logits = (77, 64, 3), {"classifier_activation": None}
    net = still(randomise(convnext_tiny(shape, 7, dialect="keras", **logits)))
    theirs = keras.applications.ConvNeXtTiny(
        weights=None, input_shape=shape, classes=7, include_preprocessing=False, **logits
    )
    same_as_keras(
        net, Flat(theirs), pictures(4, *shape), named=lambda name: f"convnext_tiny_{name}"
    )
