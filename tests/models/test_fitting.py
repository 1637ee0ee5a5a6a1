"""fit and train_on_batch: what they take, what they refuse, and what they repeat."""

import os
import re
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

import striate
from striate import layers, optimizers
from striate.data import Loader, augment
from striate.data.source import ArraySource
from striate.errors import ArgumentError, DivergedError, ShapeError


def net(*, dropout=0.0, norm=False, units=3, declared=True):
    torch.manual_seed(0)
    parts = [layers.Conv2D(4, 3, activation="relu", name="stem")]
    parts += [layers.BatchNormalization()] if norm else []
    parts += [layers.GlobalAveragePooling2D(), layers.Dropout(dropout), layers.Dense(8, "relu")]
    parts += [layers.Dropout(dropout), layers.Dense(units, "softmax", name="head")]
    return striate.Sequential([striate.Input((6, 6, 1)), *parts] if declared else parts)


def ready(model=None, optimizer="adam", **words):
    model = model or net()
    model.compile(optimizer, **{"loss": "sparse_categorical_crossentropy", **words})
    return model


def data(n=40, classes=3):
    rng = np.random.default_rng(0)
    y = rng.integers(0, classes, n)
    x = rng.random((n, 6, 6, 1)) + y[:, None, None, None]
    return x.astype("float32"), y


def same(a, b):
    return all(np.array_equal(u, v) for u, v in zip(a.get_weights(), b.get_weights(), strict=True))


X, Y = data()
PARTS = [(X[i : i + 8], Y[i : i + 8]) for i in range(0, 40, 8)]


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


# Precision


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
        r"40 pictures, 2 steps an epoch, batches of 32; cpu with \d+ threads, "
        r"(float32|bfloat16) \(chosen by auto\)$",
        line,
    )


# Refused


def refused(words, model=None, error=ArgumentError, **fit):
    model = model or ready()
    before = model.get_weights() if model.built else None
    with pytest.raises(error, match=words):
        model.fit(**{"x": X, "y": Y, "verbose": 0, **fit})
    if before is not None:
        assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ({"x": (b for b in PARTS), "y": None}, r"`x` must be readable once an epoch; an iterator"),
        ({"x": iter(PARTS), "y": None}, r"is used up after one.*Give a list, a DataLoader"),
        ({"x": 3, "y": None}, r"`x` must be arrays, or an iterable of \(images, targets\) batches"),
        ({"x": PARTS}, r"`y` must be left out where x is an iterable"),
        ({"x": PARTS, "y": None, "sample_weight": Y}, r"`sample_weight` must be left out"),
        ({"x": Loader(ArraySource(X, Y), 8)}, r"`y` must be left out where x is a loader"),
        ({"steps_per_epoch": 2}, r"`steps_per_epoch` must be left out where x is arrays"),
        ({"x": [(X, Y.tolist())], "y": None}, r"`x` must hold tensors or arrays in its batches"),
        ({"x": [], "y": None}, r"`x` must hold at least one batch"),
        ({"y": None}, r"`y` must hold the targets"),
        ({"y": Y + 1}, r"`targets` must be class numbers from 0 to 2\. Got targets=3.*Subtract 1"),
        ({"y": Y - 1}, r"`targets` must be class numbers from 0 to 2\. Got targets=-1"),
        ({"validation_data": (X, Y + 5)}, r"`targets` must be class numbers from 0 to 2"),
        ({"batch_size": 0}, r"`batch_size` must be a whole number of at least 1"),
        ({"epochs": 0}, r"`epochs` must be a whole number of at least 1"),
        ({"shuffle": "batch"}, r"`shuffle` must be True or False"),
        ({"verbose": 3}, r'`verbose` must be one of "auto", "0", "1", "2"'),
        ({"precision": "float16"}, r'`precision` must be one of "float32", "bfloat16", "auto"'),
        ({"validation_split": 1.0}, r"`validation_split` must be a fraction"),
        ({"validation_split": 0.999}, r"`validation_split` must leave samples for both parts"),
        (
            {"x": PARTS, "y": None, "validation_split": 0.5},
            r"`validation_split` must be used with a",
        ),
        ({"class_weight": {"a": 1.0}}, r"`class_weight` must map class numbers"),
        ({"class_weight": {0: -1.0}}, r"`class_weight\[0\]` must be a number of at least 0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(fit, words):
    refused(words, **fit)


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        (
            {"x": X[..., 0]},
            r"must have 4 dimensions \(n, 6, 6, 1\).*images\[\.\.\., None\] for grey",
        ),
        ({"x": X[:, :5]}, r"must have shape \(n, 6, 6, 1\)\. Got input \(\d+, 5, 6, 1\)"),
        ({"y": Y[:5]}, r"must hold as many samples as every other part"),
        ({"y": np.eye(3)[Y]}, r"targets"),
        ({"sample_weight": np.ones(3)}, r"must hold as many samples"),
    ],
)
def test_shapes_that_do_not_fit(fit, words):
    refused(words, error=ShapeError, **fit)


def test_labels_of_an_iterable_are_checked_before_their_step():
    model = ready()
    kept = []

    class Noting(striate.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            kept.append(batch)

    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        model.fit([*PARTS, (X, Y + 1)], callbacks=[Noting()], verbose=0)
    assert kept == [0, 1, 2, 3, 4]


def test_an_iterable_that_runs_dry_is_refused():
    class Once:
        def __init__(self):
            self.left = [PARTS, PARTS]  # one is read by the look ahead

        def __iter__(self):
            return iter(self.left.pop() if self.left else [])

    with pytest.raises(ArgumentError, match=r"`x` must hold a batch in epoch 2 too.*begin anew"):
        ready().fit(Once(), epochs=2, verbose=0)


def test_a_model_that_is_not_compiled():
    with pytest.raises(ArgumentError, match=r'`model` must be compiled.*Call model\.compile\("rms'):
        net().fit(X, Y)
    with pytest.raises(ArgumentError, match=r"train_on_batch: `model` must be compiled"):
        net().train_on_batch(X, Y)


def test_one_optimizer_trains_one_model():
    shared = optimizers.Adam()
    ready(optimizer=shared).fit(X, Y, verbose=0)
    with pytest.raises(ArgumentError, match=r"one optimizer trains one model"):
        ready(optimizer=shared).fit(X, Y, verbose=0)


def test_a_model_with_nothing_to_train():
    model = ready()
    model.trainable = False
    refused(r"`model` must have a weight that is trainable.*Set trainable = True", model)
    flat = ready(striate.Sequential([layers.Flatten(input_shape=(6, 6, 1)), layers.Softmax()]))
    refused(r"`model` must have a weight that is trainable", flat)


# One batch


def test_one_batch_gives_its_loss_before_the_update_and_its_metrics():
    model = ready(net(norm=True), metrics=["accuracy"])
    twin = ready(net(norm=True), metrics=["accuracy"])
    loss, accuracy = model.train_on_batch(X, Y)
    history = twin.fit(X, Y, batch_size=40, shuffle=False, verbose=0).history
    assert (loss, accuracy) == (history["loss"][0], history["accuracy"][0])
    assert same(model, twin)
    assert isinstance(ready().train_on_batch(X, Y), float)


@pytest.mark.parametrize("training", [True, False])
def test_one_batch_leaves_the_mode_as_it_was(training):
    model = ready().train(training)
    model.train_on_batch(X, Y)
    assert {part.training for part in model.layers} == {training}


def test_one_batch_takes_weights_and_checks_labels():
    model = ready()
    model.train_on_batch(X, Y, sample_weight=np.zeros(40))
    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        model.train_on_batch(X, Y + 1)


# Divergence


def poisoned():
    x = X.copy()
    x[17, 2, 3] = np.nan
    return x


def with_bad_weight():
    model = ready()
    with torch.no_grad():
        model.get_layer("stem").weight[0, 0, 0, 0] = float("inf")
    return model


class Spoils(layers.Layer):
    """Gives what is not finite once its input has grown."""

    def call(self, x):
        return x * torch.where(x.detach().abs().amax() > 100, float("inf"), 1.0)


def exploding():
    parts = [layers.Flatten(input_shape=(6, 6, 1)), layers.Dense(4, name="grows")]
    model = striate.Sequential([*parts, Spoils(name="spoils"), layers.Dense(3, name="logits")])
    return ready(model, optimizers.SGD(1e4), loss="mse")


@pytest.mark.parametrize(
    ("model", "fit", "where"),
    [
        (ready, {"x": poisoned()}, "the images of the batch"),
        (with_bad_weight, {}, 'the weight of layer "stem"'),
        (exploding, {"y": np.ones((40, 3))}, 'the output of layer "spoils"'),
    ],
)
def test_divergence_names_the_first_bad_layer_and_is_not_applied(model, fit, where):
    model = model()
    words = {"x": X, "y": Y, "batch_size": 8, "shuffle": False, "verbose": 0, **fit}
    with pytest.raises(DivergedError) as caught:
        model.fit(**words)
    text = str(caught.value)
    assert re.match(r"fit: `loss` must be finite\. Got loss=(nan|inf) in epoch 1, step \d+;", text)
    assert f"the first value that is not finite is {where}. The update was not made." in text
    assert "Lower the learning rate, clip gradients (clipnorm=1.0), or mend the data." in text
    if "infinite" not in where and "weight" not in where:
        assert all(np.isfinite(w).all() for w in model.get_weights())


def test_the_step_of_the_nan_is_named():
    with pytest.raises(DivergedError, match=r"in epoch 1, step 3;"):
        ready().fit(poisoned(), Y, batch_size=8, shuffle=False, verbose=0)


# Ctrl-C

CHILD = """
    import os, signal, sys, time
    import numpy as np, torch, striate
    from striate import layers

    class Slow(layers.Layer):
        def call(self, x, training=None):
            if training:
                print("step", flush=True)
                time.sleep(0.05)
            return x

    torch.manual_seed(0)
    model = striate.Sequential([striate.Input((4,)), Slow(), layers.Dense(2, "softmax")])
    model.compile("adam", loss="sparse_categorical_crossentropy")
    before = model.get_weights()[0].copy()
    ended = []

    class Noting(striate.callbacks.Callback):
        def on_train_end(self, logs=None):
            ended.append(True)

        def on_train_batch_end(self, batch, logs=None):
            print("done", flush=True)

    x, y = np.ones((600, 4), "float32"), np.arange(600) % 2
    try:
        model.fit(x, y, batch_size=200, epochs=1000, verbose=0, callbacks=[Noting()])
    except KeyboardInterrupt:
        moved = not np.array_equal(before, model.get_weights()[0])
        kept = len(model.history.epoch) == len(model.history.history["loss"]) > 0
        print("interrupted", moved, kept, ended, model.training, flush=True)
        sys.exit(130)
"""


def test_ctrl_c_ends_after_the_step_and_keeps_history_and_weights():
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    lines = []
    for line in child.stdout:
        lines.append(line.strip())
        if lines.count("step") == 8:
            child.send_signal(signal.SIGINT)
            break
    rest, _ = child.communicate(timeout=60)
    lines += rest.split("\n")
    assert child.returncode == 130
    assert lines.count("step") == lines.count("done")
    assert lines.count("step") <= 10
    assert "interrupted True True [True] False" in lines


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


def test_weights_spoilt_by_the_last_update_end_the_run():
    model = striate.Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile(striate.optimizers.SGD(1e38), "mse")
    x = np.ones((4, 2), "float32")
    with pytest.raises(DivergedError, match=r"fit: `weights` must be finite\. Got the weight of"):
        model.fit(x * 1e10, np.ones((4, 1)), batch_size=4, verbose=0)


def test_train_on_batch_refuses_a_loss_that_is_not_finite():
    model = striate.Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    before = model.get_weights()
    with pytest.raises(DivergedError, match=r"The update was not made"):
        model.train_on_batch(np.full((4, 2), np.nan, "float32"), np.ones((4, 1)))
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


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


# Averaged weights


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


# Batches in parts


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


def pictures():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 30)
    x = rng.integers(0, 60, (30, 6, 6, 1)) + 80 * y[:, None, None, None]
    return x.astype("uint8"), y


def test_augmentation_changes_training_and_nothing_else():
    x, y = pictures()

    def run(policy, epochs=3):
        model = ready()
        history = model.fit(
            x, y, validation_data=(x, y), epochs=epochs, seed=1, verbose=0, augment=policy
        )
        return model, history.history

    model, history = run(augment.policy("standard"))
    again, same_history = run(augment.policy("standard"))
    plain, plain_history = run(None)
    assert same(model, again)
    assert history == same_history
    assert not same(model, plain)
    none, none_history = run(augment.policy("none"))
    assert same(none, plain)
    assert none_history == plain_history
    score = model.evaluate(x, y, verbose=0)
    assert score == pytest.approx(history["val_loss"][-1], rel=1e-5)


def test_a_run_in_two_halves_sees_the_pictures_of_one():
    x, y = pictures()
    policy = augment.policy("standard")
    whole = ready()
    whole.fit(x, y, epochs=4, seed=1, verbose=0, augment=policy)
    halves = ready()
    for first, last in ((0, 1), (1, 4)):
        halves.fit(x, y, initial_epoch=first, epochs=last, seed=1, verbose=0, augment=policy)
    assert same(whole, halves)


def test_mixed_pictures_are_learned_with_soft_targets():
    x, y = pictures()
    policy = augment.Policy((augment.MixUp(0.4, p=0.5), augment.CutMix(p=0.5)))
    model = ready(loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        x, striate.utils.to_categorical(y), epochs=20, seed=1, verbose=0, augment=policy
    )
    assert np.isfinite(history.history["loss"]).all()
    assert history.history["loss"][-1] < history.history["loss"][0]


def test_error_words_of_augmentation():
    x, y = pictures()
    with pytest.raises(
        ArgumentError, match=r"fit: `augment` must be a policy. Got augment=.light."
    ):
        ready().fit(x, y, verbose=0, augment="light")
    with pytest.raises(ArgumentError, match=r"augment: `images` must be uint8. Got .*Rescaling"):
        ready().fit(x / 255.0, y, verbose=0, augment=augment.policy("light"))
    mixing = augment.Policy((augment.MixUp(classes=3),))
    with pytest.raises(ShapeError, match="must hold one class number per output"):
        ready().fit(x, y, verbose=0, augment=mixing)
