import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Add, Average, Concatenate, Maximum, Multiply, Subtract
from striate.layers.merging import _Merging
from striate.layers.symbolic import SymbolicTensor
from tests.oracle import merging as oracle

KINDS = (Add, Average, Maximum, Multiply, Subtract)


def numbers(*shape):
    return torch.from_numpy(np.random.default_rng(len(shape)).normal(size=shape))


@pytest.mark.parametrize(
    "shapes",
    [
        [(2, 3)],
        [(2, 4, 5, 3), (2, 4, 5, 3)],
        [(2, 4, 5, 3)] * 4,
        [(2, 4, 5, 3), (2, 1, 1, 3), (2, 4, 1, 1)],
    ],
)
def test_add_sums(shapes, close):
    tensors = [numbers(*shape) for shape in shapes]
    expected = sum(tensor.numpy() for tensor in tensors)
    close(Add()(tensors), expected)
    assert Add().output_shape(shapes) == expected.shape


@pytest.mark.parametrize(
    "shapes",
    [
        [(2, 4, 5, 3), (2, 4, 5, 3)],
        [(2, 4, 1, 3), (2, 1, 5, 1)],
        [(2, 3), (2, 4, 5, 3)],
        [(1, 1, 1, 1), (1, 1, 1, 1)],
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", KINDS)
def test_values_are_the_oracles(kind, shapes, close):
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in shapes]
    expected = oracle.merge(kind.__name__, *arrays)
    close(kind()([torch.from_numpy(array) for array in arrays]), expected)
    assert kind().output_shape(shapes) == expected.shape


@pytest.mark.parametrize("kind", [Add, Average, Maximum, Multiply])
@pytest.mark.parametrize("count", [1, 3, 4])
def test_any_number_of_inputs_and_none_is_changed(kind, count, close):
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=(2, 3, 4)) for _ in range(count)]
    tensors = [torch.from_numpy(array.copy()) for array in arrays]
    close(kind()(tensors), oracle.merge(kind.__name__, *arrays))
    for tensor, array in zip(tensors, arrays, strict=True):
        assert np.array_equal(tensor.numpy(), array)


def test_shapes_are_asked_again_when_they_change():
    layer, a, b = Multiply(), torch.ones(2, 3), torch.ones(2, 4)
    for _ in range(2):
        assert layer([a, a]).shape == (2, 3)
        assert layer([b, b]).shape == (2, 4)
        with pytest.raises(ShapeError, match="must agree in every size"):
            layer([a, b])


def gradients(layer, *values):
    tensors = [torch.tensor([[value]], requires_grad=True) for value in values]
    layer(tensors).sum().backward()
    return [tensor.grad.item() for tensor in tensors]


def test_gradients():
    assert gradients(Subtract(), 5.0, 2.0) == [1.0, -1.0]
    assert gradients(Multiply(), 5.0, 2.0, 3.0) == [6.0, 15.0, 10.0]
    assert gradients(Average(), 5.0, 2.0) == [0.5, 0.5]
    assert gradients(Maximum(), 5.0, 2.0, 7.0) == [0.0, 0.0, 1.0]


def test_equal_inputs_of_maximum_share_the_gradient():
    assert gradients(Maximum(), 2.0, 2.0) == [0.5, 0.5]
    assert gradients(Maximum(), 2.0, 2.0, 2.0) == [0.25, 0.25, 0.5]  # two by two, as in Keras


def test_add_puts_missing_axes_after_the_batch(close):
    x, y = numbers(2, 4, 5, 3), numbers(2, 3)
    close(Add()([x, y]), x + y[:, None, None, :])
    assert Add().output_shape([(None, 4, 5, 3), (None, 3)]) == (None, 4, 5, 3)


def test_add_leaves_its_inputs_alone():
    tensors = [torch.ones(1, 2) for _ in range(3)]
    Add()(tensors)
    assert all(tensor.equal(torch.ones(1, 2)) for tensor in tensors)


def test_open_sizes():
    add, side = Add(), Concatenate()
    assert add.output_shape([(None, None, 5, 3), (None, 4, 5, 3)]) == (None, None, 5, 3)
    shapes = [(None, None, 5, 3), (None, 4, 5, 2)]
    assert side.output_shape(shapes) == (None, 4, 5, 5)
    assert Concatenate(1).output_shape([(None, None, 5, 3), (None, 4, 5, 3)]) == (None, None, 5, 3)


@pytest.mark.parametrize("axis", [-1, 1, 2, -2])
def test_concatenate_is_numpys(axis, close):
    shapes = [[2, 4, 5, 3], [2, 4, 5, 3], [2, 4, 5, 3]]
    for number, shape in enumerate(shapes, 1):
        shape[axis] = number
    tensors = [numbers(*shape) for shape in shapes]
    expected = np.concatenate([tensor.numpy() for tensor in tensors], axis)
    close(Concatenate(axis)(tensors), expected)
    assert Concatenate(axis).output_shape(shapes) == expected.shape


def test_gradients_go_back_to_their_inputs(close):
    a, b = numbers(2, 3).requires_grad_(), numbers(2, 2).requires_grad_()
    given = numbers(2, 5, 1)[..., 0]
    Concatenate()([a, b]).backward(given)
    close(a.grad, given[:, :3])
    close(b.grad, given[:, 3:])


@pytest.mark.parametrize(
    ("sign", "kind"), [("__add__", Add), ("__mul__", Multiply), ("__sub__", Subtract)]
)
def test_operators_of_symbolic_tensors_are_layers(sign, kind):
    a, b = SymbolicTensor((None, 4, 4, 3)), SymbolicTensor((None, 1, 1, 3))
    joined = getattr(a, sign)(b)
    assert joined.shape == (None, 4, 4, 3)
    assert type(joined.call.layer) is kind
    assert joined.call.inputs == [a, b]


X = torch.zeros(2, 4, 4, 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Add()(X), r'Add "add": `inputs` must be a list of tensors.*layer\(\[a, b\]\)'),
        (lambda: Add()([]), "must be a list of tensors"),
        (lambda: Concatenate()(X), 'Concatenate "concatenate": `inputs` must be a list'),
        (lambda: Concatenate(0.5), "`axis` must be a whole number"),
        (
            lambda: Subtract(name="s")([X, X, X]),
            'Subtract "s": `inputs` must be a list of two tensors. Got inputs=.3 tensors',
        ),
        (lambda: Subtract().output_shape([(2, 3)]), "must be a list of two tensors"),
        (lambda: Multiply()(X), 'Multiply "multiply": `inputs` must be a list of tensors'),
        (lambda: _Merging().merge([X]), "_Merging: `merge` must be written by the subclass"),
    ],
)
def test_error_words_of_arguments(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


@pytest.mark.parametrize(
    ("layer", "shapes", "words"),
    [
        (
            Add(),
            [(2, 4, 4, 3), (2, 5, 4, 3)],
            r"must agree in every size, or have 1 there\. Got input \(\(2, 4, 4, 3\), \(2, 5,",
        ),
        (Add(), [(2, 3), (3, 3)], "must agree in every size"),
        (Multiply(), [(2, 3), (2, 4)], "must agree in every size"),
        (Maximum(), [(), ()], "must have a batch dimension"),
        (Add(), [(2, 3), ()], "must have a batch dimension"),
        (Concatenate(), [(2, 4, 4, 3), (2, 4, 5, 3)], "must agree in every axis but 3"),
        (Concatenate(), [(2, 3), (2, 3, 1)], "must agree in the number of dimensions"),
        (Concatenate(2), [(2, 3), (2, 3)], "must have an axis 2"),
    ],
)
def test_error_words_of_inputs(layer, shapes, words):
    with pytest.raises(ShapeError, match=words):
        layer([torch.zeros(shape) for shape in shapes])
    with pytest.raises(ShapeError, match=words):
        layer.output_shape(shapes)
