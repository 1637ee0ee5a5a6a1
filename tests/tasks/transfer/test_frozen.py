"""Which stages are frozen, and that no normalisation of the base moves."""

import pytest
import torch

from striate.architectures import resnet20
from striate.errors import ArgumentError
from striate.layers import BatchNormalization
from striate.models import layers_by_stage
from striate.tasks.nets.base import open_base
from striate.tasks.transfer.frozen import ALL, NONE, checked_stage, early_stage, freeze


@pytest.mark.parametrize(
    ("strides", "wanted"),
    [
        ([2.0, 4.0, 8.0], "s1"),
        ([4.0, 8.0], "s0"),
        ([8.0, 16.0], NONE),
        ([1.0, 2.0], "s1"),
    ],
)
def test_the_large_maps_are_early(strides, wanted):
    assert early_stage({f"s{n}": stride for n, stride in enumerate(strides)}) == wanted


@pytest.mark.parametrize("stage", [NONE, "conv2", "conv3", ALL])
def test_what_is_frozen(small_base, stage):
    net = open_base(resnet20, str(small_base)).net((16, 16, 3))
    freeze(net, stage)
    parts = layers_by_stage(net)
    names = list(parts)
    last = {NONE: -1, ALL: len(names)}.get(stage)
    last = names.index(stage) if last is None else last
    for place, layers in enumerate(parts.values()):
        for layer in layers[: -1 if place == len(names) - 1 else None]:
            if isinstance(layer, BatchNormalization):
                assert not layer.trainable
            elif list(layer.parameters()):
                assert layer.trainable == (place > last)


def test_statistics_stay_and_are_used_in_training(small_base):
    net = open_base(resnet20, str(small_base)).net((16, 16, 3))
    freeze(net, NONE)
    x = torch.rand(4, 16, 16, 3)
    quiet = net(x)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    assert torch.equal(net(x, training=True), quiet)
    assert all(value.equal(before[name]) for name, value in net.state_dict().items())


def test_an_unknown_stage_names_them_all():
    stages = {"conv2": 1.0, "conv3": 2.0}
    assert [checked_stage(each, stages) for each in ("all", "none", "conv3")]
    words = '`freeze_until` must be all, none, or a stage: conv2, conv3. Got .*mean "conv3"'
    with pytest.raises(ArgumentError, match=words):
        checked_stage("cnv3", stages)
