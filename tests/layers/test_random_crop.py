import pytest
import scipy.stats
import torch

from striate import layers
from striate.errors import ArgumentError
from striate.layers.drawing import set_draws


def grid(h, w):
    """Pixels that say where they were."""
    rows, columns = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    return torch.stack([rows, columns], dim=2)[None].float()


@pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])
def test_every_window_is_as_likely(in_step):
    layer, count = layers.RandomCrop(4, 2), 6000
    if in_step:
        set_draws(layer, 7, torch.arange(count))
    y = layer(grid(6, 5).expand(count, -1, -1, -1), training=True)
    starts = (y[:, 0, 0, 0] * 4 + y[:, 0, 0, 1]).long()
    assert scipy.stats.chisquare(torch.bincount(starts, minlength=12)).pvalue > 1e-4
    assert (y - y[:, :1, :1]).equal(grid(4, 2).expand_as(y))


def test_one_side_may_be_equal():
    y = layers.RandomCrop(4, 2)(grid(4, 5).expand(200, -1, -1, -1), training=True)
    assert y[:, 0, 0, 0].unique().tolist() == [0]
    assert y[:, 0, 0, 1].unique().tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [(4, 9), (9, 3), (1, 1), (3, 8)])
def test_a_small_picture_is_enlarged_as_by_center_crop(size):
    x = torch.rand(2, *size, 3)
    expected = layers.CenterCrop(6, 6)(x)
    for training in (False, True):
        assert layers.RandomCrop(6, 6)(x, training=training).equal(expected)


def test_gradient_comes_from_the_window_alone():
    x = torch.rand(3, 6, 7, 2, requires_grad=True)
    layers.RandomCrop(4, 3)(x, training=True).sum().backward()
    assert x.grad.sum(dim=(1, 2, 3)).tolist() == [24, 24, 24]
    assert x.grad.unique().tolist() == [0, 1]


def test_shape_of_open_sizes():
    assert layers.RandomCrop(4, 3).output_shape((None, None, None, 3)) == (None, 4, 3, 3)


@pytest.mark.parametrize(
    ("sizes", "argument"), [((0, 3), "height"), ((3, 2.5), "width"), ((3, None), "width")]
)
def test_error_words(sizes, argument):
    words = f"RandomCrop .random_crop.: `{argument}` must be a whole number of at least 1"
    with pytest.raises(ArgumentError, match=words):
        layers.RandomCrop(*sizes)
