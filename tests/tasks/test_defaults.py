"""What is chosen where the user leaves it out, for a net with and without weights."""

import pytest

from striate.architectures import resnet20
from striate.errors import ArgumentError
from striate.tasks.defaults import defaults, epochs_for
from striate.tasks.nets.base import open_base
from striate.tasks.nets.choice import CONVNET, NetChoice
from striate.tasks.options import TrainOptions


@pytest.fixture(scope="module")
def weights(small_base):
    return NetChoice(resnet20, open_base(resnet20, str(small_base)))


def test_our_own_net():
    found, reasons = defaults(TrainOptions(), 640, CONVNET)
    assert (found["epochs"], found["batch_size"], found["optimizer"]) == (60, 32, "sgd")
    assert (found["filters"], found["dropout"], reasons) == (32, 0.3, ())
    large, _ = defaults(TrainOptions(), 60_000, CONVNET)
    assert (large["epochs"], large["batch_size"]) == (epochs_for(60_000), 128)
    assert large["learning_rate"] == pytest.approx(2 * found["learning_rate"])


def test_a_papers_net_has_no_filters_and_dropout_of_ours():
    found, _ = defaults(TrainOptions(model="resnet20"), 640, NetChoice(resnet20))
    assert (found["filters"], found["dropout"]) == (None, None)
    assert found["epochs"] == 60


def test_weights_need_few_epochs_at_a_low_rate(weights):
    scratch, _ = defaults(TrainOptions(), 640, CONVNET)
    for pictures in (100, 640, 5_000, 50_000):
        found, _ = defaults(TrainOptions(), pictures, weights)
        assert found["epochs"] < epochs_for(pictures)
        assert found["learning_rate"] < scratch["learning_rate"]
    assert found["weights_sha256"] == weights.base.sha256
    assert (found["pretrained"], found["filters"]) == (True, None)


def test_few_pictures_leave_the_early_stages_alone(weights):
    few, (reason,) = defaults(TrainOptions(), 640, weights)
    many, none = defaults(TrainOptions(), 20_000, weights)
    assert (few["freeze_until"], many["freeze_until"]) == ("conv4", "none")
    assert reason.startswith("Frozen: up to conv4, as edges and colours")
    assert none == ()


def test_the_last_layer_alone_has_no_epochs_of_the_net(weights):
    found, reasons = defaults(TrainOptions(pretrained=True, freeze_until="all"), 640, weights)
    assert (found["epochs"], reasons) == (0, ())
    assert found["head_epochs"] > 0


def test_what_is_said_stands(weights):
    said = {
        "epochs": 3, "batch_size": 8, "optimizer": "sgd", "learning_rate": 0.1, "dropout": 0.5,
        "weight_decay": 0.0, "head_epochs": 7, "head_learning_rate": 0.2, "depth_decay": 0.5,
        "freeze_until": "none",
    }  # fmt: skip
    found, reasons = defaults(TrainOptions(model="resnet20", pretrained=True, **said), 90, weights)
    assert {name: found[name] for name in said} == said
    assert reasons == ()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"filters": 3}, "`filters` must be left out but for convnet"),
        ({"freeze_until": "conv9"}, "`freeze_until` must be all, none, or a stage: conv2, conv3"),
        ({"freeze_until": "all", "epochs": 2}, "`epochs` must be left out where all else is"),
    ],
)
def test_errors_with_weights(weights, options, words):
    with pytest.raises(ArgumentError, match=words):
        defaults(TrainOptions(pretrained=True, **options), 640, weights)


def test_a_papers_net_takes_none_of_ours():
    with pytest.raises(ArgumentError, match="`filters` must be left out for resnet20, which has"):
        defaults(TrainOptions(filters=3), 640, NetChoice(resnet20))
