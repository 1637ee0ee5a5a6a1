"""VGG-16 and VGG-19 with Keras' weights say what Keras' say."""

import keras
import pytest
from tests.architectures.moving import pictures, randomise, same_as_keras

from striate.architectures import vgg16, vgg19


@pytest.mark.peers
@pytest.mark.parametrize(
    ("ours", "theirs"), [(vgg16, keras.applications.VGG16), (vgg19, keras.applications.VGG19)]
)
def test_vgg(ours, theirs):
    how = {"input_shape": (64, 64, 3), "classes": 7, "classifier_activation": None}
    net = randomise(ours(dialect="keras", **how))
    same_as_keras(net, theirs(weights=None, **how), pictures(3, 64, 64, 3))
