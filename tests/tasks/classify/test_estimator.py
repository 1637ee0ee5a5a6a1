"""ImageClassifier among scikit-learn's tools: its own checks, searches, pipelines, files."""

import math
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import validate_data

import striate
from striate import ImageClassifier
from striate.errors import ArgumentError, DataError, ShapeError, WeightsError
from striate.tasks.classify import predict
from tests.tasks.conftest import draw

SKIPPED = {
    "check_array_api_input": "arrays of other libraries are not taken",
    "check_classifier_data_not_an_array": "pandas is not among the tests' packages",
}


class InSquares(ImageClassifier):
    """Each row of a table of any width as a square picture, filled up with zeros."""

    def _images(self, X, *, fitting):
        table = validate_data(self, X, reset=fitting)
        side = math.isqrt(table.shape[1] - 1) + 1
        squares = np.zeros((len(table), side * side), table.dtype)
        squares[:, : table.shape[1]] = table
        return squares.reshape(-1, side, side, 1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.three_d_array = True, False
        return tags


def test_it_passes_the_checks_of_scikit_learn():
    """Its tables are of any width: they come as squares. Not one check is expected to fail."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks feed what warns
        rows = check_estimator(InSquares(epochs=10, random_state=0), on_fail=None, on_skip=None)
    failed = {row["check_name"]: row["exception"] for row in rows if row["status"] == "failed"}
    assert not failed
    assert {row["check_name"] for row in rows if row["status"] == "skipped"} <= set(SKIPPED)
    assert sum(row["status"] == "passed" for row in rows) >= 50


@pytest.fixture(scope="module")
def digits():
    found = load_digits()
    return train_test_split(found.images, found.target, random_state=0, stratify=found.target)


@pytest.fixture(scope="module")
def fitted(digits):
    pictures, _, labels, _ = digits
    return ImageClassifier(random_state=0).fit(pictures, labels)


def test_digits_are_recognised(fitted, digits):
    _, pictures, _, labels = digits
    assert fitted.score(pictures, labels) > 0.97
    p = fitted.predict_proba(pictures)
    assert p.shape == (450, 10)
    assert np.allclose(p.sum(axis=1), 1.0, atol=1e-12)
    assert np.array_equal(fitted.predict(pictures), fitted.classes_[p.argmax(axis=1)])
    assert not hasattr(fitted, "n_features_in_")


def test_the_same_random_state_gives_the_same_net(digits):
    pictures, held, labels, _ = digits
    nets = [ImageClassifier(epochs=1, random_state=seed) for seed in (5, 5, 6)]
    first, again, other = (n.fit(pictures[:200], labels[:200]).predict_proba(held) for n in nets)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_table_names_the_shape_of_its_pictures(digits):
    pictures, held, labels, _ = digits
    rows, arrays = (ImageClassifier(epochs=1, random_state=0) for _ in range(2))
    rows.set_params(picture_shape=(8, 8)).fit(pictures.reshape(-1, 64), labels)
    arrays.fit(pictures, labels)
    assert rows.n_features_in_ == 64
    assert np.array_equal(rows.predict_proba(held.reshape(-1, 64)), arrays.predict_proba(held))
    with pytest.raises(ValueError, match="X has 63 features, but ImageClassifier is expecting 64"):
        rows.predict(held.reshape(-1, 64)[:, 1:])


def test_it_is_searched_cross_validated_and_piped(digits):
    pictures, _, labels, _ = digits
    x, y = pictures[:240], labels[:240].astype(str)
    net = ImageClassifier(epochs=8, batch_size=16, random_state=0)
    assert clone(net).get_params() == net.get_params()
    assert cross_val_score(net, x, y, cv=2).min() > 0.5
    search = GridSearchCV(net, {"batch_size": [16, 240]}, cv=2).fit(x, y)
    assert search.best_params_ == {"batch_size": 16}
    pipe = make_pipeline(StandardScaler(), net.set_params(picture_shape=(8, 8)))
    assert pipe.fit(x.reshape(-1, 64), y).score(x.reshape(-1, 64), y) > 0.7
    mirror = FunctionTransformer(lambda pictures: pictures[:, :, ::-1])
    pipe = make_pipeline(mirror, clone(net).set_params(picture_shape=None))
    assert pipe.fit(x, y).predict(x[:3]).dtype == y.dtype


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    root = tmp_path_factory.mktemp("photos")
    paths, labels = [], []
    for number in range(16):
        for name, colour in (("red", (200, 0, 0)), ("blue", (0, 0, 200))):
            paths.append(root / f"{name}{number}.png")
            draw(paths[-1], colour, seed=number)
            labels.append(name)
    return paths, labels


def test_files_are_recognised_and_arrays_after_them(photos):
    paths, labels = photos
    net = ImageClassifier(epochs=10, batch_size=8, random_state=0)
    assert cross_val_score(net, paths, labels, cv=2).tolist() == [1.0, 1.0]
    net.fit(paths, labels)
    assert net.input_shape_ == (20, 20, 3)
    assert net.classes_.tolist() == ["blue", "red"]
    arrays = np.stack([np.asarray(Image.open(path).resize((20, 20))) for path in paths])
    assert net.score(arrays, labels) == 1.0
    assert net.score([str(path) for path in paths], labels) == 1.0


def test_a_saved_one_comes_back_and_names_pictures(photos, tmp_path):
    paths, labels = photos
    net = ImageClassifier(epochs=10, batch_size=8, size_px=16, random_state=3).fit(paths, labels)
    net.save(tmp_path / "net")
    again = ImageClassifier.load(tmp_path / "net")
    assert again.get_params() == net.get_params()
    assert np.array_equal(again.predict_proba(paths), net.predict_proba(paths))
    assert np.array_equal(again.predict(paths), net.predict(paths))
    found = predict(tmp_path / "net", paths)
    assert [each.label for each in found] == net.predict(paths).tolist()
    again.fit(paths[:8], labels[:8])


@pytest.mark.parametrize("kind", [int, str, bool, float])
def test_classes_keep_their_type(digits, tmp_path, kind):
    pictures, _, labels, _ = digits
    y = (labels[:60] % 2).astype(kind)
    net = ImageClassifier(epochs=1, random_state=0).fit(pictures[:60], y)
    net.save(tmp_path / "net")
    again = ImageClassifier.load(tmp_path / "net").predict(pictures)
    assert again.dtype == net.classes_.dtype == np.unique(y).dtype
    assert np.array_equal(again, net.predict(pictures))
    assert striate.load_model(tmp_path / "net").count_params() == net.model_.count_params()


def test_a_net_of_other_numbers_is_not_asked_about_files(fitted, tmp_path):
    fitted.save(tmp_path / "net")
    assert ImageClassifier.load(tmp_path / "net").predict(np.zeros((1, 8, 8))).shape == (1,)
    with pytest.raises(WeightsError, match=r"hold preprocess\.json with size and channels"):
        predict(tmp_path / "net", ["a.png"])
    words = "`X` must be arrays, as the net was trained on arrays that are no uint8 pictures"
    with pytest.raises(ArgumentError, match=words):
        fitted.predict(["a.png"])


def test_a_table_and_a_pickle_come_back(digits, tmp_path):
    pictures, held, labels, _ = digits
    rows, held = pictures.reshape(-1, 64)[:100], held.reshape(-1, 64)
    net = ImageClassifier(epochs=1, picture_shape=(8, 8), random_state=np.random.RandomState(0))
    net.fit(rows, labels[:100]).save(tmp_path / "net")
    again = ImageClassifier.load(tmp_path / "net")
    assert (again.n_features_in_, again.random_state) == (64, None)
    for other in (again, pickle.loads(pickle.dumps(net))):
        assert np.array_equal(other.predict_proba(held), net.predict_proba(held))


@pytest.mark.parametrize(
    ("options", "y", "error", "words"),
    [
        ({}, [0, 0, 0], ArgumentError, "`y` must hold 2 classes or more. Got y=.0.. From one c"),
        ({"epochs": 0}, [0, 1, 0], ArgumentError, "`epochs` must be a whole number of at least 1"),
        ({"batch_size": 0}, [0, 1, 0], ArgumentError, "`batch_size` must be a whole number of"),
        ({"learning_rate": -1}, [0, 1, 0], ArgumentError, "`learning_rate` must be a number above"),
        ({"size_px": 16}, [0, 1, 0], ArgumentError, "`size_px` must be left out where X holds"),
        ({}, [0, 1], ValueError, "inconsistent numbers of samples"),
        ({}, [0.5, 1.5, 0.2], ValueError, "Unknown label type: continuous"),
        ({}, None, ValueError, "requires y to be passed, but the target y is None"),
        ({}, [[0, 1], [1, 0], [1, 1]], ValueError, "1d array"),
    ],
)
def test_what_cannot_be_learned(options, y, error, words):
    with pytest.raises(error, match=words):
        ImageClassifier(**options).fit(np.zeros((3, 8, 8)), y)


def test_what_cannot_be_answered(fitted, photos, tmp_path):
    with pytest.raises(ShapeError, match=r"have the training pictures' shape \(n, 8, 8, 1\). Got"):
        fitted.predict(np.zeros((2, 9, 8)))
    with pytest.raises(DataError, match=r"gone\.png"):
        ImageClassifier().fit([*photos[0], tmp_path / "gone.png"], [*photos[1], "red"])
    model = striate.Sequential([striate.Input((3,)), striate.layers.Dense(2)])
    model.save(tmp_path / "net")
    words = "must be one that ImageClassifier.save wrote. Got KeyError: 'parameters'"
    with pytest.raises(WeightsError, match=words):
        ImageClassifier.load(tmp_path / "net")
    details = {"parameters": {}, "classes": [1], "classes_dtype": "<i8", "input_shape": [8, 8, 1]}
    model.save(tmp_path / "net", details=details | {"n_features_in": None})
    with pytest.raises(WeightsError, match="Got ArgumentError: 1 classes for 2 outputs"):
        ImageClassifier.load(tmp_path / "net")


def test_scikit_learn_is_imported_for_it_alone():
    code = (
        "import sys, striate, striate.tasks; before = 'sklearn' in sys.modules; "
        "striate.ImageClassifier(); print(before, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"
