"""VGG: the counts of the paper, of Keras and of torchvision, the table's shapes, its cost."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import vgg11
from striate.errors import ShapeError

COUNTS = {
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "vgg11_bn": 132_868_840,
    "vgg16_bn": 138_365_992,
}
TABLE_2 = {"vgg11": 133, "vgg13": 133, "vgg16": 138, "vgg19": 144}  # millions
KERAS_WITHOUT_TOP = {"vgg16": 14_714_688, "vgg19": 20_024_384}
BILLIONS = {"vgg11": 7.61, "vgg13": 11.31, "vgg16": 15.47, "vgg19": 19.63}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_of_torchvision(name):
    for dialect in ("paper", "torchvision"):
        assert trainable(empty(name, dialect)) == COUNTS[name]


@pytest.mark.parametrize("name", TABLE_2)
def test_counts_of_table_2(name):
    assert round(trainable(empty(name)) / 1e6) == TABLE_2[name]


@pytest.mark.parametrize("name", KERAS_WITHOUT_TOP)
def test_counts_of_keras(name):
    net, bare = empty(name, "keras"), empty(name, "keras", include_top=False)
    assert total(net) == trainable(net) == COUNTS[name]
    assert total(bare) == KERAS_WITHOUT_TOP[name]


@pytest.mark.parametrize("name", BILLIONS)
def test_multiply_adds(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(BILLIONS[name], abs=0.005)


def test_stages_of_table_1():
    wanted = {
        "block1": (None, 112, 112, 64),
        "block2": (None, 56, 56, 128),
        "block3": (None, 28, 28, 256),
        "block4": (None, 14, 14, 512),
        "block5": (None, 7, 7, 512),
    }
    assert empty("vgg11").stages == empty("vgg19_bn").stages == wanted


def test_layers_with_weights_give_the_number():
    for name in TABLE_2:
        with_weights = [layer for layer in empty(name).layers if layer.weights]
        assert len(with_weights) == int(name.removeprefix("vgg"))


def test_any_size_where_no_dense_layer_stands_on_the_map():
    bare = empty("vgg16", input_shape=(None, None, 1), include_top=False)
    assert bare.output.shape == (None, None, None, 512)
    theirs = empty("vgg16", "torchvision", input_shape=(None, None, 3))
    assert theirs.output.shape == (None, 1000)
    with pytest.raises(ShapeError, match=r'Dense "fc1": .* must have a known last axis'):
        vgg11((None, None, 3))
