"""What a recipe is given: refused before anything is loaded or trained."""

import numpy as np
import pytest
import torch

from striate import datasets, recipes
from striate.errors import ArgumentError, ShapeError
from striate.recipes.given import checked_parts

RECIPES = [
    recipes.mnist_convnet,
    recipes.mnist_convnet_first_edition,
    recipes.mnist_dense,
    recipes.mnist_quick,
    recipes.fashion_mnist_convnet,
    recipes.fashion_mnist_one_cycle,
    recipes.fashion_mnist_quick,
]


@pytest.fixture
def nothing_to_load(monkeypatch):
    def load_data():
        pytest.fail("the data were loaded first")

    for one in (datasets.mnist, datasets.fashion_mnist):
        monkeypatch.setattr(one, "load_data", load_data)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.__name__)
@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"epochs": 0}, "`epochs` must be a whole number of at least 1"),
        ({"epochs": "2"}, "`epochs` must be a whole number of at least 1"),
        ({"seed": None}, "`seed` must be a whole number from 0"),
        ({"seed": 2**64}, "`seed` must be a whole number from 0"),
    ],
)
def test_settings_are_checked_first(recipe, given, rule, nothing_to_load):
    with pytest.raises(ArgumentError, match=f"^{recipe.__name__}: {rule}"):
        recipe(verbose=0, **given)


@pytest.mark.parametrize("recipe", [recipes.mnist_quick, recipes.fashion_mnist_quick])
@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize(
    ("cut", "error", "words"),
    [
        (lambda x, y: (x[:, :27], y), ShapeError, r"must have shape \(n, 28, 28\) or"),
        (lambda x, y: (x[0], y), ShapeError, r"as many samples as every other part"),
        (lambda x, y: (x, y[:9]), ShapeError, r"as many samples as every other part"),
        (lambda x, y: (x, y + 1), ArgumentError, r"must be class numbers from 0 to 9"),
        (lambda x, y: ([x, x], y), ShapeError, r"must have shape \(n, 28, 28\) or"),
        (lambda x, y: (x.astype(str), y), ArgumentError, r"must hold numbers"),
        (lambda x, y: (x, None), ArgumentError, r"hold the labels"),
    ],
)
def test_both_parts_are_checked_first(recipe, part, cut, error, words, striped_pictures):
    data = list(striped_pictures)
    data[part] = cut(*data[part])
    with pytest.raises(error, match=words):
        recipe(data=data, verbose=1)


@pytest.mark.parametrize("data", [5, (), ((1, 2), (3,)), "ab", np.zeros((2, 2))])
def test_data_that_are_no_parts(data):
    words = r"mnist_quick: `data` must be \(\(x_train, y_train\), \(x_test, y_test\)\)"
    with pytest.raises(ArgumentError, match=words):
        recipes.mnist_quick(data=data)


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor, np.ndarray.tolist])
def test_every_kind_of_array_is_taken(kind):
    x = np.arange(2 * 28 * 28).reshape(2, 28, 28)
    (x_train, _), (x_test, _) = checked_parts("r", ((kind(x), [0, 9]), (kind(x), [1, 2])))
    assert np.array_equal(x_train[..., 0], x)
    assert np.array_equal(x_test[..., 0], x)
