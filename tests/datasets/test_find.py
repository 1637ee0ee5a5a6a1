import dataclasses
import gzip
import hashlib
import http.server
import pickle
import struct
import threading

import numpy as np
import pytest

from striate.datasets.find import find
from striate.datasets.record import ARRAYS, Record, RemoteFile
from striate.errors import DataError

SHAPES = {"x_train": (6, 2, 2), "y_train": (6,), "x_test": (3, 2, 2), "y_test": (3,)}
NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


@pytest.fixture(autouse=True)
def _nothing_at_hand(tmp_path, monkeypatch):
    for variable in ("STRIATE_CACHE", "KERAS_HOME", "STRIATE_DATA"):
        (tmp_path / variable).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setenv("STRIATE_OFFLINE", "1")


@pytest.fixture
def arrays(rng):
    return {
        name: rng.integers(0, 10, shape, dtype=np.uint8) + (name[0] == "x") * np.uint8(100)
        for name, shape in SHAPES.items()
    }


def packed(arrays):
    files = {}
    for name, array in zip(NAMES, arrays.values(), strict=True):
        head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
        files[name] = gzip.compress(head + array.tobytes(), mtime=0)
    return files


def record_of(arrays, url="https://127.0.0.1:1/"):
    return Record(
        name="tiny_set",
        title="Tiny",
        shapes=SHAPES,
        class_names=tuple("0123456789"),
        files=tuple(
            RemoteFile(name, (url + name,), hashlib.sha256(body).hexdigest(), len(body))
            for name, body in packed(arrays).items()
        ),
        licence="none",
        reference="none",
        sha256={name: hashlib.sha256(array).hexdigest() for name, array in arrays.items()},
        keras="tiny-set",
    )


def write_idx(folder, arrays, rename=lambda name: name):
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in packed(arrays).items():
        new = rename(name)
        (folder / new).write_bytes(body if new.endswith(".gz") else gzip.decompress(body))


def check(split, arrays):
    for name, array in zip(ARRAYS, (*split[0], *split[1]), strict=True):
        np.testing.assert_array_equal(array, arrays[name])


@pytest.mark.parametrize(
    "folder",
    [
        "STRIATE_CACHE/datasets/tiny_set",
        "STRIATE_CACHE/datasets",
        "STRIATE_DATA/tiny_set",
        "STRIATE_DATA/tiny-set",
        "STRIATE_DATA",
        "KERAS_HOME/datasets",
        "KERAS_HOME/datasets/tiny-set",
        "system",
    ],
)
def test_every_place_is_looked_at(tmp_path, arrays, folder):
    record = dataclasses.replace(record_of(arrays), folders=(str(tmp_path / "system"),))
    write_idx(tmp_path / folder, arrays)
    check(find(record), arrays)


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: name.removesuffix(".gz"),
        lambda name: name.removesuffix(".gz").replace("-idx", ".idx"),
    ],
)
def test_idx_files_packed_or_not(tmp_path, arrays, rename):
    write_idx(tmp_path / "STRIATE_DATA", arrays, rename)
    check(find(record_of(arrays)), arrays)


def test_npz_and_pickle(tmp_path, arrays):
    np.savez(tmp_path / "STRIATE_DATA" / "tiny_set.npz", **arrays)
    check(find(record_of(arrays)), arrays)
    (tmp_path / "STRIATE_DATA" / "tiny_set.npz").unlink()
    x, y = arrays["x_train"] / np.float32(256), arrays["y_train"]
    value = ((x[:4], y[:4]), (x[4:], y[4:]), (arrays["x_test"], arrays["y_test"]))
    body = gzip.compress(pickle.dumps(value, 2))
    (tmp_path / "STRIATE_DATA" / "tiny_set.pkl.gz").write_bytes(body)
    check(find(record_of(arrays)), arrays)


def test_another_set_in_the_same_files_is_passed_over(tmp_path, arrays):
    """Fashion-MNIST's files have MNIST's names: only their contents tell them apart."""
    other = {**arrays, "x_test": arrays["x_test"] + 1}
    write_idx(tmp_path / "STRIATE_DATA", other)
    with pytest.raises(DataError, match=r"must have the x_test of Tiny. Got other contents"):
        find(record_of(arrays))
    write_idx(tmp_path / "KERAS_HOME" / "datasets", arrays)
    check(find(record_of(arrays)), arrays)


def test_shapes_and_labels_are_checked_without_hashes(tmp_path, arrays):
    record = dataclasses.replace(record_of(arrays), sha256={})
    path = tmp_path / "STRIATE_DATA" / "tiny_set.npz"
    np.savez(path, **{**arrays, "y_test": np.array([0, 1, 10])})
    with pytest.raises(DataError, match=r"must have labels 0\.\.9\. Got label 10 in y_test"):
        find(record)
    np.savez(path, **arrays)
    check(find(record), arrays)


def test_nothing_at_hand_is_one_message_with_the_way_out(tmp_path, arrays):
    with pytest.raises(DataError) as caught:
        find(record_of(arrays))
    text = str(caught.value)
    assert text.startswith('Data set "tiny_set": must be at hand or be fetched. Got Download of')
    assert "STRIATE_OFFLINE=1" in text
    assert text.endswith(
        f"Put tiny_set.npz or {', '.join(NAMES)} into a folder and name it in STRIATE_DATA."
    )
    assert ".." not in text


@pytest.fixture
def serve(tmp_path):
    """serve(folder) -> address of a local server of its files."""
    servers = []

    def start(folder):
        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_download_goes_to_the_cache_once(tmp_path, arrays, serve, monkeypatch):
    write_idx(tmp_path / "remote", arrays)
    record = record_of(arrays, serve(tmp_path / "remote"))
    monkeypatch.delenv("STRIATE_OFFLINE")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    check(find(record), arrays)
    cache = tmp_path / "STRIATE_CACHE" / "datasets" / "tiny_set"
    assert sorted(p.name for p in cache.iterdir()) == sorted(NAMES)
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    check(find(record), arrays)
    (cache / NAMES[0]).write_bytes(b"damaged")
    monkeypatch.delenv("STRIATE_OFFLINE")
    check(find(record), arrays)
