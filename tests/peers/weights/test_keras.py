"""Files that Keras writes of its own nets go into ours, and ours into theirs: the outputs agree."""

import keras
import pytest
from tests.architectures.moving import calm, pictures, randomise
from tests.peers.weights.nets import difference, randomise_keras, saved

from striate.architectures import ARCHITECTURES, sketch
from striate.models.keras_layers import layers_in_keras
from striate.weights.keras_naming import ranked

pytestmark = pytest.mark.peers

APPS = keras.applications
BARE = {"include_preprocessing": False}
LIMIT = 1e-4

NETS = {
    "vgg16": (APPS.VGG16, "h5"),
    "vgg19": (APPS.VGG19, "keras"),
    "resnet50": (APPS.ResNet50, "keras"),
    "resnet101": (APPS.ResNet101, "h5"),
    "resnet152": (APPS.ResNet152, "weights.h5"),
    "resnet50_v2": (APPS.ResNet50V2, "h5"),
    "xception": (APPS.Xception, "weights.h5"),
    "inception_v3": (APPS.InceptionV3, "weights.h5"),
    "densenet121": (APPS.DenseNet121, "keras"),
    "densenet169": (APPS.DenseNet169, "weights.h5"),
    "densenet201": (APPS.DenseNet201, "h5"),
    "mobilenet_v1": (APPS.MobileNet, "weights.h5"),
    "mobilenet_v2": (APPS.MobileNetV2, "h5"),
    "mobilenet_v3_small": (APPS.MobileNetV3Small, "keras"),
    "mobilenet_v3_large": (APPS.MobileNetV3Large, "old.weights.h5"),
    "efficientnet_b0": (APPS.EfficientNetB0, "old.weights.h5"),
    "efficientnet_b1": (APPS.EfficientNetB1, "keras"),
    "efficientnet_b2": (APPS.EfficientNetB2, "h5"),
    "efficientnet_b3": (APPS.EfficientNetB3, "weights.h5"),
    "efficientnet_b4": (APPS.EfficientNetB4, "keras"),
    "efficientnet_b5": (APPS.EfficientNetB5, "h5"),
    "efficientnet_b6": (APPS.EfficientNetB6, "weights.h5"),
    "efficientnet_b7": (APPS.EfficientNetB7, "keras"),
    "efficientnet_v2_s": (APPS.EfficientNetV2S, "weights.h5"),
    "convnext_tiny": (APPS.ConvNeXtTiny, "h5"),
}
TAKE_PREPROCESSING = (
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "efficientnet_v2_s",
    "convnext_tiny",
)
SIDES = {"xception": 71, "inception_v3": 75}
SMALL = ("mobilenet_v1", "mobilenet_v2", "mobilenet_v3_small")
UNLIKE = ("xception", "inception_v3", "efficientnet_b0", "convnext_tiny")  # with names not ours


def some_long(names, short):
    return [name if name in short else pytest.param(name, marks=pytest.mark.long) for name in names]


def pair(name, *, head=True):
    """Our net and Keras', of one picture size."""
    side = SIDES.get(name, 64)
    how = {"input_shape": (side, side, 3), "include_top": head}
    how |= {"classes": 7, "classifier_activation": None} if head else {}
    bare = BARE if name in TAKE_PREPROCESSING else {}
    theirs = NETS[name][0](weights=None, **how, **bare)
    return ARCHITECTURES.get(name)(**how, dialect="keras"), theirs


def looks(name):
    """Pictures as the nets expect them: EfficientNet's have values of bytes."""
    x = pictures(2, SIDES.get(name, 64), SIDES.get(name, 64), 3)
    return 127 + 60 * x if name.startswith("efficientnet_b") else x


@pytest.mark.parametrize("name", some_long(NETS, SMALL))
def test_a_file_of_keras_and_one_for_keras(name, tmp_path):
    ours, theirs = pair(name)
    randomise_keras(theirs)
    report = ours.load_weights(saved(theirs, tmp_path / f"net.{NETS[name][1]}"))
    assert report.source == "keras"
    assert not report.left_out
    assert report.moved > 0.1
    there = difference(ours, theirs, looks(name))
    calm(randomise(ours, seed=2), "_project_bn")
    assert difference(ours, theirs, looks(name)) > 0.1
    theirs.load_weights(ours.export_weights(tmp_path / "back.weights.h5", to="keras"))
    back = difference(ours, theirs, looks(name))
    print(f"{name:20} {NETS[name][1]:14} {there:.1e} {back:.1e}")
    assert max(there, back) <= LIMIT


@pytest.mark.parametrize("name", some_long(NETS, ("mobilenet_v2",)))
def test_without_its_top(name, tmp_path):
    ours, theirs = pair(name, head=False)
    ours.load_weights(saved(randomise_keras(theirs), tmp_path / "net.weights.h5"))
    there = difference(ours, theirs, looks(name))
    print(f"{name:20} without top    {there:.1e}")
    assert there <= LIMIT


@pytest.mark.parametrize("name", some_long(NETS, UNLIKE))
def test_names_shapes_and_order_are_keras(name):
    bare = BARE if name in TAKE_PREPROCESSING else {}
    with keras.device("meta"):
        theirs = NETS[name][0](weights=None, **bare)
    found = layers_in_keras(sketch(name, dialect="keras"))
    listed = [(path, layer) for path, layer in _listed(theirs, "") if layer.weights]
    assert ranked(each.name for each in found) == ranked(path for path, _ in listed)
    for each, (path, layer) in zip(found, listed, strict=True):
        shapes = [tuple(view.shape) for view in each.views]
        assert shapes == [tuple(weight.shape) for weight in layer.weights], path


def _listed(model, prefix):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _listed(layer, f"{prefix}{layer.name}/")
        else:
            yield prefix + layer.name, layer
