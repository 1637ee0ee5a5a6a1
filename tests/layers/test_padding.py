import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError, ShapeError
from striate.layers import Conv2D, Cropping2D, ZeroPadding2D
from tests.oracle import border as oracle

PIXELS = st.integers(0, 3)
FORMS = {2: ((2, 2), (2, 2)), (1, 2): ((1, 1), (2, 2)), ((0, 1), (2, 3)): ((0, 1), (2, 3))}


@pytest.mark.parametrize("kind", [ZeroPadding2D, Cropping2D])
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_is_kept_as_pairs(kind, form):
    layer = kind(form)
    assert next(iter(layer.get_config().values())) == FORMS[form]
    given = list(form) if isinstance(form, tuple) else form
    assert kind(given).get_config() == layer.get_config()


def test_defaults_are_keras():
    assert ZeroPadding2D().padding == ((1, 1), (1, 1))
    assert Cropping2D().cropping == ((0, 0), (0, 0))


@given(PIXELS, PIXELS, PIXELS, PIXELS, st.integers(1, 3))
def test_values_are_the_oracles_and_cropping_undoes_padding(top, bottom, left, right, channels):
    sides = ((top, bottom), (left, right))
    x = torch.randn(2, 3, 2, channels, dtype=torch.float64)
    wide = ZeroPadding2D(sides)(x)
    assert wide.is_contiguous()
    assert torch.equal(wide, torch.from_numpy(oracle.zero_padding(x.numpy(), sides)))
    assert wide.shape == ZeroPadding2D(sides).output_shape(tuple(x.shape))
    back = Cropping2D(sides)(wide)
    assert torch.equal(back, x)
    assert torch.equal(back, torch.from_numpy(oracle.cropping(wide.numpy(), sides)))
    assert back.shape == Cropping2D(sides).output_shape(tuple(wide.shape))


def test_padding_is_torchs_and_the_convolutions(close):
    x = torch.randn(2, 5, 4, 3)
    sides = ((0, 1), (2, 1))
    x_nchw = F.pad(x.permute(0, 3, 1, 2), (2, 1, 0, 1))
    assert torch.equal(ZeroPadding2D(sides)(x), x_nchw.permute(0, 2, 3, 1))
    inside = Conv2D(2, 3, padding=sides)
    inside.build((None, 5, 4, 3))
    outside = Conv2D(2, 3)
    outside.build((None, 6, 7, 3))
    outside.set_weights(inside.get_weights())
    close(outside(ZeroPadding2D(sides)(x)), inside(x))


def test_gradients_are_cropped_and_padded():
    x = torch.randn(1, 3, 4, 2, requires_grad=True)
    y = ZeroPadding2D(1)(x)
    flow = torch.randn_like(y)
    y.backward(flow)
    assert torch.equal(x.grad, flow[:, 1:-1, 1:-1])
    x.grad = None
    Cropping2D(((1, 0), (0, 2)))(x).sum().backward()
    assert x.grad.sum() == 2 * 2 * 2
    assert x.grad[:, 1:, :2].eq(1).all()


def test_cropping_is_a_view_that_costs_nothing():
    x = torch.rand(2, 5, 5, 3)
    assert Cropping2D(1)(x)._base is x
    assert Cropping2D(1).cost((2, 5, 5, 3)).output_bytes == 0
    assert ZeroPadding2D(1).cost((2, 5, 5, 3)).output_bytes == 2 * 7 * 7 * 3 * 4


def test_open_sizes():
    assert ZeroPadding2D((1, 2)).output_shape((None, None, 5, 3)) == (None, None, 9, 3)
    assert Cropping2D((1, 2)).output_shape((None, None, 5, None)) == (None, None, 1, None)


@pytest.mark.parametrize(
    "form", [-1, 1.5, True, None, "same", (1,), (1, 2, 3), ((1, 2), (3, -4)), ((1, 2, 3), 1)]
)
@pytest.mark.parametrize(("kind", "name"), [(ZeroPadding2D, "padding"), (Cropping2D, "cropping")])
def test_error_words_of_arguments(kind, name, form):
    words = rf"`{name}` must be a number of pixels, \(h, w\), or \(\(top, bottom\), \(left, right"
    with pytest.raises(ArgumentError, match=words):
        kind(form)


@pytest.mark.parametrize("shape", [(1, 4, 9, 1), (1, 9, 3, 1)])
def test_error_words_where_nothing_is_left(shape):
    layer = Cropping2D(2, name="c")
    words = r'^Cropping2D "c": input must be larger than cropping=\(\(2, 2\), \(2, 2\)\) takes off'
    with pytest.raises(ShapeError, match=words):
        layer(torch.zeros(shape))
    with pytest.raises(ShapeError, match=words):
        layer.output_shape((None, *shape[1:]))


@pytest.mark.parametrize("kind", [ZeroPadding2D, Cropping2D])
def test_error_words_of_inputs(kind):
    with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, h, w, c\)"):
        kind(1)(torch.zeros(4, 4, 3))
