import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.source import ArraySource, as_tensors, rows_of
from striate.errors import ArgumentError, ShapeError


def images_of(source, *indices):
    return source.fetch(np.array(indices, dtype=np.int64))[0]


@given(count=st.integers(1, 20), data=st.data())
def test_fetch_is_indexing(count, data):
    images = np.random.default_rng(count).integers(0, 256, (count, 3, 2, 1), dtype=np.uint8)
    targets = torch.arange(count)
    source = ArraySource(images, targets, weights=np.linspace(0, 1, count))
    indices = np.array(data.draw(st.lists(st.integers(0, count - 1))), dtype=np.int64)
    x, y, w = source.fetch(indices)
    assert x.dtype == torch.uint8
    np.testing.assert_array_equal(x.numpy(), images[indices])
    np.testing.assert_array_equal(y.numpy(), indices)
    np.testing.assert_allclose(w.numpy(), np.linspace(0, 1, count)[indices], rtol=1e-6)


def test_neighbours_are_views_and_others_are_copies():
    images = np.zeros((6, 2))
    images = images.astype(np.float32)
    source = ArraySource(images)
    assert np.shares_memory(images_of(source, 2, 3, 4).numpy(), images[2:5])
    for scattered in [(2, 4, 3), (4, 3, 2), (2, 2, 4), (1, 1, 3)]:
        assert not np.shares_memory(images_of(source, *scattered).numpy(), images)


def test_read_only_arrays_are_not_copied_as_a_whole_and_never_seen_as_views(tmp_path):
    np.save(tmp_path / "x.npy", np.arange(12, dtype=np.uint8).reshape(6, 2))
    images = np.load(tmp_path / "x.npy", mmap_mode="r")
    source = ArraySource(images)
    assert source.images.data_ptr() == images.ctypes.data
    batch = images_of(source, 0, 1, 2)
    batch.zero_()  # writing into the mapping would end the process
    assert images_of(source, 1).tolist() == [[2, 3]]


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("float64", torch.float32),
        ("float32", torch.float32),
        ("float16", torch.float32),
        (">f4", torch.float32),
        ("uint8", torch.uint8),
        ("int8", torch.int8),
        ("int32", torch.int32),
        (">i8", torch.int64),
        ("int64", torch.int64),
        ("uint16", torch.int32),
        ("uint32", torch.int64),
        ("uint64", torch.int64),
        ("bool", torch.bool),
    ],
)
def test_number_types_of_arrays(dtype, expected):
    source = ArraySource(np.array([1, 0, 1]).astype(dtype), np.array([0, 1, 1]).astype(dtype))
    assert source.images.dtype == source.targets.dtype == expected
    assert images_of(source, 2, 1).tolist() == [1, 0]


def test_default_type_is_asked_for_when_the_source_is_made():
    torch.set_default_dtype(torch.float64)
    try:
        assert ArraySource(np.zeros(3, np.float32)).images.dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


def test_tensors_stay_as_they_are():
    images = torch.ones(3, 2, dtype=torch.float64, requires_grad=True)
    source = ArraySource(images)
    assert source.images.dtype == torch.float64
    assert source.images.data_ptr() == images.data_ptr()
    assert not images_of(source, 0, 2).requires_grad


def test_weights_are_floating_point():
    assert ArraySource([0, 1], weights=[1, 2]).weights.dtype == torch.float32


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_weights_are_finite_and_not_below_0(wrong):
    words = rf"`weights` must be finite and not below 0\. Got weights={wrong}"
    for weights in ([1.0, wrong], np.array([[0.0, wrong], [2.0, 1.0]])):
        with pytest.raises(ArgumentError, match=words):
            ArraySource([0, 1], weights=weights)


def test_another_place_may_be_named():
    with pytest.raises(ArgumentError, match=r"^FileSource: `targets` must hold numbers"):
        as_tensors(["a"], "targets", place="FileSource")


def test_reversed_arrays_are_taken():
    assert images_of(ArraySource(np.arange(3)[::-1]), 0, 1).tolist() == [2, 1]


def test_lists_of_numbers_are_arrays_and_lists_of_arrays_are_several_inputs():
    assert as_tensors([[1, 2], [3, 4]], "images").shape == (2, 2)
    assert as_tensors((1.5, 2), "images").dtype == torch.float32
    assert as_tensors([np.float32(1), np.float32(2)], "images").shape == (2,)
    two = as_tensors([np.zeros((4, 2)), [1, 2, 3, 4]], "images")
    assert [type(two), [tuple(x.shape) for x in two]] == [list, [(4, 2), (4,)]]


def test_structures_come_back_in_their_form():
    images = {"wide": np.zeros((3, 4)), "deep": (np.arange(3), torch.arange(3))}
    source = ArraySource(images, [np.arange(3), np.arange(3)])
    assert len(source) == 3
    x, y, w = source.fetch(np.array([2, 0]))
    assert list(x) == ["wide", "deep"]
    assert isinstance(x["deep"], tuple)
    assert x["deep"][1].tolist() == [2, 0]
    assert isinstance(y, list)
    assert y[1].tolist() == [2, 0]
    assert w is None


class Frame:
    """What offers itself as an array."""

    def __array__(self, dtype=None, copy=None):
        return np.array([3, 4])


def test_whatever_offers_itself_as_an_array_is_taken():
    assert ArraySource(Frame()).images.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("images", "targets", "words"),
    [
        (
            np.zeros((4, 2)),
            np.zeros(3),
            r"ArraySource: `targets` must hold as many samples as every other part\. Got images "
            r"\(4, 2\), targets \(3\)\. The first dimension counts the samples",
        ),
        ([np.zeros(4), np.zeros(3)], None, r"`images` .* Got images_1 \(4\), images_2 \(3\)"),
        (
            np.zeros(4),
            {"a": np.zeros(4), "b": np.zeros(5)},
            r"`targets` .* images \(4\), targets a \(4\), targets b \(5\)",
        ),
        (np.float32(1), None, r"`images` must have a first dimension that counts the samples"),
        (np.zeros((0, 2)), None, r"`images` must hold at least one sample\. Got images \(0, 2\)"),
        ({}, None, "`images` must hold at least one sample"),
    ],
)
def test_parts_that_do_not_fit(images, targets, words):
    with pytest.raises(ShapeError, match=words):
        ArraySource(images, targets)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.array(["a"]), r"ArraySource: `images` must hold numbers: .* Got images='str"),
        (np.array([None]), r"must hold numbers: .* Got images='ndarray'\. Convert it"),
        (object(), r"must hold numbers: .* Got images='object'"),
        (np.array([1j]), r"must hold numbers: .* Got images='complex128'"),
        ([[1, 2], [3]], r"`images` must hold rows of equal length\. Got images='lists of"),
    ],
)
def test_what_holds_no_numbers_is_refused(images, words):
    with pytest.raises(ArgumentError, match=words):
        ArraySource(images)


@pytest.mark.parametrize(
    "leaf",
    [
        torch.arange(24).reshape(6, 2, 2),
        torch.arange(24.0).reshape(4, 6).T,
        torch.arange(6, dtype=torch.bfloat16),
        torch.arange(12, dtype=torch.uint8).reshape(6, 2)[:, 1:],
        torch.tensor([True, False, True, True, False, False]),
        torch.zeros(6, dtype=torch.complex64),
    ],
)
def test_rows_of_any_tensor_are_a_tensor_of_their_own(leaf):
    indices = np.array([5, 0, 0, 3])
    before = leaf.clone()
    rows = rows_of(leaf, indices)
    assert (rows.dtype, rows.tolist()) == (leaf.dtype, [leaf[i].tolist() for i in indices])
    rows.zero_()
    assert leaf.equal(before)
    with pytest.raises(IndexError):
        rows_of(leaf, np.array([6]))
