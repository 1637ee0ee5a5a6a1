import numpy as np
import pytest
import torch

from striate.applications.preprocessing import PreprocessInput
from striate.errors import ArgumentError, ShapeError

X = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 3)).astype(np.float32)


@pytest.mark.parametrize("architecture", ["resnet50", "xception", "densenet121"])
def test_arrays_and_tensors_of_either_rank_give_the_same(architecture, close):
    function = PreprocessInput(architecture)
    before = X.copy()
    found = function(X)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(X, before)
    close(found[0], function(X[0]))
    of_tensor = function(torch.from_numpy(X))
    assert isinstance(of_tensor, torch.Tensor)
    close(found, of_tensor)
    close(found, function(X.astype(np.uint8)))
    assert function(X.astype(np.float64)).dtype == np.float64


def test_lite0_is_centred_at_127():
    found = PreprocessInput("efficientnet_lite0")(np.array([[[127.0, 255.0, -1.0]]]))
    np.testing.assert_allclose(found, [[[0, 1, -1]]])


def test_a_net_that_scales_itself_gets_pixels_as_they_are():
    assert PreprocessInput("efficientnet_b0")(X) is X


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((X, "channels_first"), ArgumentError, '`data_format` must be None or "channels_last"'),
        (([1, 2, 3],), ArgumentError, "`x` must be an array or a tensor. Got x='list'"),
        ((X[..., :1],), ShapeError, r"input must be pictures \(n, h, w, 3\), or one \(h, w, 3\)"),
        ((X[0, 0],), ShapeError, "input must be pictures"),
    ],
)
def test_words(arguments, error, words):
    with pytest.raises(error, match=f"preprocess_input: {words}"):
        PreprocessInput("resnet50")(*arguments)
    assert PreprocessInput("resnet50")(X, "channels_last").shape == X.shape
