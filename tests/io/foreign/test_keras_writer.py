"""Arrays that are written as HDF5 are there as they were."""

import importlib.util
import subprocess
import sys

import h5py
import numpy as np
import pytest
import torch

from striate.errors import MissingExtraError
from striate.io.foreign.keras_writer import write_arrays

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of the system")

ARRAYS = {
    "layers/a/vars/0": torch.arange(24.0).view(2, 3, 4).permute(2, 0, 1),
    "layers/a/vars/1": torch.tensor(7, dtype=torch.int64),
    "layers/b/layers/c/vars/0": torch.tensor([0.1, -2.0], dtype=torch.float64),
    "layers/d/vars/0": torch.tensor([1.5, 2.5], dtype=torch.bfloat16),
    "layers/e/vars/0": torch.tensor([1.5], dtype=torch.float16),
    "layers/f/vars/0": torch.zeros(0, 3),
}


def test_what_is_written_is_there(tmp_path):
    path = tmp_path / "w"
    path.write_bytes(b"what stood here is replaced")
    write_arrays("F", path, ARRAYS, names={"layers/a/vars": "über", "vars": "net"})
    with h5py.File(path) as file:
        assert file["layers/a/vars"].attrs["name"] == "über"
        assert file["vars"].attrs["name"] == "net"
        for name, tensor in ARRAYS.items():
            found = file[name][()]
            wanted = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
            assert np.array_equal(found, wanted.numpy())
            assert found.dtype == wanted.numpy().dtype
        found = []
        file.visititems(lambda at, node: found.append(at) if hasattr(node, "shape") else None)
    assert sorted(found) == sorted(ARRAYS)


PROGRAM = """
import resource, sys, torch
from pathlib import Path
from striate.io.foreign.keras_writer import write_arrays
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
write_arrays("F", Path(sys.argv[1]), {f"{n}/a": torch.zeros(1) for n in range(99)}, names={})
"""


def test_a_disk_without_room(tmp_path):
    run = [sys.executable, "-c", PROGRAM, str(tmp_path / "w")]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    words = "F: must be written to its end. Got a writer that ended early. Free space or choose"
    assert words in done.stderr


def test_without_the_extra(tmp_path, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "h5py" else found(name)
    )
    words = r"F: a Keras file is written by h5py, .* Run: pip install 'striate\[keras\]'"
    with pytest.raises(MissingExtraError, match=words):
        write_arrays("F", tmp_path / "w", ARRAYS, names={})
    assert not (tmp_path / "w").exists()
