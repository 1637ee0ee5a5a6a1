"""compile: names, objects and functions; one for all outputs or one for each."""

import numpy as np
import pytest
import torch

import striate
from striate import layers, losses, metrics, optimizers
from striate.errors import ArgumentError

X = np.random.default_rng(0).random((12, 4)).astype("float32")
KIND = np.arange(12) % 3
SIZE = X[:, :2]


def one():
    torch.manual_seed(0)
    return striate.Sequential([striate.Input((4,)), layers.Dense(3, "softmax", name="kind")])


def two(kind=list):
    torch.manual_seed(0)
    x = striate.Input((4,))
    parts = [layers.Dense(3, "softmax", name="kind")(x), layers.Dense(2, name="size")(x)]
    return striate.Model(x, dict(zip(("k", "s"), parts, strict=True)) if kind is dict else parts)


def scores(model, y=KIND, **words):
    model.compile("sgd", **words)
    return model.evaluate(X, y, verbose=0, return_dict=True)


def squares(y_true, y_pred):
    return (y_true - y_pred).square()


def test_a_name_an_object_or_a_function():
    name = scores(one(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    thing = scores(
        one(),
        loss=losses.SparseCategoricalCrossentropy(),
        metrics=[metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    assert name == thing
    assert list(name) == ["loss", "accuracy"]
    one_hot = np.eye(3, dtype="float32")[KIND]
    own = scores(one(), one_hot, loss=squares, metrics=["mse", squares])
    assert own["loss"] == pytest.approx(own["mse"], rel=1e-6)
    assert own["squares"] == pytest.approx(own["mse"], rel=1e-6)


def test_the_optimizer_by_name_or_object():
    model = one()
    model.compile("nadam", loss="mse")
    assert isinstance(model.optimizer, optimizers.Nadam)
    mine = optimizers.SGD(0.5)
    model.compile(mine, loss="mse")
    assert model.optimizer is mine


@pytest.mark.parametrize(
    "words",
    [
        {
            "loss": ["sparse_categorical_crossentropy", "mse"],
            "metrics": [["accuracy"], ["mae"]],
            "loss_weights": [0.8, 0.2],
        },
        {
            "loss": {"size": "mse", "kind": "sparse_categorical_crossentropy"},
            "metrics": {"size": "mae", "kind": ["acc"]},
            "loss_weights": {"kind": 0.8, "size": 0.2},
        },
    ],
    ids=["lists", "dicts"],
)
def test_one_for_each_output(words):
    got = scores(two(), [KIND, SIZE], **words)
    assert list(got) == ["loss", "kind_loss", "size_loss", "kind_accuracy", "size_mae"]
    assert got["loss"] == pytest.approx(0.8 * got["kind_loss"] + 0.2 * got["size_loss"], rel=1e-6)
    kind, size = two()(torch.tensor(X))
    picked = kind[torch.arange(12), torch.tensor(KIND)]
    assert got["kind_loss"] == pytest.approx(-picked.log().mean().item(), rel=1e-5)
    assert got["size_mae"] == pytest.approx((size - torch.tensor(SIZE)).abs().mean().item(), 1e-5)


def test_outputs_by_name_take_targets_by_name():
    targets = {"k": KIND, "s": SIZE}
    loss = {"k": "sparse_categorical_crossentropy", "s": "mse"}
    model = two(dict)
    got = scores(model, targets, loss=loss, metrics={"k": "accuracy"})
    assert list(got) == ["loss", "k_loss", "s_loss", "k_accuracy"]
    model.fit(X, targets, verbose=0)


def test_targets_by_name_are_found_by_name():
    loss = {"k": "sparse_categorical_crossentropy", "s": "mse"}
    words = {"loss": loss, "metrics": {"k": "accuracy", "s": "mae"}}
    straight = scores(two(dict), {"k": KIND, "s": SIZE}, **words)
    assert scores(two(dict), {"s": SIZE, "k": KIND}, **words) == straight
    named = {"loss": {"size": "mse", "kind": "sparse_categorical_crossentropy"}}
    assert scores(two(), {"size": SIZE, "kind": KIND}, **named)["loss"] == straight["loss"]
    with pytest.raises(ArgumentError, match=r"`targets` must name the model's outputs: k, s\. Got"):
        scores(two(dict), {"k": KIND, "size": SIZE}, loss=loss)


def test_an_output_without_a_loss():
    got = scores(two(), [KIND, SIZE], loss=["sparse_categorical_crossentropy", None])
    assert list(got) == ["loss"]


def test_one_loss_and_one_list_of_metrics_serve_every_output():
    x = striate.Input((4,))
    model = striate.Model(x, [layers.Dense(2, name="a")(x), layers.Dense(2, name="b")(x)])
    got = scores(model, [SIZE, SIZE], loss="mse", metrics=["mae"])
    assert list(got) == ["loss", "a_loss", "b_loss", "a_mae", "b_mae"]
    assert got["loss"] == pytest.approx(got["a_loss"] + got["b_loss"], rel=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"optimizer": "adm"}, r'name a known optimizer.*"adam"'),
        ({"loss": "crossentropy"}, r"name a known loss.*Nearest"),
        ({"loss": {"kind": "crossentropy"}}, r"name a known loss"),
        ({"loss": 3}, r"loss"),
        ({"fullgraph": True}, r"`fullgraph` must not be given.*use fit\(\.\.\., jit=True\)"),
        ({"backend": "eager"}, r"compile is Keras' here"),
        ({"dynamic": True}, r"fit\(\.\.\., jit=True\)"),
        ({"optimiser": "adam"}, r'`optimiser` must be an argument.*Did you mean "optimizer"\?'),
        ({"metric": ["accuracy"]}, r'Did you mean "metrics"\?'),
        ({"loss_weight": 1}, r'Did you mean "loss_weights"\?'),
    ],
)
def test_words_that_compile_does_not_know(words, message):
    with pytest.raises(ArgumentError, match=message):
        one().compile(**words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"loss": ["mse"]}, r"`loss` must hold one entry for each of the outputs kind, size"),
        ({"loss": {"knd": "mse"}}, r"`loss` must name outputs of the model: kind, size"),
        ({"loss": "mse", "loss_weights": [1.0]}, r"`loss_weights` must hold one entry for each"),
        ({"loss": "mse", "loss_weights": "a"}, r"`loss_weights` must be a number"),
        ({"loss": "mse", "loss_weights": [1.0, float("nan")]}, r"`loss_weights` must be a number"),
        ({"loss": "mse", "metrics": {"x": "mae"}}, r"`metrics` must name outputs of the model"),
        ({"loss": "mse", "metrics": ["acurracy"]}, r'name a known metric.*"accuracy"'),
        ({}, r"`loss` must be given before training or evaluation"),
    ],
)
def test_words_that_do_not_fit_the_outputs(words, message):
    model = two()
    model.compile("sgd", **words)
    with pytest.raises(ArgumentError, match=message):
        model.fit(X, [KIND, SIZE], verbose=0)


def test_a_metric_object_counts_for_each_output_by_itself():
    x = striate.Input((4,))
    parts = [layers.Dense(3, "softmax", name=name)(x) for name in ("a", "b")]
    model = striate.Model(x, parts)
    targets = [KIND, model.predict(X)[1].argmax(-1)]
    words = {"loss": "sparse_categorical_crossentropy"}
    by_name = scores(model, targets, metrics=["accuracy"], **words)
    assert by_name["a_accuracy"] < by_name["b_accuracy"] == 1.0
    metric = metrics.SparseCategoricalAccuracy(name="accuracy")
    assert scores(model, targets, metrics=[metric], **words) == by_name


@pytest.mark.parametrize(
    "given",
    [
        [metrics.MeanSquaredError(name="loss")],
        ["mse", metrics.MeanAbsoluteError(name="mse")],
    ],
    ids=["loss", "twice"],
)
def test_a_metric_takes_no_other_number_s_name(given):
    words = (
        r"compile: `metrics` must have names of their own in the logs\. Got metrics='(loss|mse)'"
    )
    with pytest.raises(ArgumentError, match=words):
        scores(one(), SIZE[:, [0, 0, 1]], loss="mse", metrics=given)


def test_a_loss_of_torch_is_refused():
    words = r"`loss` must be a loss of striate or a function.*lambda y_true, y_pred"
    with pytest.raises(ArgumentError, match=words):
        one().compile(loss=torch.nn.BCELoss())
