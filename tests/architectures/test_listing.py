"""The table of all nets: a row for each, what it says is so, words find names and papers."""

import json

import pytest
from tests.architectures.measures import counted_multiply_adds, empty, trainable

from striate import Model
from striate.architectures import ARCHITECTURES, Architecture, list_architectures
from striate.architectures.listing import measured
from striate.architectures.resnet import CifarResNet
from striate.weights.sizes import SIZES

FIRST = {ARCHITECTURES.get(name).make: name for name in reversed(ARCHITECTURES.names())}
NETS = [
    pytest.param(name, marks=[] if name in FIRST.values() else [pytest.mark.long])
    for name in ARCHITECTURES
]
"""One net of each class; the others in the long tests."""


def test_every_net_has_a_row_with_its_paper():
    rows = list_architectures()
    assert {row.name for row in rows} == set(ARCHITECTURES)
    assert [row.year for row in rows] == sorted(row.year for row in rows)
    for row in rows:
        assert 1998 <= row.year <= 2022, row
        assert len(row.paper) >= 5, row
        architecture = ARCHITECTURES.get(row.name)
        assert (row.input_shape, row.classes) == (architecture.input_shape, architecture.classes)
        assert row.dialects == tuple(each.name for each in architecture.dialects)


def test_papers():
    cited = {row.name: (row.paper, row.year) for row in list_architectures()}
    assert cited["resnet50"] == ("Deep Residual Learning for Image Recognition", 2015)
    assert cited["darknet53"] == ("YOLOv3: An Incremental Improvement", 2018)
    assert cited["cspresnet50"][1] == 2019


def test_the_table_of_sizes_is_whole():
    """Where this fails, sizes.py lacks a line or has one too many."""
    assert set(SIZES) == set(ARCHITECTURES)


@pytest.mark.parametrize("name", NETS)
def test_sizes_are_measured(name):
    assert SIZES.get(name) == measured(ARCHITECTURES.get(name))


@pytest.mark.parametrize("name", ["resnet50", "vgg16", "mobilenet_v2", "cspdarknet53"])
def test_measures_are_those_of_torch(name):
    assert measured(ARCHITECTURES.get(name)) == (
        trainable(empty(name)),
        counted_multiply_adds(empty(name)),
    )


def test_classifiers_of_training_alone_do_not_count():
    net = empty("googlenet")
    assert trainable(net) == 13_378_280
    assert SIZES["googlenet"][0] == trainable(Model(net.input, net.output)) == 6_998_552


def test_a_word_is_of_the_name_or_the_paper():
    assert {row.name for row in list_architectures("DARKNET")} == {"darknet53", "cspdarknet53"}
    assert "resnet50" in {row.name for row in list_architectures("deep residual")}
    assert list_architectures("no such net") == []


def test_a_net_of_the_users_is_measured_then_and_there():
    name = "resnet8_of_this_test"
    Architecture(name, CifarResNet, 1, input_shape=(32, 32, 3), classes=10)
    try:
        (row,) = list_architectures(name)
        assert row.parameters == trainable(empty(name)) < SIZES["resnet20"][0]
        assert row.multiply_adds == counted_multiply_adds(empty(name))
    finally:
        del ARCHITECTURES._entries[name]


def test_as_json():
    (row,) = json.loads(json.dumps([row.to_json() for row in list_architectures("vgg16_bn")]))
    assert row["parameters"] == 138_365_992
    assert row["input_shape"] == [224, 224, 3]
