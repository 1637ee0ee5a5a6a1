"""Inception v3: the counts of Keras, torchvision and timm, the table's shapes, its cost."""

import pytest
import torch
from tests.architectures.measures import counted_multiply_adds, empty, total, trainable

from striate import Model
from striate.architectures import inception_v3
from striate.models.costs import multiply_adds

DIALECTS = ("paper", "keras", "torchvision", "timm")


def main(net):
    """What inference runs."""
    return Model(net.input, net.output)


def test_counts_of_keras():
    net, bare = empty("inception_v3", "keras"), empty("inception_v3", "keras", include_top=False)
    assert (total(net), trainable(net), total(bare)) == (23_851_784, 23_817_352, 21_802_784)


def test_counts_of_torchvision_and_timm():
    net = empty("inception_v3", "torchvision")
    assert (trainable(net), trainable(main(net))) == (27_161_264, 23_834_568)
    assert trainable(empty("inception_v3", "timm")) == 23_834_568


def test_the_papers_net_is_keras_with_a_classifier_beside():
    net = empty("inception_v3")
    beside = 768 * 128 + 128 + 128 * 768 * 25 + 768 + 769 * 1000
    assert trainable(main(net)) == 23_817_352
    assert trainable(net) - trainable(main(net)) == beside == 3_325_800


@pytest.mark.parametrize("dialect", DIALECTS)
def test_multiply_adds(dialect):
    net = empty("inception_v3", dialect)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(5.71, abs=0.005)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stages_of_table_1(dialect):
    wide = {
        "conv3": (147, 64),
        "conv5": (71, 192),
        "mixed2": (35, 288),
        "mixed7": (17, 768),
        "mixed10": (8, 2048),
    }
    stages = empty("inception_v3", dialect).stages
    assert stages == {stage: (None, side, side, c) for stage, (side, c) in wide.items()}


def test_channels_of_every_module():
    net = empty("inception_v3")
    found = [net.get_layer(f"mixed{number}").output.shape[-1] for number in range(11)]
    assert found == [256, 288, 288, 768, 768, 768, 768, 768, 1280, 2048, 2048]


def test_two_convolutions_beside_each_other_in_figure_7():
    net = empty("inception_v3")
    for branch in ("mixed9_branch3x3_2", "mixed10_branch3x3dbl_3"):
        sizes = [net.get_layer(f"{branch}{end}_conv").kernel_size for end in "ab"]
        assert sizes == [(1, 3), (3, 1)]


def test_figure_8():
    net = empty("inception_v3")
    shapes = [
        net.get_layer(f"aux_{name}").output.shape[1:] for name in ("pool", "1_relu", "2_relu")
    ]
    assert shapes == [(5, 5, 768), (5, 5, 128), (1, 1, 768)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_training_alone_has_the_classifier_beside(dialect):
    net = inception_v3((75, 75, 3), 2, dialect=dialect)
    x = torch.rand(2, 75, 75, 3)
    assert net(x).shape == (2, 2)
    trained = net(x, training=True)
    if dialect in ("paper", "torchvision"):
        assert {name: y.shape for name, y in trained.items() if name == "aux"} == {"aux": (2, 2)}
        assert len(trained) == 2
    else:
        assert trained.shape == (2, 2)


def test_any_size_and_channels():
    net = empty("inception_v3", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
    assert empty("inception_v3", input_shape=(150, 75, 3)).stages["mixed10"] == (None, 3, 1, 2048)
