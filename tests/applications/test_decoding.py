import numpy as np
import pytest
import torch

from striate.applications.decoding import decode_predictions
from striate.errors import ArgumentError, ShapeError
from striate.weights.class_names import class_table


def test_the_best_first_with_number_name_and_score(rng):
    scores = rng.random((3, 1000))
    found = decode_predictions(scores, top=4)
    for row, best in zip(scores, found, strict=True):
        numbers = sorted(range(1000), key=lambda n: -row[n])[:4]
        assert best == [(*class_table("imagenet")[n][:2], row[n]) for n in numbers]
        assert all(type(score) is float for *_, score in best)


def test_tensors_and_five_by_default():
    scores = torch.eye(1000, requires_grad=True)[:2]
    found = decode_predictions(scores)
    assert [best[0][:2] for best in found] == [("n01440764", "tench"), ("n01443537", "goldfish")]
    assert [len(best) for best in found] == [5, 5]
    assert decode_predictions(scores.bfloat16(), top=1)[0][0][2] == 1.0


@pytest.mark.parametrize("shape", [(1000,), (2, 999), (1, 2, 1000)])
def test_other_shapes(shape):
    words = r"decode_predictions: input must be scores \(n, 1000\) of ImageNet's classes"
    with pytest.raises(ShapeError, match=words):
        decode_predictions(np.zeros(shape))


def test_top():
    with pytest.raises(ArgumentError, match="`top` must be a whole number of at least 1"):
        decode_predictions(np.zeros((1, 1000)), top=0)
