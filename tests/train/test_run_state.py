"""The state of a run as files: a closed form with a version, and only into the run it is of."""

import copy
import json

import pytest
import torch
from torch import nn

from striate.errors import WeightsError
from striate.io.generations import Generations
from striate.train import History, TrainStep, WeightAverage
from striate.train.run_state import Cursor, RunParts, put_back, read_state, state_of
from striate.train.totals import OutputMetrics, Totals
from tests.train.stopping import MSE, life


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    life(folder)
    return dict(Generations(folder).newest().files)


def changed(files, change):
    record = json.loads(files["state.json"])
    change(record)
    return {**files, "state.json": json.dumps(record).encode()}


def test_a_state_is_read_as_it_was_written(files):
    state = read_state("here", files)
    assert (state.seed, state.cursor) == (3, Cursor(3, 0, 15))
    assert state.sections["average"] is None
    assert sorted(state.sections["optimizer"]) == ["groups", "parameters", "state"]
    assert sorted(state.sections["run"]) == [
        "best",
        "callbacks",
        "epoch_generators",
        "extras",
        "generators",
        "history",
        "stop_training",
        "totals",
    ]
    text, tensors = state.taken_apart()
    assert json.loads(text) == json.loads(files["state.json"])
    assert tensors.keys() == files.keys() - {"state.json"}


def test_a_newer_version_is_named(files):
    newer = changed(files, lambda record: record.update(format=2))
    with pytest.raises(WeightsError, match=r"here: must have a state of version 1 at most\. Got v"):
        read_state("here", newer)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("cursor"),
        lambda record: record["cursor"].update(epoch="two"),
        lambda record: record["cursor"].update(epoch=-1),
        lambda record: record["cursor"].update(place=1),
        lambda record: record["state"].pop("run"),
        lambda record: record["state"].update(model={"record": {"w": {"tensor": "none"}}}),
        lambda record: record.pop("scope"),
        lambda record: record.update(format="one") or record.pop("state"),
    ],
)
def test_another_content_is_refused(files, change):
    with pytest.raises(WeightsError, match="here: must hold the state of a run as striate wrote"):
        read_state("here", changed(files, change))


def test_other_files_are_refused(files):
    for odd in ({}, {"state.json": b"{"}, {"state.json": files["state.json"]}):
        with pytest.raises(WeightsError, match="must hold the state of a run as striate wrote it"):
            read_state("here", odd)


def parts(net, **options):
    optimizer = torch.optim.Adam(net.parameters(), 0.05)
    step = TrainStep(net, MSE, optimizer)
    return RunParts(step, Totals(OutputMetrics(), step.world), History(), **options)


def net(width=4):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(1, width), nn.BatchNorm1d(width), nn.Linear(width, 1))


def test_it_is_copied_into_the_tensors_that_are_there():
    first, second = parts(net()), parts(net())
    with torch.no_grad():
        first.step.model[0].weight.add_(1.0)
        first.step.model[1].running_mean.add_(1.0)
    held = {name: tensor.data_ptr() for name, tensor in second.step.model.state_dict().items()}
    state = state_of(first, Cursor(), configuration={}, scope={})
    put_back(second, copy.deepcopy(state), place="here")
    after = second.step.model.state_dict()
    assert {name: tensor.data_ptr() for name, tensor in after.items()} == held
    assert all(torch.equal(after[n], t) for n, t in first.step.model.state_dict().items())


def test_another_model_is_refused():
    state = state_of(parts(net()), Cursor(), configuration={}, scope={})
    with pytest.raises(WeightsError, match=r"must hold this model's tensors\. Got a diff"):
        put_back(parts(net(5)), state, place="here")
    with pytest.raises(WeightsError, match="must hold this model's tensors"):
        put_back(parts(net().double()), state, place="here")


def test_average_history_extras_and_best_come_back():
    made = net()
    first = parts(made, average=WeightAverage(made, 0.5), extras={"oom": 2}, best=0.25)
    with torch.no_grad():
        made[0].weight.add_(1.0)
    first.average.update()
    first.history.add(0, {"loss": 0.5})
    state = state_of(first, Cursor(1), configuration={}, scope={})
    other = net()
    second = parts(other, average=WeightAverage(other, 0.9), extras={"old": 1})
    second.history.add(0, {"loss": 9.0, "else": 1.0})
    assert put_back(second, state, place="here") == []
    assert second.average.decay == 0.5
    assert second.average.updates == 1
    assert torch.equal(second.average.averages["0.weight"], first.average.averages["0.weight"])
    assert (second.extras, second.best) == ({"oom": 2}, 0.25)
    assert second.history.history == {"loss": [0.5]}
    assert second.history.epoch == [0]
