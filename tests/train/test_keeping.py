"""The loop saves and goes on: from any step, by any rule, with any batches, bit for bit."""

import errno
import os

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from striate.errors import ArgumentError, DivergedError, WeightsError
from striate.io.generations import Generations
from striate.train import TrainStep, engine
from striate.train.callbacks import Callback, EarlyStopping
from striate.train.iterables import IterableBatches
from striate.train.keeping import RunKeeper
from tests.train.stopping import EPOCHS, MSE, PARTS, STEPS, Stop, Stopper, X, life, same


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return life(tmp_path_factory.mktemp("whole"))


@settings(max_examples=15)
@given(
    stops=st.lists(st.integers(0, EPOCHS * STEPS - 1), min_size=1, max_size=3),
    every=st.sampled_from([1, 2, 3, 7, "epoch", ("epoch", 4), "1h"]),
)
def test_a_run_that_is_stopped_anywhere_goes_on(whole, tmp_path_factory, stops, every):
    folder = tmp_path_factory.mktemp("run")
    for stop in stops:
        try:
            life(folder, every=every, callbacks=[Stopper(step=stop)])
        except Stop:
            continue
    assert same(life(folder, every=every), whole)


def test_a_validation_that_is_stopped_is_made_again(tmp_path):
    runs = []
    for name, lives in (("whole", (None,)), ("stopped", (1, 2, None))):
        for stop in lives:
            asked = []

            def validate(stop=stop, asked=asked):
                asked.append(1)
                if len(asked) == stop:
                    raise Stop
                return {"loss": float(torch.rand(()))}  # draws from torch's generator

            try:
                runs.append(life(tmp_path / name, every=STEPS, validate=validate))
            except Stop:
                continue
    assert same(*runs)


def test_a_shuffling_dataloader_goes_on_too(tmp_path):
    def loader():
        return IterableBatches(DataLoader(TensorDataset(X, 3 * X + 1), 4, shuffle=True))

    whole = life(tmp_path / "whole", batches=loader())
    said = []
    for stop in (7, 3):
        with pytest.raises(Stop):
            life(tmp_path / "run", batches=loader(), callbacks=[Stopper(step=stop)])
    assert same(life(tmp_path / "run", batches=loader(), said=said), whole)
    (words,) = [each for each in said if "iterable" in each]
    assert words == "The iterable has no place to go on from: 3 batches are read and skipped."


def test_more_epochs_go_on_from_the_end(tmp_path, whole):
    life(tmp_path, epochs=1)
    life(tmp_path, epochs=2)
    assert same(life(tmp_path), whole)
    said = []
    assert same(life(tmp_path, said=said), whole)  # nothing is left to do
    assert said[0].startswith(f"The run goes on after the end of epoch {EPOCHS}, as saved in Check")
    with pytest.raises(ArgumentError, match="fit: `epochs` must reach the epoch at which the run"):
        life(tmp_path, epochs=2)


def test_fewer_epochs_than_begun_are_refused(tmp_path):
    with pytest.raises(Stop):
        life(tmp_path, callbacks=[Stopper(step=STEPS + 3)])
    with pytest.raises(ArgumentError, match=r"goes on, here 2\. Got epochs=1"):
        life(tmp_path, epochs=1)


def test_a_seed_that_was_drawn_is_kept(tmp_path):
    with pytest.raises(Stop):
        life(tmp_path, seed=None, callbacks=[Stopper(step=4)])
    first = Generations(tmp_path).newest()
    step, _ = life(tmp_path, seed=None)
    assert f'"seed": {step.seed}' in first.files["state.json"].decode()
    with pytest.raises(ArgumentError, match=r"seed: \d+ → 5"):
        life(tmp_path, seed=5, epochs=EPOCHS + 1)


def test_a_run_that_stopped_early_stays_stopped(tmp_path):
    class Enough(Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 0

    for _ in range(2):
        _, history = life(tmp_path, callbacks=[Enough()])
        assert history.epoch == [0]


def test_the_last_save_is_the_last_good_one(tmp_path):
    class Poison(Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 3:
                with torch.no_grad():
                    self.model[0].weight.fill_(float("nan"))

    with pytest.raises(DivergedError):
        life(tmp_path, every=1, callbacks=[Poison()])
    state = Generations(tmp_path).newest().files["model.safetensors"]
    assert all(tensor.isfinite().all() for tensor in state.values())
    assert Generations(tmp_path).newest().number == 3


def test_a_state_that_is_no_data_is_refused_before_the_first_step(tmp_path):
    class Keeps(Callback):
        def state_dict(self):
            return {"thing": object()}

        def on_epoch_begin(self, epoch, logs=None):
            raise AssertionError("too late")

    with pytest.raises(ArgumentError, match=r"fit: `state` must be made of numbers.*thing: object"):
        life(tmp_path, callbacks=[Keeps()])


def test_a_disk_that_refuses_ends_the_run_and_leaves_the_last_save(tmp_path, monkeypatch):
    written, fsync = [], os.fsync

    def full(handle):
        written.append(handle)
        if len(written) > 60:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WeightsError, match="No space left on device"):
        life(tmp_path, every=1, epochs=50)
    monkeypatch.undo()
    newest = Generations(tmp_path).newest()
    assert newest.number > 0
    assert newest.notes == ()


def test_the_best_epoch_is_kept(tmp_path):
    told = Losses([3.0, 1.0, 2.0, 4.0, 5.0])
    life(tmp_path, every="epoch", epochs=5, callbacks=[told], validate=told.validate)
    generations = Generations(tmp_path)
    assert generations.newest().number == 5 * STEPS
    assert generations.best().number == 2 * STEPS


def test_callbacks_get_their_state_by_class_and_order(tmp_path):
    class Counts(Callback):
        def __init__(self, by):
            self.count, self.by = 0, by

        def settings(self):
            return None

        def on_train_batch_end(self, batch, logs=None):
            self.count += self.by

        def state_dict(self):
            return {"count": self.count}

        def load_state_dict(self, state):
            self.count = state["count"]

    with pytest.raises(Stop):
        life(tmp_path, every=1, callbacks=[Counts(1), Stopper(step=7), Counts(10)])
    first, second = Counts(1), Counts(10)
    life(tmp_path, every=1, callbacks=[first, second])
    assert (first.count, second.count) == (EPOCHS * STEPS, 10 * EPOCHS * STEPS)
    said = []
    life(tmp_path, every=1, said=said)
    assert "The state of the callback Counts is left out, as it is not among the callbacks." in said


class Losses(Callback):
    """The losses of a validation by the number of the epoch."""

    def __init__(self, losses):
        self.losses, self.epoch = losses, -1

    def settings(self):
        return None

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def validate(self):
        return {"loss": self.losses[self.epoch]}


def test_early_stopping_goes_on_with_its_best_weights(tmp_path):
    runs = []
    for name, stops in (("whole", [None]), ("run", [2, 3, None])):
        for stop in stops:
            stopping = EarlyStopping(patience=3, restore_best_weights=True)
            told = [Losses([3.0, 1.0, 2.0, 2.5, 2.25, 9.0]), stopping, Stopper(epoch=stop)]
            try:
                runs.append(
                    life(
                        tmp_path / name,
                        every="epoch",
                        epochs=6,
                        callbacks=told,
                        validate=told[0].validate,
                    )
                )
            except Stop:
                continue
            assert (stopping.stopped_epoch, stopping.best_epoch) == (4, 1)
    assert same(*runs)


def test_a_keeper_of_nothing_is_idle():
    keeper = RunKeeper()
    assert not keeper.is_needed
    net = nn.Linear(1, 1)
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.1))
    engine.fit(step, IterableBatches(PARTS), epochs=1, keeper=keeper)
    assert keeper.cursor.updates == 0
