import pytest
import torch

from striate.errors import ShapeError
from striate.ops.kernel import check_bias, check_kernel


def check(images, filters, axis=2, groups=1):
    images, filters = torch.zeros(images), torch.zeros(filters)
    check_kernel("it", images, filters, layout="(h, w, c, f)", axis=axis, groups=groups)


def test_what_fits_passes():
    check((1, 5, 5, 6), (3, 3, 6, 4))
    check((1, 5, 5, 6), (3, 3, 2, 6), groups=3)
    check((1, 5, 5, 6), (3, 3, 4, 6), axis=3)
    check_bias("it", None, 4)
    check_bias("it", torch.zeros(4), 4)


@pytest.mark.parametrize(
    ("images", "filters", "groups", "words"),
    [
        ((5, 5, 6), (3, 3, 6, 4), 1, r"it: input must have 4 dimensions .* Got input \(5, 5, 6\)"),
        ((1, 5, 5, 6), (3, 3, 6), 1, r"`filters` must have 4 dimensions \(h, w, c, f\)\. Got"),
        ((1, 5, 5, 6), (3, 3, 5, 4), 1, r"channels at axis 2\. .* images \(1, 5, 5, 6\)"),
        ((1, 5, 5, 6), (3, 3, 6, 4), 2, "channels / groups=2 at axis 2"),
    ],
)
def test_what_does_not_fit_is_named(images, filters, groups, words):
    with pytest.raises(ShapeError, match=words):
        check(images, filters, groups=groups)


@pytest.mark.parametrize("shape", [(3,), (4, 1), ()])
def test_a_bias_of_another_size_is_named(shape):
    with pytest.raises(ShapeError, match=r"it: `bias` must have the shape \(4,\)"):
        check_bias("it", torch.zeros(shape), 4)
