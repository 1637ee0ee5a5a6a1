"""foreign_state: whose names, in which shapes, and what is refused."""

import pytest
import torch

import striate
from striate.architectures import ARCHITECTURES, sketch
from striate.errors import ArgumentError
from striate.models.foreign_state import foreign_state


def test_names_shapes_and_counters():
    net = sketch("mobilenet_v3_small", classes=7, dialect="torchvision")
    state = foreign_state(net, "torchvision")
    assert state["classifier.3.weight"].shape == (7, 1024)
    assert state["features.1.block.1.fc1.weight"].shape == (8, 16, 1, 1)
    counters = [name for name in state if name.endswith("num_batches_tracked")]
    assert len(counters) == sum(name.endswith("running_var") for name in state)
    assert state[counters[0]].dtype == torch.int64
    assert state[counters[0]].shape == ()


def test_two_of_ours_stand_in_one_of_theirs():
    net = ARCHITECTURES.get("cspresnet50")((64, 64, 3), classes=7, dialect="timm")
    state, own = foreign_state(net, "timm"), net.state_dict()
    for kind in ("conv.weight", "bn.running_mean"):
        parts = [own[f"_layers.stage1_{part}_{kind}"] for part in ("past", "through")]
        assert torch.equal(state[f"stages.0.conv_exp.{kind}"], torch.cat(parts))


def test_the_author_of_the_small_nets():
    assert "layer3.2.bn2.num_batches_tracked" in foreign_state(sketch("resnet20"), "akamaster")


@pytest.mark.parametrize(
    ("net", "to", "words"),
    [
        (
            striate.Sequential([striate.layers.Dense(1, input_shape=(2,))]),
            "timm",
            r"be a library that has this very net\. Got to='timm'\. .*model\.save keeps any net",
        ),
        (
            sketch("resnet18"),
            "timm",
            r'computes as resnet18 in dialect "paper"\. .*Its net is resnet18\(dialect="timm"\)',
        ),
        (sketch("vgg11"), "timm", r'be a library that has vgg11\. .*Use "torchvision"'),
        (sketch("resnet18", dialect="timm"), 3, r'Got to=3\. Use "torchvision" or "timm"'),
        (sketch("lenet5"), "timm", r"has lenet5\. .*None is known that has it"),
    ],
)
def test_libraries_without_the_net(net, to, words):
    with pytest.raises(ArgumentError, match=words):
        foreign_state(net, to)


def test_a_weight_that_was_added():
    with torch.device("meta"):
        net = ARCHITECTURES.get("squeezenet")(dialect="torchvision")
        net.more = torch.nn.Linear(2, 3)
    with pytest.raises(ArgumentError, match=r"all weights of the net, and more.weight too"):
        foreign_state(net, "torchvision")
