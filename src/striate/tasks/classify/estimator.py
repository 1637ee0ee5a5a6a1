"""ImageClassifier: the classifier as scikit-learn's tools expect one."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from striate import _check, optimizers
from striate.data import ArraySource, Loader, PictureSource, Source, Subset
from striate.errors import ArgumentError
from striate.losses import SparseCategoricalCrossentropy
from striate.models.loading import read_model_folder
from striate.tasks.classify.estimator_input import (
    for_arrays,
    for_files,
    images_of,
    paths_of,
    pictures_in_rows,
)
from striate.tasks.convnet import convnet
from striate.tasks.run.environment import best_device

__all__ = ["ImageClassifier"]

_FEWEST_STEPS, _FEWEST_EPOCHS, _MOST_EPOCHS = 300, 10, 100
_MOMENTUM, _WEIGHT_DECAY, _LABEL_SMOOTHING = 0.9, 5e-4, 0.1
_BATCH = 128


class ImageClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A convnet that scikit-learn's tools train, search and score.

    The net is `convnet`, trained by gradient descent with Nesterov's momentum under a one-cycle
    schedule, in float32; nothing is augmented and nothing held out: that is the work of
    scikit-learn's tools around it. Of numbers that are not uint8 the mean is taken away, and they
    are divided by their standard deviation; both are those of the training pictures.

    Args:
        epochs: passes over the pictures. Default None: 300 steps, and 10 to 100 epochs.
        batch_size: pictures a step.
        learning_rate: peak of the schedule. Default None: 0.05 at batches of 32, growing as the
            square root of the batch.
        size_px: side to which picture files are brought. Default None: the median of their
            shorter sides, from 16 to 128. Arrays keep their size.
        picture_shape: (h, w) or (h, w, c) of the picture in each row of X, where X is a table
            (n, h * w * c). Default None: X is no table.
        random_state: of weights, order and draws, as scikit-learn has it.

    Example:
        >>> from sklearn.datasets import load_digits
        >>> images, labels = load_digits().images, load_digits().target
        >>> net = ImageClassifier(random_state=0).fit(images[:1400], labels[:1400])
        >>> net.score(images[1400:], labels[1400:]) > 0.9
        True
    """

    def __init__(
        self,
        *,
        epochs: int | None = None,
        batch_size: int = 64,
        learning_rate: float | None = None,
        size_px: int | None = None,
        picture_shape: Sequence[int] | None = None,
        random_state: Any = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.size_px = size_px
        self.picture_shape = picture_shape
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> ImageClassifier:
        """Trains a new net.

        Args:
            X: pictures as an array (n, h, w) or (n, h, w, c); or paths of picture files, in a
                list or array; or with `picture_shape` a table.
            y: (n,) the class of each, in any kind of label.

        Raises:
            ArgumentError: an argument out of its range, fewer than 2 classes, y that does not
                suit X.
            ShapeError: pictures of another rank.
            DataError: a file that cannot be decoded.
        """
        place = type(self).__name__
        batch_size = _check.positive_int(place, "batch_size", self.batch_size)
        source = self._source(X, fitting=True)
        if y is None:
            rule = "requires y to be passed, but the target y is None"
            raise ArgumentError(f"{place} {rule}")
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        check_consistent_length(np.empty(len(source)), y)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            fix = "From one class nothing can be told apart."
            _check.fail(place, "y", "hold 2 classes or more", self.classes_.tolist(), fix)
        steps_per_epoch = math.ceil(len(numbers) / batch_size)
        epochs = self.epochs
        if epochs is None:
            wanted = math.ceil(_FEWEST_STEPS / steps_per_epoch)
            epochs = min(max(wanted, _FEWEST_EPOCHS), _MOST_EPOCHS)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        rate = 0.05 * (batch_size / 32) ** 0.5 if self.learning_rate is None else self.learning_rate
        schedule = optimizers.schedules.OneCycle(
            _check.positive(place, "learning_rate", rate),
            max(2, _check.positive_int(place, "epochs", epochs) * steps_per_epoch),
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = convnet(self.input_shape_, len(self.classes_))
        model.to(best_device()).compile(
            optimizers.SGD(schedule, _MOMENTUM, nesterov=True, weight_decay=_WEIGHT_DECAY),
            SparseCategoricalCrossentropy(label_smoothing=_LABEL_SMOOTHING),
        )
        batches = Loader(
            Subset(source, np.arange(len(source)), targets=torch.from_numpy(numbers)),
            batch_size,
            shuffle=True,
            seed=seed,
            preprocess=self.preprocess_,
        )
        history = model.fit(batches, epochs=epochs, seed=seed, verbose=0)
        self.model_, self.history_ = model, history.history
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """The probability of each class, in the order of `classes_`.

        Args:
            X: pictures in any of the forms of `fit`, of the size of those.

        Shape:
            output (n, q), rows sum to 1

        Raises:
            ShapeError: pictures of another shape than those of `fit`.
            DataError: a file that cannot be decoded.
        """
        check_is_fitted(self)
        source = self._source(X, fitting=False)
        found = self.model_.predict(Loader(source, _BATCH, preprocess=self.preprocess_))
        rows = np.asarray(found, np.float64)
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The most probable class of each picture, as `fit` was given it.

        Args:
            X: as for `predict_proba`.
        """
        chosen = self.predict_proba(X).argmax(axis=1)
        return cast("npt.NDArray[Any]", self.classes_[chosen])

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Writes a model folder; `ImageClassifier.load` and `striate.load_model` read it.

        Where it was trained on picture files, or on uint8 pictures with 1 or 3 channels, it can
        also be used with `striate predict` and `striate evaluate`.

        Args:
            folder: to be made; one that holds a saved model is replaced, any other is refused.

        Raises:
            ArgumentError: classes that are no names of one line, numbers or truth values.
            WeightsError: the folder holds something else, or the disk refuses.
        """
        check_is_fitted(self)
        state = self.random_state
        parameters = self.get_params() | {"random_state": state if _is_whole(state) else None}
        details = {
            "estimator": type(self).__name__,
            "parameters": parameters,
            "classes": self.classes_.tolist(),
            "classes_dtype": self.classes_.dtype.str,
            "input_shape": list(self.input_shape_),
            "n_features_in": getattr(self, "n_features_in_", None),
        }
        self.model_.save(
            os.fspath(folder),
            labels=[str(each) for each in self.classes_],
            preprocess=self.preprocess_,
            details=details,
        )

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> ImageClassifier:
        """The classifier that `save` wrote, ready to predict.

        Args:
            folder: as given to `save`.

        Raises:
            WeightsError: no such folder, a damaged one, or a model that no ImageClassifier saved.
        """
        found = read_model_folder(os.fspath(folder))
        try:
            details = found.details
            new = cls(**details["parameters"])
            new.classes_ = np.array(details["classes"], np.dtype(details["classes_dtype"]))
            new.input_shape_ = tuple(details["input_shape"])
            if details["n_features_in"] is not None:
                new.n_features_in_ = details["n_features_in"]
            count = found.model.output.shape[-1]
            if len(new.classes_) != count or found.preprocess is None:
                raise ArgumentError(f"{len(new.classes_)} classes for {count} outputs")
        except (KeyError, TypeError, ValueError) as error:
            got = f"{type(error).__name__}: {error}"
            fix = "Use striate.load_model for other models."
            place = f'Model folder "{os.fspath(folder)}"'
            _check.weights_fail(place, f"be one that {cls.__name__}.save wrote", got, fix)
        new.model_, new.preprocess_ = found.model.to(best_device()), found.preprocess
        return new

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = self.picture_shape is not None
        tags.input_tags.three_d_array = self.picture_shape is None
        return tags

    def _source(self, X: Any, *, fitting: bool) -> Source:
        """The pictures as a source; when fitting, their shape and preprocessing are kept."""
        place = type(self).__name__
        paths = paths_of(X)
        if paths is None:
            images = self._images(X, fitting=fitting)
            if fitting:
                self.input_shape_ = images.shape[1:]
                self.preprocess_ = for_arrays(images, place=place, size_px=self.size_px)
            elif images.shape[1:] != self.input_shape_:
                wanted = ", ".join(map(str, self.input_shape_))
                rule = f"have the training pictures' shape (n, {wanted})"
                _check.shape_fail(place, rule, images.shape)
            return ArraySource(images)
        if fitting:
            self.preprocess_ = for_files(paths, place=place, size_px=self.size_px)
            height, width = self.preprocess_.size or (0, 0)
            self.input_shape_ = (height, width, self.preprocess_.channels or 0)
        elif self.preprocess_.size is None:
            rule = "be arrays, as the net was trained on arrays that are no uint8 pictures"
            fix = "Read them as the training pictures were read."
            _check.fail(place, "X", rule, "paths", fix)
        return PictureSource(paths, preprocess=self.preprocess_)

    def _images(self, X: Any, *, fitting: bool) -> npt.NDArray[Any]:
        """Arrays as (n, h, w, c)."""
        if self.picture_shape is None:
            return images_of(X, place=type(self).__name__)
        table = validate_data(self, X, reset=fitting)
        return pictures_in_rows(table, self.picture_shape, place=type(self).__name__)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
