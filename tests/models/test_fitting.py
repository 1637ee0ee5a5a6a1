"""fit: what it takes, and what it repeats."""

import re

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

import striate
from striate import layers
from striate.data import Loader
from striate.data.source import ArraySource
from striate.errors import ArgumentError
from tests.models.small_net import PARTS, X, Y, net, ready, same

FEEDS = "arrays tensors lists wide list wide_list again tensor_list DataLoader Loader steps"


class Again:
    """An iterable that begins anew each time."""

    def __iter__(self):
        return iter(PARTS)


@pytest.mark.parametrize(
    "feed",
    [
        lambda: {"x": X, "y": Y, "batch_size": 8, "shuffle": False},
        lambda: {"x": torch.tensor(X), "y": torch.tensor(Y), "batch_size": 8, "shuffle": False},
        lambda: {"x": X.tolist(), "y": Y.tolist(), "batch_size": 8, "shuffle": False},
        lambda: {"x": X.astype("float64"), "y": Y[:, None], "batch_size": 8, "shuffle": False},
        lambda: {"x": PARTS},
        lambda: {"x": [(x.astype("float64"), y[:, None]) for x, y in PARTS]},
        lambda: {"x": Again()},
        lambda: {"x": [(torch.tensor(x), torch.tensor(y)) for x, y in PARTS]},
        lambda: {"x": DataLoader(TensorDataset(torch.tensor(X), torch.tensor(Y)), 8)},
        lambda: {"x": Loader(ArraySource(X, Y), 8)},
        lambda: {"x": [*PARTS, (X, Y)], "steps_per_epoch": 5},
    ],
    ids=FEEDS.split(),
)
def test_all_feeds_train_alike(feed):
    wanted = ready()
    for _ in range(2):
        for x, y in PARTS:
            wanted.train_on_batch(x, y)
    model = ready()
    history = model.fit(**feed(), epochs=2, verbose=0)
    assert same(model, wanted)
    assert history is model.history
    assert history.epoch == [0, 1]
    assert history.params["epochs"] == 2


def test_one_seed_gives_the_same_bits():
    models = [ready(net(dropout=0.4)) for _ in range(3)]
    for model, seed in zip(models, (7, 7, 8), strict=True):
        torch.rand(seed)  # whatever was drawn before
        model.fit(X, Y, batch_size=8, epochs=2, seed=seed, verbose=0)
    assert same(models[0], models[1])
    assert not same(models[0], models[2])


def test_without_a_seed_torchs_generator_gives_one():
    models = []
    for _ in range(2):
        models.append(ready(net(dropout=0.4)))
        torch.manual_seed(3)
        models[-1].fit(X, Y, batch_size=8, verbose=0)
    assert same(*models)


def test_epochs_may_be_run_in_two_calls():
    whole, cut = (ready(net(dropout=0.4)) for _ in "ab")
    whole.fit(X, Y, batch_size=8, epochs=4, seed=7, verbose=0)
    cut.fit(X, Y, batch_size=8, epochs=2, seed=7, verbose=0)
    history = cut.fit(X, Y, batch_size=8, epochs=4, initial_epoch=2, seed=7, verbose=0)
    assert same(whole, cut)
    assert history.epoch == [2, 3]


def test_shuffling_differs_by_epoch_and_may_be_off():
    class Noting(striate.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2, "softmax")

        def call(self, x, training=None):
            if training:
                seen.extend(x[:, 0].tolist())
            return self.dense(x)

    x, y = np.arange(12, dtype="float32")[:, None] / 12, np.arange(12) % 2
    seen: list[float] = []
    ready(Noting()).fit(x, y, batch_size=4, epochs=2, verbose=0)
    first, second = seen[:12], seen[12:]
    assert sorted(first) == sorted(second) == x[:, 0].tolist()
    assert first != second
    seen = []
    ready(Noting()).fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    assert seen == 2 * x[:, 0].tolist()


def test_dropout_does_not_depend_on_the_batch():
    """One update on a batch is the mean of updates on its halves, sample for sample."""
    x = torch.ones(8, 50)
    drop = layers.Dropout(0.5)
    model = striate.Sequential([striate.Input((50,)), drop, layers.Lambda(lambda t: t)])
    from_whole, from_halves = [], []
    for size, kept in ((8, from_whole), (4, from_halves)):
        for at in range(0, 8, size):
            layers.drawing.set_draws(model, 99, torch.arange(at, at + size))
            kept.append(model(x[at : at + size], training=True))
    assert torch.equal(torch.cat(from_whole), torch.cat(from_halves))


def test_validation_split_takes_the_last_part():
    a, b = ready(metrics=["accuracy"]), ready(metrics=["accuracy"])
    words = {"batch_size": 8, "epochs": 2, "seed": 1, "verbose": 0}
    split = a.fit(X, Y, validation_split=0.25, **words).history
    given = b.fit(X[:30], Y[:30], validation_data=(X[30:], Y[30:]), **words).history
    assert split == given
    assert set(split) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert same(a, b)
    assert split["val_loss"][-1] == pytest.approx(
        a.evaluate(X[30:], Y[30:], verbose=0)[0], rel=1e-5
    )


def test_validation_data_may_be_an_iterable_and_rarer():
    history = ready().fit(X, Y, epochs=4, validation_data=PARTS, validation_freq=2, verbose=0)
    assert len(history.history["val_loss"]) == 2
    assert len(history.history["loss"]) == 4


def test_validation_is_inference():
    model = ready(net(norm=True, dropout=0.5))
    model.optimizer.learning_rate = 0.0
    history = model.fit(X, Y, epochs=1, validation_data=(X, Y), verbose=0).history
    assert history["val_loss"][0] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    assert not model.training


def test_the_first_batch_builds_a_model():
    model = ready(net(declared=False))
    assert not model.built
    model.fit(X, Y, verbose=0)
    assert model.count_params() == 107


def test_the_optimizer_may_be_torchs():
    model = net()
    model.compile(torch.optim.SGD(model.parameters(), 0.1), "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    assert not np.array_equal(before[0], model.get_weights()[0])
    other = net()
    other.compile(torch.optim.SGD(model.parameters(), 0.1), "sparse_categorical_crossentropy")
    with pytest.raises(ArgumentError, match="`optimizer` must hold the model's parameters"):
        other.fit(X, Y, verbose=0)


def test_jit_trains_through_torch_compile(monkeypatch, close):
    torch._dynamo.reset()
    asked = []
    compile_ = torch.compile

    def quick(model):
        asked.append(model)
        return compile_(model, backend="eager", fullgraph=True)

    monkeypatch.setattr(torch, "compile", quick)
    plain, jit = (ready(net(dropout=0.3, norm=True), "sgd") for _ in "ab")
    plain.fit(X, Y, batch_size=8, seed=1, verbose=0)
    jit.fit(X, Y, batch_size=8, seed=1, verbose=0, jit=True)
    assert asked == [jit]
    for a, b in zip(jit.get_weights(), plain.get_weights(), strict=True):
        close(a, b, 1e-5)


def test_bfloat16_keeps_loss_and_weights_in_float32():
    seen = []
    model = ready()
    model.get_layer("stem").register_forward_hook(lambda *parts: seen.append(parts[2].dtype))
    history = model.fit(X, Y, precision="bfloat16", verbose=0)
    plain = ready().fit(X, Y, seed=history.params["seed"], verbose=0)
    assert set(seen[1:]) == {torch.bfloat16}
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert history.params["precision"] == "bfloat16"
    assert history.history["loss"][0] == pytest.approx(plain.history["loss"][0], rel=2e-2)
    assert history.history["loss"][0] != plain.history["loss"][0]


def test_the_loss_of_bfloat16_comes_from_logits(close):
    model = ready()
    with torch.no_grad():
        model.get_layer("head").bias.copy_(torch.tensor([9.0, 0.0, -9.0]))
    y = np.zeros_like(Y)
    exact = model.evaluate(X, y, verbose=0)
    rounded = model.evaluate(X, y, precision="bfloat16", verbose=0)
    assert rounded == pytest.approx(exact, rel=0.1)
    assert 0 < rounded < 1e-3


def test_auto_says_what_it_chose(capsys):
    ready().fit(X, Y, precision="auto")
    line = capsys.readouterr().out.splitlines()[0]
    assert re.match(
        r"40 pictures, 2 steps an epoch, batches of 32; cpu with \d+ threads?, "
        r"(float32|bfloat16) \(chosen by auto\)$",
        line,
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_data_come_in_the_number_type_of_the_model(dtype):
    model = ready(net(norm=True).to(dtype))
    loader = DataLoader(TensorDataset(torch.tensor(X, dtype=torch.float64), torch.tensor(Y)), 8)
    for feed in ((X, Y), (X.astype("float64"), Y), (loader,)):
        model.fit(*feed, verbose=0)
        assert np.isfinite(model.evaluate(*feed, verbose=0))
    assert model.predict(X).dtype == (np.float64 if dtype == torch.float64 else np.float32)
    assert model.predict(loader).shape == (40, 3)
    assert {p.dtype for p in model.parameters()} == {dtype}


def test_a_subclass_of_another_number_type_trains():
    class Small(striate.Model):
        def __init__(self):
            super().__init__()
            self.head = layers.Dense(3, "softmax")

        def call(self, x):
            return self.head(x.flatten(1))

    model = Small()
    model(X)
    model = ready(model.double())
    assert np.isfinite(model.fit(X, Y, verbose=0).history["loss"]).all()


def test_callbacks_may_be_none_one_or_several():
    ended = []

    class Noting(striate.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            ended.append(epoch)

    for given in (None, Noting(), [Noting()], (Noting(), Noting())):
        ready().fit(X, Y, batch_size=None, verbose=False, callbacks=given)
    assert ended == [0] * 4
    for given in ("stop", [Noting(), "stop"], [Noting]):
        with pytest.raises(ArgumentError, match=r"fit: `callbacks` must hold Callbacks\. Got"):
            ready().fit(X, Y, verbose=0, callbacks=given)


def test_verbose_may_be_true_or_false(capsys):
    ready().fit(X, Y, verbose=False)
    ready().evaluate(X, Y, verbose=False)
    assert capsys.readouterr() == ("", "")
    ready().fit(X, Y, verbose=True)
    assert "loss" in "".join(capsys.readouterr())


def test_validation_data_may_be_a_list_of_arrays():
    pair = ready().fit(X, Y, verbose=0, seed=1, validation_data=(X, Y))
    assert ready().fit(X, Y, verbose=0, seed=1, validation_data=[X, Y]).history == pair.history
    batches = ready().fit(X, Y, verbose=0, seed=1, validation_data=[(X[:20], Y[:20]), PARTS[3]])
    assert "val_loss" in batches.history


def test_a_frozen_weight_has_no_penalty():
    part = layers.Dense(3, "softmax", kernel_regularizer="l2")
    model = ready(striate.Sequential([layers.Flatten(input_shape=(6, 6, 1)), part]))
    live = model.evaluate(X, Y, verbose=0)
    penalty = 0.01 * float((part.get_weights()[0] ** 2).sum())
    part.trainable = False
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(live - penalty, rel=1e-5)
    model = ready(striate.Sequential([model, layers.Dense(3, "softmax")]))
    alone = model.evaluate(X, Y, verbose=0)
    assert model.fit(X, Y, batch_size=40, verbose=0).history["loss"][0] == pytest.approx(alone)


def test_callbacks_wait_for_a_validation_that_comes_every_second_epoch(tmp_path):
    model, seen = ready(optimizer="sgd"), []

    class Noting(striate.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(((tmp_path / "best").exists(), self.model.optimizer.learning_rate))

    stop = striate.callbacks.EarlyStopping(patience=2, min_delta=9.0)
    told = [
        striate.callbacks.ModelCheckpoint(tmp_path / "best", save_best_only=True),
        striate.callbacks.ReduceLROnPlateau(factor=0.5, patience=1, min_delta=9.0),
        stop,
        striate.callbacks.CSVLogger(tmp_path / "log.csv"),
        Noting(),
    ]
    words = {"validation_data": (X, Y), "validation_freq": 2, "verbose": 0, "callbacks": told}
    history = model.fit(X, Y, epochs=12, **words)
    assert [there for there, _ in seen] == [False] + [True] * 5
    assert [rate for _, rate in seen] == pytest.approx([0.01] * 3 + [0.005] * 2 + [0.0025])
    assert (stop.best_epoch, stop.stopped_epoch, len(history.history["val_loss"])) == (1, 5, 3)
    lines = (tmp_path / "log.csv").read_text().splitlines()
    assert lines[0] == "epoch,loss,val_loss"
    assert lines[1].endswith(",")
    assert not lines[2].endswith(",")
    with pytest.raises(ArgumentError, match="`monitor` must name one of the logs"):
        ready().fit(X, Y, verbose=0, callbacks=[stop], validation_freq=2)


def test_an_evaluation_within_a_fit_leaves_the_training_metrics_alone():
    class Evaluates(striate.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.evaluate(x, 1 - y, verbose=0)

    draw = np.random.default_rng(0)
    x, y = draw.random((32, 3)).astype("float32"), draw.integers(0, 2, 32)
    values = []
    for callbacks in ([], [Evaluates()]):
        torch.manual_seed(0)
        model = striate.Sequential([layers.Dense(2, activation="softmax", input_shape=(3,))])
        metric = striate.metrics.SparseCategoricalAccuracy()
        model.compile("sgd", "sparse_categorical_crossentropy", [metric])
        history = model.fit(x, y, batch_size=8, verbose=0, seed=0, callbacks=callbacks)
        values.append(history.history["sparse_categorical_accuracy"])
    assert values[0] == values[1]
