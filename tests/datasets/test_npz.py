import zipfile

import numpy as np
import pytest

from striate.datasets.npz import read_npz
from striate.errors import DataError

SHAPES = {"x_train": (4, 2, 2), "y_train": (4,), "x_test": (2, 2, 2), "y_test": (2,)}


def arrays():
    rng = np.random.default_rng(1)
    return {name: rng.integers(0, 256, shape, dtype=np.uint8) for name, shape in SHAPES.items()}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_four_arrays(tmp_path, save):
    wanted = arrays()
    save(tmp_path / "a.npz", **{**wanted, "y_train": wanted["y_train"].astype(np.int64)})
    (x_train, y_train), (x_test, y_test) = read_npz(tmp_path / "a.npz", SHAPES)
    found = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    for name, array in found.items():
        assert array.dtype == np.uint8
        np.testing.assert_array_equal(array, wanted[name])


def test_arrays_stored_by_columns_come_by_rows(tmp_path):
    wanted = arrays()
    np.savez(tmp_path / "a.npz", **{name: np.asfortranarray(a) for name, a in wanted.items()})
    (x_train, _), (x_test, _) = read_npz(tmp_path / "a.npz", SHAPES)
    assert x_train.flags.c_contiguous
    assert x_test.flags.c_contiguous
    np.testing.assert_array_equal(x_train, wanted["x_train"])


def test_column_of_labels_is_taken(tmp_path):
    shapes = {**SHAPES, "y_train": (4, 1)}
    np.savez(tmp_path / "a.npz", **arrays())
    assert read_npz(tmp_path / "a.npz", shapes)[0][1].shape == (4, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x_train": np.zeros((4, 2, 3), np.uint8)}, r"x_train of shape \(4, 2, 3\) instead of"),
        ({"x_train": np.zeros((4, 2, 2))}, "x_train of type float64"),
        ({"y_test": np.array([0, 256])}, "y_test with values from 0 to 256"),
        ({"y_test": np.array([-1, 0])}, "y_test with values from -1 to 0"),
        ({"y_test": np.array([{}, {}], dtype=object)}, "allow_pickle=False"),
        ({"x_test": np.zeros(10**6, np.uint8)}, "x_test of 1,000,128 bytes"),
    ],
)
def test_other_arrays_are_refused(tmp_path, change, words):
    np.savez_compressed(tmp_path / "a.npz", **{**arrays(), **change})
    with pytest.raises(DataError, match=words):
        read_npz(tmp_path / "a.npz", SHAPES)


def test_damage_is_one_sentence(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, x_train=arrays()["x_train"])
    with pytest.raises(DataError, match=r"y_train.npy"):
        read_npz(path, SHAPES)
    np.savez(path, **arrays())
    data = path.read_bytes()
    for bad in (data[:-30], b"PK", data[:200] + b"\xff" * 20 + data[220:]):
        path.write_bytes(bad)
        with pytest.raises(DataError, match=r'^File ".*": must be an \.npz file of x_train, y_tr'):
            read_npz(path, SHAPES)


def test_header_that_claims_too_much(tmp_path):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999,), }"
    member = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x_train.npy", member)
    with pytest.raises(DataError, match=r"must be an .npz file"):
        read_npz(tmp_path / "a.npz", SHAPES)
