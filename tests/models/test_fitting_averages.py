"""fit(ema=) and fit(accumulate=): averaged weights, and batches in parts."""

import numpy as np
import pytest
import torch

import striate
from striate.errors import ArgumentError, DivergedError
from tests.models.small_net import X, Y, net, ready, same


def averaged(epochs, *, ema=0.9, model=None, **words):
    model = model or ready(net(norm=True, dropout=0.3))
    words = {"batch_size": 8, "seed": 5, "verbose": 0, "validation_data": (X, Y), **words}
    history = model.fit(X, Y, epochs=epochs, ema=ema, **words)
    return model, history.history


def test_the_average_changes_nothing_of_the_training():
    plain, alone = averaged(3, ema=None)
    model, beside = averaged(3)
    assert plain.ema is None
    assert beside["loss"] == alone["loss"]
    assert beside["val_loss"] != alone["val_loss"]
    state = plain.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in model.ema.raw.items())
    assert model.ema.updates == 15


def test_validation_best_and_the_end_have_the_averages(tmp_path):
    seen = []

    class Noting(striate.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append((self.model.get_weights(), logs["val_loss"]))

    told = [striate.callbacks.ModelCheckpoint(tmp_path / "net-{epoch}"), Noting()]
    model, history = averaged(3, callbacks=told)
    for epoch, (weights, loss) in enumerate(seen, 1):
        saved = striate.load_model(tmp_path / f"net-{epoch}")
        assert all(np.array_equal(a, b) for a, b in zip(saved.get_weights(), weights, strict=True))
        saved.compile("sgd", "sparse_categorical_crossentropy")
        assert saved.evaluate(X, Y, batch_size=8, verbose=0) == pytest.approx(loss, rel=1e-5)
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), seen[-1][0], strict=True))
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(history["val_loss"][-1], rel=1e-5)


def test_the_best_weights_that_come_back_are_averages():
    class Scripted(striate.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_loss"] = [3.0, 1.0, 2.0, 2.0][epoch]
            seen.append(self.model.get_weights())

    seen: list[list[np.ndarray]] = []
    stop = striate.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model, history = averaged(9, callbacks=[Scripted(), stop])
    assert len(history["loss"]) == 4
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), seen[1], strict=True))


def test_an_average_goes_on_in_a_second_run():
    whole, _ = averaged(4)
    cut, _ = averaged(2)
    averaged(4, model=cut, ema=cut.ema, initial_epoch=2)
    assert same(cut, whole)
    assert cut.ema.updates == whole.ema.updates == 20


@pytest.mark.parametrize("error", [KeyboardInterrupt, DivergedError])
def test_a_run_that_breaks_off_also_ends_with_the_averages(error):
    class Breaks(striate.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise error

    model = ready(net(norm=True))
    with pytest.raises(error):
        averaged(3, model=model, callbacks=[Breaks()])
    assert model.ema.is_in
    state = model.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in model.ema.averages.items())
    assert model.ema.updates == 3


@pytest.mark.parametrize("parts", [3, 8, 50])
def test_parts_change_nothing_but_rounding(parts, close):
    """Nine samples a batch, four in the last; weights, and a class that counts twice."""
    words = {"batch_size": 9, "epochs": 3, "seed": 1, "verbose": 0, "class_weight": {1: 2.0}}
    words["sample_weight"] = np.linspace(0.5, 1.5, 40)
    whole, cut = (ready(net(dropout=0.3).double(), metrics=["accuracy"]) for _ in "ab")
    steps: list[int] = []

    class Counts(striate.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(batch)

    wanted = whole.fit(X, Y, **words).history
    got = cut.fit(X, Y, **words, accumulate=parts, callbacks=[Counts()]).history
    assert steps == 3 * [0, 1, 2, 3, 4]
    assert cut.optimizer.iterations == whole.optimizer.iterations == 15
    for name, values in wanted.items():
        assert got[name] == pytest.approx(values, rel=1e-9)
    for a, b in zip(cut.get_weights(), whole.get_weights(), strict=True):
        close(a, b, 1e-9)


def test_parts_and_averages_that_are_refused():
    other, _ = averaged(1)
    for words, message in (
        ({"accumulate": 0}, r"fit: `accumulate` must be a whole number of at least 1"),
        ({"ema": 1.0}, r"fit: `ema` must be a fraction"),
        ({"ema": other.ema}, r"fit: `ema` must be an average of this model's weights.*ema=0.999"),
    ):
        with pytest.raises(ArgumentError, match=message):
            ready().fit(X, Y, verbose=0, **words)
