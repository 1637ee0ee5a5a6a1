import copy

import numpy as np
import pytest
import torch

import striate
from striate.errors import ArgumentError, ShapeError
from striate.layers import Dense, Normalization
from tests.oracle import norm as oracle

SHAPE = (7, 5, 3, 2)
DATA = (np.random.default_rng(0).normal(size=SHAPE) * 4 + 100).astype(np.float32)


def adapted(axis=-1, **arguments):
    layer = Normalization(axis, **arguments)
    layer.adapt(DATA)
    return layer


def test_shape_is_the_inputs():
    layer = Normalization()
    assert layer.output_shape((None, None, None, 3)) == (None, None, None, 3)
    assert layer.cost((1, 4, 4, 3)).parameters == 7
    given = Normalization(mean=1.0, variance=2.0)
    given.build((None, 4, 4, 3))
    assert given.cost((1, 4, 4, 3)).parameters == given.count_params() == 0


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("axis", [-1, 1, None, (1, -1), (-2, -1), (1, 2, 3)], ids=str)
def test_values_are_the_twins(axis, invert, close):
    layer = adapted(axis, invert=invert)
    listed = axis if isinstance(axis, tuple) else () if axis is None else (axis,)
    axes = tuple(sorted(each % 4 for each in listed))
    mean, variance = oracle.moments(DATA, axes)
    close(layer.running_mean, mean, 1e-7)
    close(layer.running_var, variance, 1e-6)
    assert layer.count.item() == DATA.size // max(mean.size, 1)
    close(layer(DATA), oracle.standardised(DATA, mean, variance, axes, invert), 1e-5)


def test_measured_data_have_mean_0_and_variance_1(close):
    y = adapted()(DATA)
    assert y.mean((0, 1, 2)).abs().max() < 1e-4
    close(y.var((0, 1, 2), correction=0), torch.ones(2), 1e-4)


def test_inverting_goes_back(close):
    close(adapted(invert=True)(adapted()(DATA)), DATA, 1e-6)


@pytest.mark.parametrize("sizes", [[7], [1, 6], [3, 3, 1], [1] * 7])
def test_batches_give_what_the_whole_gives(sizes):
    whole, layer = adapted(), Normalization()
    cuts = np.cumsum(sizes)[:-1]
    layer.adapt(iter([(part, None) for part in np.split(DATA, cuts)]))
    for a, b in zip(layer.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-7)


def test_far_from_0_no_digit_is_lost(close):
    data = np.random.default_rng(0).normal(size=(4000, 1)) + 1e6
    layer = Normalization()
    layer.adapt(np.split(data, 40))
    close(layer.running_var, data.var(axis=0), 1e-6)


def test_adapting_again_begins_anew():
    layer = adapted()
    layer.adapt(np.zeros((3, 1, 1, 2)))
    assert layer.get_weights()[0].tolist() == [0, 0]
    assert layer.count.item() == 3


def test_a_constant_feature_is_shifted_only():
    layer = Normalization()
    layer.adapt(np.full((3, 1), 5.0))
    assert layer(np.array([[5.0]])).item() == 0
    assert layer(np.array([[6.0]], dtype=np.float32)).item() == pytest.approx(1e7)


@pytest.mark.parametrize("mean", [2.0, [1.0, 2.0], np.array([1, 2]), torch.tensor([1.0, 2.0])])
def test_given_statistics_are_used_and_are_no_state(mean, close):
    variance = np.square(np.asarray(mean)) + 3
    layer = Normalization(mean=mean, variance=variance)
    y = layer(DATA)
    assert not layer.get_weights()
    assert not layer.state_dict()
    close(y, (DATA - np.asarray(mean)) / np.sqrt(variance), 1e-6)


def test_given_statistics_spread_over_the_axes(close):
    layer = Normalization((2, 3), mean=[10.0, 20.0], variance=[1.0, 4.0])
    close(layer(DATA), (DATA - [10, 20]) / [1, 2], 1e-6)
    layer = Normalization((2, 3), mean=[[1.0], [2.0], [3.0]], variance=[[1.0]] * 3)
    close(layer(DATA), DATA - np.array([[1], [2], [3]]), 1e-6)


def test_given_statistics_go_where_the_layer_goes(close):
    layer = Normalization(mean=1 / 3, variance=1 / 7)
    layer.build((None, 2))
    x = torch.randn(3, 2, dtype=torch.float64)
    exact = (x - 1 / 3) / (1 / 7) ** 0.5
    close(layer.double()(x), exact, 1e-14)
    close(layer.bfloat16()(x.bfloat16()).double(), exact, 1e-2)
    close(copy.deepcopy(layer).double()(x), exact, 1e-14)


def test_the_number_type_stays():
    layer = adapted()
    assert layer(torch.zeros(1, 5, 3, 2, dtype=torch.bfloat16)).dtype == torch.bfloat16
    assert layer(torch.zeros(1, 5, 3, 2, dtype=torch.float64)).dtype == torch.float64
    assert layer(torch.zeros(1, 5, 3, 2, dtype=torch.uint8)).dtype == torch.float32


def test_gradient_is_the_factor(close):
    x = torch.tensor(DATA, requires_grad=True)
    layer = adapted()
    layer(x).sum().backward()
    close(x.grad[0, 0, 0], layer.running_var.rsqrt())
    assert not list(layer.parameters())


def test_weights_stand_in_keras_order():
    layer = adapted()
    assert list(layer.state_dict()) == ["running_mean", "running_var", "count"]
    mean, variance, count = layer.get_weights()
    assert mean.shape == variance.shape == (2,)
    assert count.shape == ()
    assert count.dtype == np.int64


def test_a_new_layer_says_that_it_has_seen_nothing():
    words = r'^Normalization "n": `adapt` must be called on data before the layer is used\..* Call '
    layer = Normalization(name="n")
    for _ in range(2):
        with pytest.raises(ArgumentError, match=words):
            layer(DATA)
    layer.adapt(DATA)
    layer(DATA)


def test_keras_weights_are_as_good_as_measured_ones():
    layer = Normalization()
    layer.build((None, 2))
    layer.set_weights([np.array([1.0, 2.0]), np.array([4.0, 9.0]), np.array(0)])
    assert layer(np.array([[3.0, 5.0]])).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("measured", [True, False])
def test_a_model_keeps_what_was_measured(measured, tmp_path):
    norm = Normalization()
    if measured:
        norm.adapt(DATA[..., 0, :, 0])
    model = striate.Sequential([norm, Dense(2)])
    model.build((None, 3))
    model.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    x = torch.randn(4, 3)
    if measured:
        assert again(x).equal(model(x))
    else:
        with pytest.raises(ArgumentError, match="`adapt` must be called on data"):
            again(x)


def test_a_symbolic_call_needs_no_data():
    inputs = striate.Input((None, None, 2))
    norm = Normalization()
    model = striate.Model(inputs, norm(inputs))
    norm.adapt(DATA)
    assert model(DATA).equal(norm(DATA))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"axis": 0}, "`axis` must be an axis of the sample"),
        ({"axis": 0.5}, "`axis` must be a whole number"),
        ({"mean": 1.0}, "`variance` must be given where the other is"),
        ({"variance": 1.0}, "`mean` must be given where the other is"),
        ({"mean": [1.0], "variance": 1.0}, r"`variance` must have the shape of mean, \(1,\)"),
        ({"mean": [[1.0]], "variance": [[1.0]]}, "`mean` must have at most 1 dimensions"),
        ({"mean": 0.0, "variance": -1.0}, "`variance` must be at least 0"),
        ({"mean": "x", "variance": 1.0}, "`mean` must be a finite number, or an array of such"),
        ({"mean": float("nan"), "variance": 1.0}, "`mean` must be a finite number"),
        ({"mean": True, "variance": 1.0}, "`mean` must be a finite number"),
        ({"invert": 1}, "`invert` must be True or False"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^Normalization "n": {words}'):
        Normalization(name="n", **arguments)


def test_error_words_of_inputs():
    layer = Normalization(name="n")
    with pytest.raises(ShapeError, match=r'"n": input must have 2 dimensions or more for axis='):
        layer.build((None,))
    with pytest.raises(ShapeError, match="hold samples, along the first axis"):
        Normalization(None)(torch.tensor(1.0))
    with pytest.raises(ShapeError, match=r"have known sizes along axis=\(-1,\)"):
        layer.build((None, 4, None))
    layer.adapt(DATA)
    with pytest.raises(ShapeError, match=r"have sizes \(2,\) along axis=\(-1,\), as when it was"):
        layer(torch.zeros(2, 5, 3, 4))
    with pytest.raises(ShapeError, match="have 4 dimensions, as when it was built"):
        layer(torch.zeros(3, 2))
    with pytest.raises(ShapeError, match=r"that mean \(2,\) fits"):
        Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0])(torch.zeros(3, 3))


def test_error_words_of_data():
    layer = Normalization(name="n")
    with pytest.raises(ArgumentError, match=r'"n": `data` must hold at least one batch'):
        layer.adapt([])
    with pytest.raises(ArgumentError, match="`data` must hold finite numbers only"):
        layer.adapt(np.array([[1.0], [np.nan]]))
    with pytest.raises(ShapeError, match=r"have sizes \(1,\) along"):
        layer.adapt([np.zeros((2, 1)), np.zeros((2, 3))])
    with pytest.raises(ArgumentError, match='"n": `data` must be an array or tensor of numbers'):
        layer.adapt(3)
    given = Normalization(mean=0.0, variance=1.0, name="n")
    with pytest.raises(ArgumentError, match="`mean` must be None where adapt is called"):
        given.adapt(DATA)
