"""The modules of Keras' applications, and those that are here besides."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

from striate import applications
from striate.applications.application import Application
from striate.applications.decoding import decode_predictions
from striate.applications.preprocessing import PreprocessInput
from striate.errors import ArgumentError
from striate.weights.catalogue import find_published, published_weights

MODULES = [
    module
    for each in pkgutil.iter_modules(applications.__path__)
    if hasattr(
        module := importlib.import_module(f"striate.applications.{each.name}"), "preprocess_input"
    )
]
NETS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": getattr(module, name)
    for module in MODULES
    for name in module.__all__
    if isinstance(getattr(module, name), Application)
}
LIGHT = ("mobilenet_v3.MobileNetV3Small", "squeezenet.SqueezeNet", "efficientnet.EfficientNetB0")


def architectures(net):
    return [net.architecture, *getattr(net, "widths", {}).values()]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_has_nets_their_preprocessing_and_names(module):
    nets = [each for each in vars(module).values() if isinstance(each, Application)]
    assert nets
    assert module.decode_predictions is decode_predictions
    x = np.random.default_rng(0).random((4, 4, 3)) * 255
    wanted = module.preprocess_input(x)
    for net in nets:
        assert getattr(module, net.name) is net
        assert getattr(applications, net.name) is net
        for architecture in architectures(net):
            assert find_published(architecture).labels == "imagenet"
            np.testing.assert_array_equal(PreprocessInput(architecture)(x), wanted)


def test_every_net_with_weights_of_keras_has_its_function():
    known = {each.architecture for each in published_weights() if each.source == "keras"}
    assert known <= {each for net in NETS.values() for each in architectures(net)}


@pytest.mark.parametrize("name", LIGHT)
def test_they_build_what_is_asked_for(name):
    net = NETS[name](weights=None, input_shape=(64, 64, 3), classes=3, name="mine")
    assert (net.name, net.output.shape) == ("mine", (None, 3))
    base = NETS[name](weights=None, include_top=False, pooling="max")
    assert base.input.shape == (None, None, None, 3)
    assert len(base.output.shape) == 2


def test_the_arguments_are_those_of_keras():
    usual = {"include_top", "weights", "input_tensor", "input_shape", "pooling", "classes"}
    for name, net in NETS.items():
        given = set(inspect.signature(net).parameters)
        assert usual | {"classifier_activation", "name"} <= given, name


def test_a_net_makes_its_input_itself():
    with pytest.raises(ArgumentError, match="ResNet50: `input_tensor` must be None, as a net make"):
        applications.ResNet50(weights=None, input_tensor=np.zeros(3))


def test_widths():
    assert applications.MobileNet.of_width(0.25) == "mobilenet_v1_025"
    with pytest.raises(ArgumentError, match=r"MobileNet: `alpha` must be 1 or 0.75 or 0.5 or 0.25"):
        applications.MobileNet(alpha=0.3, weights=None)
    with pytest.raises(ArgumentError, match=r"MobileNetV2: `alpha` must be 1\. Got alpha=1.4"):
        applications.MobileNetV2(alpha=1.4)


def test_minimalistic_is_refused_in_words():
    with pytest.raises(ArgumentError, match="`minimalistic` must be False, as the paper has no"):
        applications.MobileNetV3Small(minimalistic=True)


def test_scaling_can_be_left_out():
    for net in (applications.MobileNetV3Small, applications.ConvNeXtTiny):
        names = [
            [layer.name for layer in net(weights=None, include_top=False, **options).layers]
            for options in ({}, {"include_preprocessing": False})
        ]
        assert len(names[0]) == len(names[1]) + 1
        assert names[0][2:] == names[1][1:]
