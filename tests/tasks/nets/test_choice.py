"""Which net the options name, and what is refused."""

import pytest

from striate.architectures import ARCHITECTURES
from striate.errors import ArgumentError
from striate.tasks.nets.choice import CONVNET, choose_net
from striate.tasks.options import TrainOptions


def test_a_net_without_weights():
    assert choose_net(TrainOptions()) == CONVNET
    assert (CONVNET.name, CONVNET.wanted.least_px, CONVNET.base) == ("convnet", 1, None)
    found = choose_net(TrainOptions(model="resnet50"))
    assert found.architecture is ARCHITECTURES.get("resnet50")
    assert (found.name, found.wanted.net, found.wanted.least_px) == ("resnet50", "resnet50", 32)
    assert found.wanted.preprocess is None


def test_weights_bring_their_preprocessing(small_base):
    found = choose_net(TrainOptions(model="resnet20", weights=str(small_base)))
    assert found.base.weights == str(small_base)
    assert found.wanted.preprocess.size == (16, 16)
    assert found.wanted.preprocess.mean == (0.5,)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "resnt50"}, '`model` must be one of "resnet50", .* Did you mean "resnet50"'),
        ({"pretrained": True}, "`model` must name a paper's net where there are weights."),
        ({"model": "convnet", "weights": "x.pth"}, "Say --model efficientnet_lite0, or another"),
        ({"model": "lenet5", "pretrained": True}, "`weights` must be known for lenet5"),
        ({"model": "resnet20", "weights": "imagnet"}, "`weights` must be known for resnet20"),
        ({"freeze_until": "conv2"}, "`freeze_until` must be left out for a net that begins with"),
        ({"model": "resnet20", "head_epochs": 3}, "`head_epochs` must be left out .* --pretrained"),
        (
            {"model": "resnet20", "weights": "x.pth", "learning_rate": "auto"},
            "`learning_rate` must be a number where the net begins with weights",
        ),
    ],
)
def test_errors(options, words):
    with pytest.raises(ArgumentError, match=words):
        choose_net(TrainOptions(**options))
