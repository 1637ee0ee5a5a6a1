"""The net of a run: from scratch, or the layers of a base with a new last one."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from striate.architectures import ARCHITECTURES
from striate.data import ArraySource
from striate.errors import ArgumentError
from striate.models import Backbone
from striate.records import Preprocess
from striate.tasks.config import resolve_config
from striate.tasks.nets.building import DROPOUT, HEAD, built_net
from striate.tasks.nets.choice import NetChoice, choose_net
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.parts import ClassData, Part


def data_of(side=16, *, several=False):
    labels = np.arange(6) % 3
    if several:
        labels = np.eye(3, dtype=np.uint8)[labels]
    pixels = np.zeros((6, side, side, 3), np.uint8)
    part = Part(ArraySource(pixels), labels, range(6))
    parts = {"train": part, "validation": part}
    return ClassData("pets", ("a", "b", "c"), Preprocess((side, side), channels=3), parts, {}, ())


def built(data, **options):
    said = TrainOptions(**options)
    choice = choose_net(said)
    config, _ = resolve_config(said, data, precision="float32", net=choice)
    return built_net(data, config, choice), choice


def test_a_net_of_a_paper_is_the_papers_own():
    net, _ = built(data_of(), model="resnet20")
    plain = ARCHITECTURES.get("resnet20")((16, 16, 3), 3)
    assert net.state_dict().keys() == plain.state_dict().keys()
    assert net(torch.rand(2, 16, 16, 3)).sum(1).tolist() == pytest.approx([1, 1])
    several, _ = built(data_of(several=True), model="resnet20")
    assert several(torch.rand(2, 16, 16, 3)).sum(1).tolist() != pytest.approx([1, 1])


def test_the_seed_decides_random_weights_and_torch_is_left_alone():
    state = torch.random.get_rng_state()
    nets = [built(data_of(), model="resnet20", seed=seed)[0] for seed in (1, 1, 2)]
    assert torch.equal(torch.random.get_rng_state(), state)
    kernels = [next(net.parameters()) for net in nets]
    assert kernels[0].equal(kernels[1])
    assert not kernels[0].equal(kernels[2])


def test_a_base_keeps_layers_stages_and_origin_and_begins_undecided(small_base):
    net, choice = built(data_of(), model="resnet20", weights=str(small_base))
    assert isinstance(net, Backbone)
    assert list(net.stages) == list(choice.base.stages)
    assert net.origin.architecture == "resnet20"
    below = choice.base.net((16, 16, 3))
    x = torch.rand(2, 16, 16, 3)
    assert net.get_layer(DROPOUT).input.shape == (None, 64)
    assert net(x).flatten().tolist() == pytest.approx([1 / 3] * 6)
    same = [name for name in below.state_dict() if name in net.state_dict()]
    assert len(same) == len(below.state_dict())
    assert all(net.state_dict()[name].equal(below.state_dict()[name]) for name in same)
    assert net.get_layer(HEAD).count_params() == 3 * 65


def test_a_net_without_probabilities_is_refused():
    resnet = ARCHITECTURES.get("resnet20")

    def make(variant, options):
        return resnet.make(variant, replace(options, classifier_activation=None))

    odd = NetChoice(replace_without_registering(resnet, make))
    config, _ = resolve_config(TrainOptions(), data_of(), precision="float32", net=odd)
    with pytest.raises(ArgumentError, match="`model` must end in softmax, to give probabilities"):
        built_net(data_of(), config, odd)


def replace_without_registering(architecture, make):
    """The same architecture with another maker, unknown to the table."""
    twin = object.__new__(type(architecture))
    for name, value in vars(architecture).items():
        object.__setattr__(twin, name, value)
    object.__setattr__(twin, "make", make)
    return twin
