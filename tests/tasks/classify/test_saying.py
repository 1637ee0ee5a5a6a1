"""What a training says that it will do."""

import pytest
import torch

from striate.tasks.classify.fitting import compiled_net
from striate.tasks.classify.saying import net_sentence, plan_sentences, rate_sentence
from striate.tasks.config import resolve_config
from striate.tasks.nets.choice import CONVNET
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


def test_rates():
    found = LearningRateSweep((0.1,), (1.0,), (1.0,), 0.0123)
    assert rate_sentence(found, 0.0123).startswith("Learning rate: 0.0123, a tenth of where")
    none = LearningRateSweep((0.1,), (1.0,), (1.0,), None)
    assert "found none, as the loss never fell; 0.05 is taken" in rate_sentence(none, 0.05)
