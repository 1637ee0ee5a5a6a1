"""Géron's net, and its two recipes on a few pictures of the same form."""

import numpy as np
import pytest

from striate import datasets, layers, recipes
from striate.data import Loader
from striate.data.source import ArraySource
from striate.optimizers.schedules import OneCycle
from striate.recipes import Run, fashion_mnist


@pytest.fixture
def small_fashion(monkeypatch, striped_pictures):
    """In the place of 70,000 articles, 700 pictures, 100 of them for validation."""
    monkeypatch.setattr(datasets.fashion_mnist, "load_data", lambda: striped_pictures)
    monkeypatch.setattr(fashion_mnist, "_VALIDATION", 100)


def test_the_net_of_the_book():
    net = recipes.fashion_mnist_net()
    assert net.count_params() == 1_413_834
    kinds = [type(layer) for layer in net.layers]
    assert kinds.count(layers.Conv2D) == 5
    assert kinds.count(layers.MaxPooling2D) == 3
    assert kinds.count(layers.Dropout) == 2
    assert net.layers[0].kernel_size == (7, 7)
    assert net.get_layer("flatten").output.shape == (None, 3 * 3 * 256)


def test_the_authors_recipe(small_fashion):
    run = recipes.fashion_mnist_convnet(epochs=1, verbose=0)
    assert isinstance(run, Run)
    assert type(run.model.optimizer).__name__ == "Nadam"
    assert run.model.optimizer.learning_rate == 0.001
    assert run.model.optimizer.iterations == -(-500 // 32)
    assert list(run.history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert set(run.scores) == {"loss", "accuracy"}
    assert run.seconds > 0


def test_one_cycle_rises_and_falls(small_fashion):
    run = recipes.fashion_mnist_one_cycle(epochs=1, verbose=0)
    optimizer = run.model.optimizer
    assert type(optimizer).__name__ == "AdamW"
    assert isinstance(optimizer.schedule, OneCycle)
    rates = [optimizer.schedule(step) for step in range(0, 932, 10)]
    assert max(rates) == pytest.approx(1.5e-3, rel=1e-2)
    assert rates[0] < max(rates) / 5
    assert rates[-1] < max(rates) / 50


def test_mirrored_pictures_are_tossed_anew_each_epoch_and_keep_their_labels():
    x = np.arange(200 * 4, dtype="float32").reshape(200, 1, 4, 1)

    def epoch(number, size):
        loader = Loader(ArraySource(x, np.arange(200)), size, shuffle=True, seed=5)
        found = {}
        for batch in fashion_mnist._Mirrored(loader).epoch(number):
            for picture, label in zip(batch.images, batch.targets.tolist(), strict=True):
                straight = np.array_equal(picture, x[label])
                assert straight or np.array_equal(picture, x[label][:, ::-1])
                found[label] = straight
        return [found[label] for label in range(200)]

    first = epoch(0, 16)
    assert 70 < sum(first) < 130
    assert epoch(0, 200) == first
    assert epoch(1, 16) != first
