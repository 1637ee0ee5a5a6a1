"""The quick recipes: on a few pictures of the same form here, on the data sets in docs."""

import pytest

from striate import datasets, recipes

RECIPES = [
    (recipes.mnist_quick, "mnist", 1, 62_538),
    (recipes.fashion_mnist_quick, "fashion_mnist", 2, 74_282),
]


@pytest.mark.parametrize(("recipe", "name", "epochs", "count"), RECIPES)
def test_a_recipe_runs_from_file_to_score(
    recipe, name, epochs, count, monkeypatch, striped_pictures
):
    monkeypatch.setattr(getattr(datasets, name), "load_data", lambda: striped_pictures)
    run = recipe(verbose=0)
    assert run.history.epoch == list(range(epochs))
    assert run.model.count_params() == count
    assert not run.model.training
    assert run.model.optimizer.iterations == epochs * 5
    assert run.model.optimizer.learning_rate < 1e-5
    assert set(run.scores) == {"loss", "accuracy"}
    assert recipe(epochs=12, verbose=0).scores["accuracy"] > 0.9


def test_data_at_hand_and_the_seed_repeat_it(striped_pictures):
    runs = [
        recipes.mnist_quick(seed, data=striped_pictures, precision="float32", verbose=0)
        for seed in (3, 3, 4)
    ]
    assert runs[0].scores == runs[1].scores
    assert runs[0].scores != runs[2].scores
