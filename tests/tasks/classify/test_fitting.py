"""How a net is fitted: what the settings say is what the optimizer, loss and batches do."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from striate import optimizers
from striate.tasks.classify.fitting import (
    augmentation,
    compiled_net,
    fit,
    search_rate,
    training_batches,
)
from striate.tasks.config import resolve_config
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.run.run_log import RunLog, read_events

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def digits():
    return open_class_data("digits", TrainOptions())


@pytest.fixture
def config(digits):
    """config(**options): the settings of a training on the digits."""

    def make(**options):
        given = {"epochs": 2, "batch_size": 64, **options}
        return resolve_config(TrainOptions(**given), digits, precision="float32")[0]

    return make


def test_norms_and_biases_do_not_decay(digits, config):
    net = compiled_net(digits, config(optimizer="adamw", weight_decay=0.3), CPU)
    net.fit(training_batches(digits, config()), epochs=1, verbose=0, seed=0)
    decays = {
        id(parameter): group["weight_decay"]
        for group in net.optimizer.param_groups
        for parameter in group["params"]
    }
    for name, parameter in net.named_parameters():
        kernel = parameter.dim() >= 2
        assert decays[id(parameter)] == (0.3 if kernel else None), name


@pytest.mark.parametrize(
    ("schedule", "first", "last"),
    [("one-cycle", 0.04, 4e-6), ("cosine", 0.0, 0.0), ("constant", 1.0, 1.0)],
)
def test_schedules_reach_the_peak_and_fall(digits, config, schedule, first, last):
    settings = config(schedule=schedule, learning_rate=1.0, epochs=50)
    net = compiled_net(digits, settings, CPU)
    steps = 50 * training_batches(digits, settings).steps_per_epoch
    plan = net.optimizer.schedule or optimizers.schedules.Constant(net.optimizer.learning_rate)
    rates = [plan(step) for step in range(steps + 1)]
    assert (rates[0], rates[-1]) == pytest.approx((first, last), abs=1e-5)
    assert max(rates) == pytest.approx(1.0, abs=1e-3)


def test_balanced_batches_draw_each_class_equally_often(digits, config):
    labels = digits.parts["train"].labels
    few = np.flatnonzero(labels > 1)[::10]
    chosen = np.sort(np.concatenate([np.flatnonzero(labels <= 1), few]))
    part = digits.parts["train"]
    source = type(part.source)(part.source.source, part.source.numbers[chosen])
    small = replace(part, source=source, labels=labels[chosen])
    data = replace(digits, parts={**digits.parts, "train": small})
    batches = training_batches(data, config(balance="sampling"))
    drawn = torch.cat([batch.targets.argmax(1) for batch in batches.epoch(0)]).bincount()
    assert drawn.max() - drawn.min() <= 1
    plain = torch.cat([b.targets.argmax(1) for b in training_batches(data, config()).epoch(0)])
    assert plain.bincount().max() > 5 * plain.bincount().min()


def test_mixup_joins_the_policy_and_digits_are_not_mirrored(config):
    words = augmentation(config(mixup=0.3, augment="light")).describe()
    assert "Left and right" not in words
    assert len(words.splitlines()) == 2
    assert "Left and right" in augmentation(config(mirror=True)).describe()


def test_class_weights_accumulation_averages_and_early_stopping_train(digits, config, tmp_path):
    settings = config(
        balance="weights", accumulate=2, ema=0.9, early_stop=1, mixup=0.2, epochs=3, filters=8
    )
    net = compiled_net(digits, settings, CPU)
    history = fit(net, digits, settings, folder=tmp_path, log=RunLog(tmp_path))
    assert history.history["val_accuracy"][-1] > 0.2
    assert net.ema.decay == 0.9
    assert (tmp_path / "metrics.jsonl").is_file()
    events = [row["event"] for row in read_events(tmp_path)]
    assert events.count("epoch") == events.count("saved") == len(history.epoch)
    assert (tmp_path / "checkpoints" / "LATEST").is_file()


def test_a_search_leaves_the_net_as_it_is(digits, config):
    net = compiled_net(digits, config(learning_rate="auto", filters=8), CPU)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    sweep = search_rate(net, digits, config(learning_rate="auto", filters=8))
    assert 1e-4 < sweep.suggestion < 1.0
    assert all(value.equal(before[name]) for name, value in net.state_dict().items())


def test_the_seed_decides_the_weights_and_torch_is_left_alone(digits, config):
    state = torch.random.get_rng_state()
    nets = [compiled_net(digits, config(seed=seed), CPU) for seed in (1, 1, 2)]
    assert torch.equal(torch.random.get_rng_state(), state)
    kernels = [next(net.parameters()) for net in nets]
    assert kernels[0].equal(kernels[1])
    assert not kernels[0].equal(kernels[2])
