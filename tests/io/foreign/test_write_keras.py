"""The program that writes HDF5: one line that says what follows, then numbers."""

import json
import subprocess
import sys

import h5py
import numpy as np

HEADER = {
    "names": {"layers/a/vars": "a"},
    "arrays": [["layers/a/vars/0", "float32", [2, 3]], ["layers/a/vars/1", "int64", []]],
}
NUMBERS = np.arange(6, dtype="<f4").tobytes() + np.array(5, "<i8").tobytes()
RUN = [sys.executable, "-c", "from striate.io.foreign import write_keras; write_keras.main()"]


def written(path, given):
    with path.open("w+b") as out:
        return subprocess.run(RUN, input=given, stdout=out, stderr=subprocess.DEVNULL, check=False)


def test_numbers_go_into_their_folders(tmp_path):
    done = written(tmp_path / "w", json.dumps(HEADER).encode() + b"\n" + NUMBERS)
    assert done.returncode == 0
    with h5py.File(tmp_path / "w") as file:
        assert file["layers/a/vars/0"][()].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert file["layers/a/vars/1"][()] == 5
        assert file["layers/a/vars"].attrs["name"] == "a"


def test_numbers_that_do_not_come_end_it(tmp_path):
    given = json.dumps(HEADER).encode() + b"\n" + NUMBERS[:-1]
    assert written(tmp_path / "w", given).returncode != 0
