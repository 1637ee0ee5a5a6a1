"""A run that diverges goes back: the same bits as a run that had the lower rate from there on."""

import logging

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.callbacks import Callback, LearningRateScheduler
from striate.errors import ArgumentError, DivergedError
from striate.io.generations import Generations
from striate.optimizers.schedules import ExponentialDecay
from striate.train import Checkpoint

rng = np.random.default_rng(0)
X = rng.random((24, 4)).astype("float32")
Y = (X @ rng.random((4, 1))).astype("float32")


class Brittle(Callback):
    """Spoils a weight in the second step where the learning rate is above a limit."""

    def settings(self):
        return None

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 1 and self.model.optimizer.learning_rate > 0.3:
            with torch.no_grad():
                next(self.model.parameters()).fill_(float("nan"))


def net(rate, momentum=0.0):
    torch.manual_seed(1)
    parts = [layers.Dense(4, input_shape=(4,)), layers.BatchNormalization(), layers.Dense(1)]
    model = striate.Sequential(parts)
    model.compile(optimizers.SGD(rate, momentum), loss="mse")
    return model


def fit(model, folder, *, epochs=3, every="epoch", **words):
    said = []
    words = {"seed": 5, "batch_size": 4, "verbose": 0, "ema": 0.5, **words}
    words["callbacks"] = [Brittle(), *words.get("callbacks", ())]
    if folder is not None:
        words["checkpoint"] = Checkpoint(folder, every, say=said.append)
    model.fit(X, Y, epochs=epochs, **words)
    return said


def same(a, b):
    held = [(m.state_dict(), m.ema.raw if m.ema else {}) for m in (a, b)]
    return all(
        torch.equal(one[name], other[name])
        for one, other in zip(*held, strict=True)
        for name in one
    )


def fast(factor=1.0):
    """A schedule; its rates are too high unless they are a quarter."""
    return ExponentialDecay(1.0 * factor, 10, decay_rate=0.5)


@pytest.mark.parametrize("rate", [lambda factor: factor, fast], ids=["number", "schedule"])
def test_it_goes_on_as_a_run_with_the_lower_rate(tmp_path, rate):
    with pytest.raises(DivergedError):
        fit(net(rate(1.0)), None)
    ours = net(rate(1.0))
    said = fit(ours, tmp_path / "run", on_diverge="rollback:lr*0.25")
    theirs = net(rate(0.25))
    fit(theirs, None)
    assert same(ours, theirs)
    assert ours.history.history == theirs.history.history
    assert ours.optimizer.learning_rate == theirs.optimizer.learning_rate
    [note] = ours.history.notes
    assert note in said
    assert note.startswith(f'The run has diverged and goes back to Checkpoint "{tmp_path}')
    assert ", with the learning rate times 0.25 (time 1 of 3). fit: `loss` must be finite" in note


def test_it_may_take_several_times(tmp_path):
    ours, theirs = net(fast()), net(fast(0.25))
    fit(ours, tmp_path / "run", on_diverge="rollback:lr*.5")
    fit(theirs, None)
    assert same(ours, theirs)
    times = [note.partition("(")[2].partition(")")[0] for note in ours.history.notes]
    assert times == [f"time {n} of 3" for n in range(1, len(times) + 1)]
    assert len(times) == 2


class FailsAt(Callback):
    """Spoils a weight at a step, once a process: so late that there are checkpoints of epochs."""

    def __init__(self, epoch):
        self.epoch, self.done = epoch, False

    def settings(self):
        return None

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch and not self.done:
            self.done = True
            with torch.no_grad():
                next(self.model.parameters()).fill_(float("nan"))


def test_it_goes_back_to_the_last_checkpoint_and_no_further(tmp_path):
    ours = net(fast(0.1), 0.9)
    fit(ours, tmp_path / "a", callbacks=[FailsAt(2)], on_diverge="rollback:lr*0.5", epochs=4)
    theirs = net(fast(0.1), 0.9)
    fit(theirs, tmp_path / "b", epochs=2)
    theirs.optimizer.learning_rate = fast(0.1)

    class Halves(Callback):
        """The oracle: the same rates, halved by hand from the third epoch on."""

        def settings(self):
            return None

        def on_epoch_begin(self, epoch, logs=None):
            self.model.optimizer.rate_factor = 0.5

    fit(theirs, tmp_path / "b", callbacks=[Halves()], resume="auto", epochs=4)
    assert same(ours, theirs)


def test_a_killed_run_goes_on_with_the_lower_rate_and_its_count(tmp_path):
    words = {"on_diverge": "rollback:lr*0.5"}
    whole = net(fast())
    fit(whole, tmp_path / "whole", epochs=5, **words)
    fit(net(fast()), tmp_path / "cut", epochs=2, **words)
    rest = net(fast())
    fit(rest, tmp_path / "cut", epochs=5, resume="auto", **words)
    assert same(whole, rest)
    plain = [note.partition("with the")[2] for note in whole.history.notes]
    assert [note.partition("with the")[2] for note in rest.history.notes] == plain
    again = net(fast())
    fit(again, tmp_path / "cut", epochs=6, resume="auto")  # the rate stays low, whatever is asked
    assert again.optimizer.rate_factor == 0.25


def test_after_three_times_it_ends(tmp_path):
    class Always(layers.Layer):
        def call(self, x):
            return x * float("inf")

    model = striate.Sequential([layers.Dense(1, input_shape=(4,)), Always()])
    model.compile("sgd", loss="mse")
    with pytest.raises(DivergedError, match=r"mend the data\. The run had gone back 3 times befo"):
        fit(model, tmp_path / "run", on_diverge="rollback:lr*0.5")


def test_weights_that_an_update_spoilt_are_never_saved(tmp_path):
    model = striate.Sequential([layers.Dense(1, input_shape=(4,))])
    model.compile(optimizers.SGD(1e38), loss="mse")
    checkpoint = Checkpoint(tmp_path / "run", 1, say=[].append)
    with pytest.raises(DivergedError, match=r"is the weight of layer"):
        model.fit(
            1e3 * X,
            Y,
            seed=5,
            verbose=0,
            batch_size=4,
            checkpoint=checkpoint,
            on_diverge="rollback:lr*0.5",
        )
    found = Generations(tmp_path / "run").newest()
    assert found.number == 0
    assert all(tensor.isfinite().all() for tensor in found.files["model.safetensors"].values())


def test_without_a_word_the_logger_is_told(tmp_path, caplog):
    model = net(fast())
    with caplog.at_level(logging.WARNING, "striate"):
        model.fit(
            X,
            Y,
            epochs=1,
            seed=5,
            batch_size=4,
            verbose=0,
            callbacks=[Brittle()],
            checkpoint=Checkpoint(tmp_path / "run"),
            on_diverge="rollback:lr*0.25",
        )
    assert "goes back to Checkpoint" in caplog.text


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ({}, r'be "stop" where there is no checkpoint to go back to\. Got .* For example chec'),
        (
            {"checkpoint": "c", "callbacks": [LearningRateScheduler(lambda epoch: 0.1)]},
            r'be "stop" where a LearningRateScheduler sets the learning rate\. .* a schedule inst',
        ),
    ],
)
def test_error_words(tmp_path, words, rule):
    if "checkpoint" in words:
        words["checkpoint"] = Checkpoint(tmp_path / "c")
    with pytest.raises(ArgumentError, match=f"fit: `on_diverge` must {rule}"):
        net(0.1).fit(X, Y, on_diverge="rollback:lr*0.5", **words)
