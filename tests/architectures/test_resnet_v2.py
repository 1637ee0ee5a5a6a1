"""ResNet v2: the counts of the paper, of Keras and of timm, the table's shapes, its cost."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

TIMM = {"resnet50_v2": 25_549_352, "resnet101_v2": 44_541_480, "resnet152_v2": 60_185_128}
KERAS = {  # total, trainable, without top
    "resnet50_v2": (25_613_800, 25_568_360, 23_564_800),
    "resnet101_v2": (44_675_560, 44_577_896, 42_626_560),
    "resnet152_v2": (60_380_648, 60_236_904, 58_331_648),
}
BILLIONS = {"resnet50_v2": 3.86, "resnet101_v2": 7.57, "resnet152_v2": 11.28, "resnet200_v2": 14.78}
DIALECTS = ("paper", "keras", "timm")


@pytest.mark.parametrize("name", TIMM)
def test_counts_of_timm(name):
    assert trainable(empty(name, "timm")) == trainable(empty(name)) == TIMM[name]


@pytest.mark.parametrize("name", KERAS)
def test_counts_of_keras(name):
    net, bare = empty(name, "keras"), empty(name, "keras", include_top=False)
    assert (total(net), trainable(net), total(bare)) == KERAS[name]


def test_counts_of_table_4():
    assert trainable(empty("resnet164_v2")) == 1_703_258
    assert trainable(empty("resnet1001_v2")) == 10_327_706  # "10.2M"


@pytest.mark.parametrize("name", BILLIONS)
def test_multiply_adds(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(BILLIONS[name], abs=0.005)


def test_keras_strides_a_block_earlier_and_timm_a_convolution_later():
    billions = [multiply_adds(empty("resnet50_v2", d)) / 1e9 for d in DIALECTS]
    assert billions == pytest.approx([3.86, 3.48, 4.09], abs=0.005)


def test_the_layers_of_the_name():
    for name, layers in (("resnet200_v2", 200), ("resnet164_v2", 164), ("resnet1001_v2", 1001)):
        found = [key for key in empty(name).layer_names if key.endswith("_conv")]
        shortcuts = [key for key in found if key.endswith("_0_conv")]
        assert len(found) - len(shortcuts) + 1 == layers
        assert all(key.partition("_")[2].startswith("block1_") for key in shortcuts)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stages(dialect):
    stages = empty("resnet101_v2", dialect).stages
    wide = {
        "conv1": (112, 64),
        "conv2": (56, 256),
        "conv3": (28, 512),
        "conv4": (14, 1024),
        "conv5": (7, 2048),
    }
    assert stages == {name: (None, side, side, c) for name, (side, c) in wide.items()}


def test_stages_of_small_pictures():
    small = {"conv2": (None, 32, 32, 64), "conv3": (None, 16, 16, 128), "conv4": (None, 8, 8, 256)}
    assert empty("resnet164_v2").stages == small


def test_nothing_stands_on_the_path_of_the_shortcut():
    net = empty("resnet164_v2")
    added = [name for name in net.layer_names if name.endswith("_out")]
    assert len(added) == 54
    after = [net.layer_names[net.layer_names.index(name) + 1] for name in added]
    assert all(name.endswith(("_preact_bn", "post_bn")) for name in after)


def test_any_size_and_channels():
    net = empty("resnet50_v2", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["conv5"] == (None, None, None, 2048)
