import keras
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from striate import utils
from striate.data.directory import image_dataset_from_directory
from striate.errors import ArgumentError
from striate.utils import to_categorical

numbers = hnp.arrays(np.int64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.integers(0, 6))


@given(x=numbers, more=st.sampled_from([None, 7, 9]))
def test_arrays_are_encoded_as_keras_does(x, more):
    ours, theirs = to_categorical(x, more), keras.utils.to_categorical(x, more)
    assert ours.dtype == theirs.dtype == np.float64
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("x", [[0, 3, 1], (2,), [[1], [2]], np.array([1.0, 0.0]), 2, np.uint8([9])])
def test_lists_and_other_numbers_are_encoded_as_keras_does(x):
    np.testing.assert_array_equal(to_categorical(x), keras.utils.to_categorical(x))


@pytest.mark.parametrize("shape", [(5,), (5, 1), (2, 3)])
def test_tensors_give_tensors_as_in_keras(shape):
    x = torch.randint(0, 4, shape)
    ours, theirs = to_categorical(x, 4), keras.utils.to_categorical(x, 4)
    assert isinstance(ours, torch.Tensor)
    assert ours.dtype == torch.float32  # Keras: float32 on TensorFlow and JAX, int64 on torch
    assert ours.equal(theirs.cpu().float())


def test_no_labels_are_no_rows():
    assert to_categorical([], 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("x", "count", "words"),
    [
        (
            [0, 10, 3],
            10,
            r"^to_categorical: `x` must hold class numbers from 0 to 9\. Got x=10\. Pass a greater "
            r"num_classes, or mend x\.$",
        ),
        ([0, -1], None, r"`x` must hold class numbers from 0 to 0\. Got x=-1\."),
        ([-1], None, r"`x` must hold class numbers from 0 to 0\. Got x=-1\."),
        (torch.tensor([5]), 5, r"from 0 to 4\. Got x=5\."),
        ([0.5, 1.0], 3, r"`x` must hold whole numbers\. Got x=0\.5\."),
        ([float("nan")], 3, r"`x` must hold whole numbers\. Got x=nan\."),
        (["a"], 3, r"`x` must hold class numbers\. Got x='str"),
        ([0], 0, r"`num_classes` must be a whole number of at least 1\. Got num_classes=0\."),
        ([], None, r"`x` must hold a class number\. Got x=\[\]\. Say how many"),
    ],
)
def test_what_is_no_class_number_is_refused(x, count, words):
    with pytest.raises(ArgumentError, match=words):
        to_categorical(x, count)


def test_the_two_names_of_the_books():
    assert utils.__all__ == ["image_dataset_from_directory", "to_categorical"]
    assert utils.image_dataset_from_directory is image_dataset_from_directory
