"""Architectures by name: what the user says of a net, and what is refused."""

import pytest
from tests.architectures.measures import empty

from striate import architectures
from striate.architectures import ARCHITECTURES, resnet18, resnet20
from striate.errors import ArgumentError


def test_every_public_name_is_in_the_table():
    builders = {
        name
        for name in architectures.__all__
        if isinstance(getattr(architectures, name), architectures.Architecture)
    }
    assert builders == set(ARCHITECTURES)


def built_with_and_without_its_top(architecture, dialect):
    net = empty(architecture.name, dialect.name)
    assert net.name == architecture.name
    assert net.output.shape == (None, architecture.classes)
    bare = empty(architecture.name, dialect.name, include_top=False)
    assert len(bare.output.shape) == 4
    vector = empty(architecture.name, dialect.name, include_top=False, pooling="avg")
    assert vector.output.shape == (None, bare.output.shape[-1])
    assert list(net.stages) == list(bare.stages)
    sides = [shape[1] for shape in net.stages.values()]
    assert sides == sorted(sides, reverse=True)


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_each_is_built_with_and_without_its_top(name):
    architecture = ARCHITECTURES.get(name)
    first, *others = architecture.dialects
    built_with_and_without_its_top(architecture, first)
    for dialect in others:
        assert empty(name, dialect.name).output.shape == (None, architecture.classes)


@pytest.mark.long
@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_each_is_built_without_its_top_in_its_other_dialects(name):
    architecture = ARCHITECTURES.get(name)
    for dialect in architecture.dialects[1:]:
        built_with_and_without_its_top(architecture, dialect)


def test_what_the_user_says():
    net = empty("resnet20", classes=3, classifier_activation=None, name="mine")
    assert (net.name, net.output.shape) == ("mine", (None, 3))
    assert empty("resnet20", input_shape=(8, 12, 1)).input.shape == (None, 8, 12, 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"input_shape": (31, 64, 3)}, r"`input_shape` must be \(h, w, c\) with sides of at least"),
        ({"input_shape": (64, 31, 1)}, r".*Got .*\. The smallest is \(32, 32, 1\)\."),
        ({"input_shape": (64, 64)}, r"`input_shape` must be \(h, w, c\)"),
        ({"input_shape": (64, 64, 0)}, r"`input_shape` must be"),
        ({"classes": 0}, "`classes` must be a whole number"),
        ({"dialect": "keras"}, "`dialect` must be"),
        ({"pooling": "avg"}, "`pooling` must stand beside include_top=False"),
        ({"pooling": "mean", "include_top": False}, "`pooling` must be"),
        ({"include_top": 1}, "`include_top` must be"),
    ],
)
def test_words(options, words):
    with pytest.raises(ArgumentError, match=f"resnet18: {words}"):
        resnet18(**options)


def test_defaults_are_the_papers():
    assert (resnet18.input_shape, resnet18.classes) == ((224, 224, 3), 1000)
    assert (resnet20.input_shape, resnet20.classes) == ((32, 32, 3), 10)
