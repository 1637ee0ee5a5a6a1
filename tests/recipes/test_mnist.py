"""The books' MNIST nets, and their recipes on a few pictures of the same form."""

import pytest

from striate import datasets, recipes
from striate.recipes import Run


@pytest.fixture
def small_mnist(monkeypatch, striped_pictures):
    """In the place of 70,000 digits, 700 pictures of the same form."""
    monkeypatch.setattr(datasets.mnist, "load_data", lambda: striped_pictures)


@pytest.mark.parametrize(
    ("recipe", "count"),
    [
        (recipes.mnist_convnet, 104_202),
        (recipes.mnist_convnet_first_edition, 93_322),
        (recipes.mnist_dense, 407_050),
    ],
)
def test_a_recipe_runs_from_file_to_score(recipe, count, small_mnist):
    run = recipe(epochs=2, verbose=0)
    assert isinstance(run, Run)
    assert run.model.count_params() == count
    assert not run.model.training
    assert run.history.epoch == [0, 1]
    assert set(run.scores) == {"loss", "accuracy"}
    assert run.scores["accuracy"] > 0.5
    assert run.seconds > 0
    assert type(run.model.optimizer).__name__ == "RMSprop"
    assert run.model.optimizer.iterations == 2 * -(-600 // (128 if count == 407_050 else 64))


def test_the_seed_of_a_recipe_repeats_it(small_mnist):
    runs = [recipes.mnist_dense(seed, epochs=1, verbose=0) for seed in (3, 3, 4)]
    assert runs[0].scores == runs[1].scores
    assert runs[0].scores != runs[2].scores


def test_the_nets_have_the_shapes_of_the_books():
    shapes = [layer.output.shape[1:] for layer in recipes.mnist_net().layers]
    assert shapes == [
        (28, 28, 1),
        (26, 26, 32),
        (13, 13, 32),
        (11, 11, 64),
        (5, 5, 64),
        (3, 3, 128),
        (1152,),
        (10,),
    ]
    net = recipes.mnist_first_edition_net()
    assert [layer.output.shape[1:] for layer in net.layers][5:] == [(576,), (64,), (10,)]


def test_nets_are_found_by_name():
    for name in recipes.NETS:
        net = recipes.NETS.get(name)()
        assert net.input.shape[1:] == (28, 28, 1)
        assert net.output.shape == (None, 10)
    assert len(list(recipes.NETS)) == 6
