"""The settings of a run as JSON, and how two runs differ: name by name."""

import dataclasses
import functools
import json

import numpy as np
import pytest
import torch
from torch import nn

import striate
from striate import layers, optimizers
from striate.errors import ArgumentError
from striate.losses import MeanSquaredError
from striate.records import Batch, Boxes, Preprocess
from striate.train import Criterion, TrainStep
from striate.train.callbacks import EarlyStopping, LearningRateScheduler, ProgressBar
from striate.train.configuration import (
    batch_hash,
    configuration_of,
    differences,
    plain,
    require_same,
)
from striate.train.totals import OutputMetrics

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])


def step(net=None, optimizer=None, **options):
    net = net or nn.Linear(2, 1)
    optimizer = optimizer or torch.optim.SGD(net.parameters(), 0.1)
    return TrainStep(net, MSE, optimizer, **options)


def settings(made, callbacks=(), **more):
    return configuration_of(made, OutputMetrics(), callbacks, more=more)


def test_a_configuration_is_json_and_the_same_twice():
    net = striate.Sequential([layers.Conv2D(2, 3, input_shape=(5, 5, 1)), layers.Flatten()])
    adam = optimizers.Adam(optimizers.schedules.CosineDecay(0.1, 10))
    adam.bind(net.parameters())
    found = settings(step(net, adam, seed=4), [EarlyStopping(patience=3)], data={"samples": 3})
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["seed"] == 4
    assert found["optimizer"]["learning_rate"]["class_name"] == "CosineDecay"
    assert found["callbacks"][0][0] == "EarlyStopping"
    assert found == settings(
        step(net, adam, seed=4), [EarlyStopping(patience=3)], data={"samples": 3}
    )
    require_same("here", found, found)


def net(filters=2, *, use_bias=True, trainable=True):
    return striate.Sequential(
        [layers.Conv2D(filters, 3, use_bias=use_bias, input_shape=(5, 5, 1), trainable=trainable)]
    )


@pytest.mark.parametrize(
    "other",
    [
        lambda: net(3),
        lambda: net(use_bias=False),
        lambda: net().double(),
        lambda: striate.Sequential([*net().layers, layers.Activation("relu")]),
    ],
)
def test_another_model_is_seen(other):
    rows = differences(*(settings(step(each)) for each in (net(), other())))
    assert any(row.startswith("model.sha256: ") for row in rows)


def test_frozen_weights_are_seen():
    frozen = net()
    next(frozen.parameters()).requires_grad_(False)
    assert "model.trainable: 2 → 1" in differences(settings(step(net())), settings(step(frozen)))


def test_modules_of_torch_are_told_by_their_words():
    one, two = (nn.Sequential(nn.Linear(2, 2), nn.Dropout(rate)) for rate in (0.1, 0.2))
    (row,) = differences(settings(step(one)), settings(step(two)))
    assert row.startswith("model.sha256: ")


def test_each_setting_of_a_step_counts():
    first, held = step(), nn.Linear(2, 1)
    rows = differences(
        settings(first),
        settings(
            step(
                held,
                torch.optim.SGD(held.parameters(), 0.2, momentum=0.5),
                precision="bfloat16",
                accumulate=2,
                seed=1,
                preprocess=Preprocess(scale=0.5),
            )
        ),
    )
    names = [row.split(":")[0] for row in rows]
    assert "optimizer.groups.0.momentum" in names
    assert "optimizer.groups.0.learning_rate: 0.1 → 0.2" in rows
    assert {"precision", "accumulate", "seed", "preprocess.scale"} <= set(names)


def test_a_rate_that_the_run_has_changed_is_no_setting():
    first, second = step(), step()
    second.model(torch.ones(1, 2)).sum().backward()
    second.optimizer.param_groups[0]["momentum"] = 0.0
    second.optimizer.state[second.model.weight] = {"step": 1}
    second.optimizer.param_groups[0]["lr"] = 0.01
    assert differences(settings(first), settings(second)) == []
    ours = []
    for updates in (0, 1):
        model, sgd = nn.Linear(2, 1), optimizers.SGD(0.1)
        sgd.bind(model.parameters())
        for _ in range(updates):
            sgd.step()
            sgd.learning_rate = 0.05
        ours.append(settings(step(model, sgd)))
    assert differences(*ours) == []


def test_callbacks_that_watch_may_come_and_go():
    watched = settings(step(), [ProgressBar()])
    assert differences(settings(step()), watched) == []
    stopping = [settings(step(), [EarlyStopping(patience=p)]) for p in (1, 2)]
    assert differences(*stopping) == ["callbacks.0.1.patience: 1 → 2"]
    named = settings(step(), [LearningRateScheduler(abs)])
    assert differences(settings(step()), named)


class Odd:
    pass


@dataclasses.dataclass
class Pair:
    first: int
    second: tuple


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("inf"), "inf"),
        (abs, "abs"),
        (Odd, "Odd"),
        (Odd(), {"class_name": "Odd"}),
        (Pair(1, (2, 3)), {"class_name": "Pair", "first": 1, "second": [2, 3]}),
        ({1: "a"}, {"1": "a"}),
        (functools.partial(abs, 3), {"class_name": "abs", "arguments": [[3], {}]}),
        ([].append, "list.append"),
        (MSE.check_targets, {"class_name": "Criterion.check_targets", "of": plain(MSE)}),
    ],
)
def test_everything_has_a_plain_form(value, text):
    assert plain(value) == text
    json.dumps(plain(value), allow_nan=False)


def test_tensors_are_told_by_their_content():
    assert plain(torch.zeros(2)) == plain(torch.zeros(2)) != plain(torch.ones(2))


def test_batches_are_told_apart_by_every_part():
    images, targets = torch.zeros(2, 3), torch.tensor([0, 1])
    boxes = Boxes(torch.zeros(2, 1, 4), torch.zeros(2, 1), torch.ones(2, 1, dtype=torch.bool))
    hashes = [
        batch_hash(Batch(images, targets)),
        batch_hash(Batch(images + 1, targets)),
        batch_hash(Batch(images, targets.flip(0))),
        batch_hash(Batch(images, targets, torch.ones(2))),
        batch_hash(Batch(images.double(), targets)),
        batch_hash(Batch({"a": images}, [boxes])),
        batch_hash(Batch(images.reshape(2, 3, 1), targets)),
    ]
    assert len(set(hashes)) == len(hashes)
    assert batch_hash(Batch(images, targets, sample_ids=targets)) == hashes[0]
    assert batch_hash(Batch(torch.from_numpy(np.zeros((3, 2), "float32")).T, targets)) == hashes[0]


def test_other_settings_are_refused_with_both_sides():
    was = {"seed": 1, "data": {"samples": 10, "shuffle": True}}
    now = {"seed": 2, "data": {"samples": 10}}
    words = r"`resume` must go on with the settings of Checkpoint \"x\"\. Got resume='seed: 1 → 2; "
    with pytest.raises(ArgumentError, match=words + r"data\.shuffle: true → none'\. Give the set"):
        require_same('Checkpoint "x"', was, now)
    many = {str(n): n for n in range(20)}
    with pytest.raises(ArgumentError, match="7: 7 → none; and 12 more"):
        require_same("x", many, {})
    long = {"words": "w" * 100}
    assert differences(long, {}) == [f'words: "{"w" * 56}… → none']


def test_of_another_version_only_what_both_know_is_compared():
    was = {"model": {"sha256": "a", "layers": 2}, "graph": "b", "seed": 1, "gone": True}
    now = {"model": {"sha256": "c", "layers": 2}, "graph": "d", "seed": 2, "new": "x"}
    assert differences(was, now, same_version=False) == ["seed: 1 → 2"]
    assert len(differences(was, now)) == 5
