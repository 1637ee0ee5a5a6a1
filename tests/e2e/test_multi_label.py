"""Several labels a picture, from fit to scores, on real digits: what each digit is, at once."""

import numpy as np
import pytest
import sklearn.metrics
import torch
from sklearn.datasets import load_digits

import striate
from striate import layers, losses, metrics
from striate.callbacks import EarlyStopping
from striate.data import Loader
from striate.data.source import ArraySource

PROPERTIES = [{0, 2, 4, 6, 8}, {5, 6, 7, 8, 9}, {0, 6, 8, 9}, {2, 3, 5, 7}]
"""Even, at least five, with a loop, prime."""


@pytest.fixture(scope="module")
def digits():
    data = load_digits()
    x = (data.images / 16).astype("float32")[..., None]
    order = np.random.default_rng(0).permutation(len(x))
    goals = np.stack([np.isin(data.target, list(group)) for group in PROPERTIES], axis=1)
    x, y, goals = x[order], data.target[order], goals[order]
    return x[:1200], goals[:1200], x[1200:], goals[1200:], y


def net(activation="sigmoid", outputs=4):
    torch.manual_seed(0)
    return striate.Sequential(
        [
            striate.Input((8, 8, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, "relu"),
            layers.Dense(outputs, activation),
        ]
    )


@pytest.mark.parametrize("kind", [bool, "uint8", "int64", "float32"])
@pytest.mark.parametrize("from_logits", [False, True])
def test_labels_are_learnt_and_scored(kind, from_logits, digits):
    x, goals, held_x, held_goals, _ = digits
    model = net(None if from_logits else "sigmoid")
    scores = [metrics.AUC(multi_label=True, from_logits=from_logits)]
    scores += ["binary_accuracy", "precision", "recall", "f1_score"]
    loss = losses.BinaryCrossentropy(from_logits=from_logits)
    model.compile("adam", loss, metrics=scores)
    stop = EarlyStopping("val_f1_score", patience=3, restore_best_weights=True)
    held = (held_x, held_goals.astype(kind))
    epochs = 10 if (kind, from_logits) == ("float32", False) else 1
    words = {"epochs": epochs, "batch_size": 32, "seed": 0, "verbose": 0, "callbacks": stop}
    history = model.fit(x, goals.astype(kind), **words, validation_data=held, ema=0.99).history
    assert stop.monitor.sign == 1.0
    got = model.evaluate(*held, return_dict=True, verbose=0)
    outputs = model.predict(held_x)
    shares = 1 / (1 + np.exp(-outputs.astype("float64"))) if from_logits else outputs
    answers = shares > 0.5
    wanted = {
        "auc": sklearn.metrics.roc_auc_score(held_goals, shares),
        "binary_accuracy": (answers == held_goals).mean(),
        "precision": sklearn.metrics.precision_score(held_goals, answers, average="micro"),
        "recall": sklearn.metrics.recall_score(held_goals, answers, average="micro"),
        "f1_score": sklearn.metrics.f1_score(held_goals, answers, average="macro"),
    }
    for name, value in wanted.items():
        assert got[name] == pytest.approx(value, abs=2e-3 if name == "auc" else 1e-6)
    assert got["f1_score"] == pytest.approx(max(history["val_f1_score"]), abs=1e-6)
    if epochs > 1:
        assert got["f1_score"] > 0.9
        assert got["auc"] > 0.96


def test_a_rare_class_is_found_more_often_where_classes_are_balanced(digits):
    x, _, held_x, _, y = digits
    labels, held = (y == 8)[:1200].astype("int64"), (y == 8)[1200:]
    keep = np.flatnonzero((labels == 0) | (np.cumsum(labels) <= 6))  # six eights in a thousand
    found = []
    for balance in (None, labels[keep]):
        model = net("softmax", 2)
        model.compile("adam", "sparse_categorical_crossentropy")
        source = ArraySource(x[keep], labels[keep])
        loader = Loader(source, 32, shuffle=True, seed=1, balance=balance)
        model.fit(loader, epochs=4, seed=1, verbose=0)
        answers = model.predict(held_x).argmax(1) == 1
        found.append(sklearn.metrics.recall_score(held, answers))
    assert found[1] > found[0] + 0.2
