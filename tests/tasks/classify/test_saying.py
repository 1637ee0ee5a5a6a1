"""What a training says that it will do."""

from dataclasses import replace

import pytest
import torch

from striate.architectures import ARCHITECTURES
from striate.tasks.classify.fitting import compiled_net
from striate.tasks.classify.saying import net_sentence, plan_sentences, rate_sentence
from striate.tasks.config import resolve_config
from striate.tasks.nets.choice import CONVNET, NetChoice
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.train import LearningRateSweep

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def digits():
    return open_class_data("digits", TrainOptions())


def test_net_and_plan(digits):
    options = TrainOptions(epochs=3, batch_size=100, early_stop=2, balance="sampling", ema=0.9)
    config, _ = resolve_config(options, digits, precision="float32")
    net = compiled_net(digits, config, CPU)
    said = net_sentence(net, digits, CONVNET)
    assert "from 8 × 8 × 1 down to 4 × 4; 66,218 parameters, 10 classes." in said
    pictures, plan = plan_sentences(config, digits, CPU, asked="auto")
    assert pictures.startswith("Each epoch the pictures anew: Moved by")
    assert plan.startswith("Training: at most 3 epochs of 13 steps, batches of 100, sgd, learning")
    assert "float32 (chosen by auto)" in plan
    assert "With weights averaged with decay 0.9, every class drawn equally often, an end" in plan


def test_a_plain_plan_says_no_more(digits):
    options = TrainOptions(epochs=1, augment="none", ema=False)
    config, _ = resolve_config(options, digits, precision="float32")
    pictures, plan = plan_sentences(config, digits, CPU, asked="float32")
    assert pictures == "Pictures are trained on as they are."
    assert plan.startswith("Training: 1 epoch of ")
    assert plan.endswith("seed 0.")


def test_a_net_of_a_paper_is_named(digits):
    choice = NetChoice(ARCHITECTURES.get("resnet20"))
    config, _ = resolve_config(TrainOptions(model="resnet20"), digits, precision="float32")
    net = compiled_net(digits, config, CPU, choice)
    said = net_sentence(net, digits, choice)
    assert said.startswith("Net: resnet20, as said, with random weights, from 8 × 8 × 1; ")


def test_both_phases_are_told(digits):
    config, _ = resolve_config(TrainOptions(augment="none"), digits, precision="float32")
    more = {"weights": "imagenet", "head_epochs": 7, "head_learning_rate": 0.01}
    config = replace(config, **more, depth_decay=0.5, epochs=2)
    _, first, second = plan_sentences(config, digits, CPU, asked="float32")
    assert first.startswith("First the last layer alone, on features that are computed once")
    assert first.endswith("not smoothed: 7 epochs, adamw, learning rate up to 0.01.")
    assert second.startswith("Then 2 epochs of ")
    assert " and 0.5 times that for each stage below, one-cycle" in second
    assert plan_sentences(replace(config, epochs=0), digits, CPU, asked="float32") == [first]


def test_rates():
    found = LearningRateSweep((0.1,), (1.0,), (1.0,), 0.0123)
    assert rate_sentence(found, 0.0123).startswith("Learning rate: 0.0123, a tenth of where")
    none = LearningRateSweep((0.1,), (1.0,), (1.0,), None)
    assert "found none, as the loss never fell; 0.05 is taken" in rate_sentence(none, 0.05)
