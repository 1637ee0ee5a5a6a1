"""The loop over any module of torch and any batches: no model, no data set of ours."""

import signal

import numpy as np
import pytest
import torch
from torch import nn

from striate.errors import ArgumentError, DivergedError
from striate.losses import MeanSquaredError
from striate.records import Batch
from striate.train import Criterion, History, TrainStep, engine
from striate.train.callbacks import Callback
from striate.train.iterables import IterableBatches

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])
X = torch.linspace(-1, 1, 20)[:, None]
PARTS = IterableBatches([(X[i : i + 8], 3 * X[i : i + 8] + 1) for i in (0, 8, 16)])


def step(rate=0.3):
    torch.manual_seed(0)
    net = nn.Linear(1, 1)
    return TrainStep(net, MSE, torch.optim.SGD(net.parameters(), rate))


def test_it_learns_a_line():
    made = step()
    history = engine.fit(made, PARTS, epochs=40)
    assert made.model.weight.item() == pytest.approx(3, abs=1e-2)
    assert made.model.bias.item() == pytest.approx(1, abs=1e-2)
    losses = history.history["loss"]
    assert losses[-1] < losses[0] / 1000
    scores = engine.evaluate(made.model, PARTS.epoch(0), MSE)
    assert scores["loss"] == pytest.approx((made.model(X) - 3 * X - 1).square().mean().item())


def test_the_mode_comes_back():
    for training in (True, False):
        made = step()
        made.model.train(training)
        engine.fit(made, PARTS, epochs=1)
        engine.evaluate(made.model, PARTS.epoch(0), MSE)
        engine.predict(made.model, PARTS.epoch(0))
        assert made.model.training is training


def test_a_history_goes_on():
    made, history = step(), History()
    engine.fit(made, PARTS, epochs=2, history=history)
    engine.fit(made, PARTS, epochs=4, initial_epoch=2, history=history)
    assert history.epoch == [0, 1, 2, 3]


def test_ctrl_c_in_the_middle_and_in_the_validation():
    class Presses(Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.steps = batch + 1
            if batch == 1:
                signal.raise_signal(signal.SIGINT)

    presses, made = Presses(), step()
    with pytest.raises(KeyboardInterrupt):
        engine.fit(made, PARTS, epochs=5, callbacks=[presses])
    assert presses.steps == 2
    history = History()

    def validate():
        signal.raise_signal(signal.SIGINT)
        return {"loss": 1.0}

    with pytest.raises(KeyboardInterrupt):
        engine.fit(made, PARTS, epochs=1, validate=validate, history=history)
    assert history.history["val_loss"] == [1.0]


def test_a_batch_is_checked_before_it_is_used():
    def refuse(batch):
        raise ArgumentError("mine")

    made = step()
    before = made.model.weight.clone()
    with pytest.raises(ArgumentError, match="mine"):
        engine.fit(made, PARTS, epochs=1, check=refuse)
    assert torch.equal(before, made.model.weight)


def test_divergence():
    words = r"in epoch \d+, step \d, with the samples .*; .*The update was not made"
    with pytest.raises(DivergedError, match=words):
        engine.fit(step(1e9), PARTS, epochs=50)


def test_predict_fits_the_parts_together(close):
    net = step().model
    wanted = net(X).detach()
    close(engine.predict(net, PARTS.epoch(0)), wanted)
    close(engine.predict(net, PARTS.epoch(0), count=20), wanted)
    close(engine.predict(net, [Batch(X)], count=20), wanted)
    seen = []
    engine.predict(net, PARTS.epoch(0), progress=seen.append)
    assert seen == [8, 8, 4]


def test_predict_never_gives_numbers_that_no_batch_made():
    assert len(engine.predict(step().model, [Batch(X[:8]), Batch(X[8:12])], count=20)) == 12


def test_predict_of_nothing():
    with pytest.raises(ArgumentError, match=r"predict: `x` must hold at least one batch"):
        engine.predict(step().model, [])
    assert isinstance(engine.predict(step().model, [Batch(X)]), np.ndarray)


def test_parts_from_the_first_step_and_sentences_that_stay(caplog):
    """The parts are counted with the run, as those that a lack of memory makes."""

    def trained(**words):
        made = step()
        made.accumulate = words.pop("accumulate", 1)
        batches = IterableBatches([(torch.arange(8.0)[:, None] / 8, torch.ones(8, 1))])
        history = engine.fit(made, batches, epochs=3, **words)
        return made, history

    ours, history = trained(parts=4, notes=["Said at the beginning."])
    theirs, plain = trained(accumulate=4)
    assert ours.accumulate == 4
    assert torch.equal(ours.model.weight, theirs.model.weight)
    assert history.history == plain.history
    assert history.notes == ["Said at the beginning."]
    assert caplog.text.count("Said at the beginning.") == 1
    assert plain.notes == []
