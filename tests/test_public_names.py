"""What `__all__` says is what a file offers, and public calls have the house's form."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import striate

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "striate"
MODULES = sorted(
    ["striate", *(found.name for found in pkgutil.walk_packages(striate.__path__, "striate."))]
)
PUBLIC = [name for name in MODULES if "._" not in name and not name.startswith("striate.cli")]

# More than two arguments may stand without their names: name -> why.
POSITIONAL = {
    "striate.layers.conv.Conv2D": "as in Keras: filters, kernel_size, strides, padding",
    "striate.layers.conv_transpose.Conv2DTranspose": "as Conv2D",
    "striate.layers.depthwise.DepthwiseConv2D": "as Conv2D, without filters",
    "striate.layers.separable.SeparableConv2D": "as Conv2D",
    "striate.ops.conv.conv2d": "as in TensorFlow: images, filters, strides, padding",
    "striate.ops.crop.crop_and_resize": "as in TensorFlow: images, boxes, box_indices, crop_size",
    "striate.ops.depthwise.depthwise_conv2d": "as conv2d",
    "striate.ops.local_response_normalization.local_response_normalization": (
        "as in TensorFlow: images, depth_radius, bias, alpha, beta"
    ),
    "striate.ops.pool.avg_pool": "as max_pool",
    "striate.ops.pool.max_pool": "as in TensorFlow: images, size, strides, padding",
    "striate.train.step.TrainStep": "the three of every training loop: model, criterion, optimizer",
}
BASE = "base"  # **base of a layer: the arguments of Layer, which refuses every other


def source(module):
    return ast.parse(Path(importlib.import_module(module).__file__).read_text(encoding="utf-8"))


def public_calls():
    """qualified name -> function or class that striate or one of its rooms offers."""
    found = {}
    for module in (name for name in PUBLIC if name.count(".") <= 1):
        for name in getattr(importlib.import_module(module), "__all__", ()):
            each = getattr(importlib.import_module(module), name)
            if inspect.isfunction(each) or inspect.isclass(each):
                if each.__module__.startswith("striate"):
                    found[f"{each.__module__}.{each.__qualname__}"] = each
    return found


def arguments(each):
    """The parameters that a caller may write, without self."""
    if inspect.isclass(each):
        constructor = each.__dict__.get("__init__")
        record = dataclasses.is_dataclass(each)  # its fields have an order to be read in
        protocol = getattr(each, "_is_protocol", False)
        if record or protocol or not inspect.isfunction(constructor):
            return []
        return list(inspect.signature(constructor).parameters.values())[1:]
    return list(inspect.signature(each).parameters.values())


@pytest.mark.parametrize("module", MODULES)
def test_every_name_of_all_is_there(module):
    names = getattr(importlib.import_module(module), "__all__", [])
    assert len(names) == len(set(names))
    missing = [name for name in names if not hasattr(importlib.import_module(module), name)]
    assert not missing, f"{module}.__all__ names {missing}"


@pytest.mark.parametrize("module", [name for name in PUBLIC if name != "striate"])
def test_every_public_definition_is_in_all(module):
    defined = {
        node.name
        for node in source(module).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    left_out = defined - set(getattr(importlib.import_module(module), "__all__", ()))
    assert not left_out, f"{module}: {sorted(left_out)} are neither private nor in __all__"


def test_the_front_door_lists_what_it_opens():
    assert set(striate.__all__) <= set(dir(striate))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = striate.no_such_name


REFUSES = {"striate.layers.base.Layer"}  # what it does not know it refuses, in words


def test_no_public_call_takes_any_keyword():
    found = {
        name
        for name, each in public_calls().items()
        if any(a.kind is a.VAR_KEYWORD and a.name != BASE for a in arguments(each))
    } - REFUSES
    assert not found, "**kwargs hides what a call understands"


def test_only_the_first_two_arguments_stand_without_their_names():
    found = {
        name
        for name, each in public_calls().items()
        if sum(a.kind is a.POSITIONAL_OR_KEYWORD for a in arguments(each)) > 2
    }
    assert found == set(POSITIONAL)
