"""The program that takes: a safetensors file on standard output, or one reason."""

import io
import json
import subprocess
import sys

import pytest
import safetensors.torch
import torch

from striate.io.foreign.limits import FORBIDDEN_CODE
from striate.io.foreign.refusal import REFUSED_CODE
from tests.io.foreign.hostile_files import GOOD, zipped

CODE = "from striate.io.foreign import take; take.main()"


def taken(data, tmp_path, code=CODE):
    (tmp_path / "file").write_bytes(data)
    with open(tmp_path / "file", "rb") as file:
        return subprocess.run(
            [sys.executable, "-I", "-c", code], stdin=file, capture_output=True, check=False
        )


@pytest.mark.parametrize("newer", [True, False])
def test_a_good_file_becomes_safetensors(newer, tmp_path):
    state = {"b": torch.arange(3), "a": torch.ones(2, 2).half()}
    file = io.BytesIO()
    torch.save({"epoch": 1, "model": state}, file, _use_new_zipfile_serialization=newer)
    done = taken(file.getvalue(), tmp_path)
    assert done.returncode == 0, done.stderr
    found = safetensors.torch.load(done.stdout)
    assert set(found) == set(state)
    assert all(found[name].equal(tensor) for name, tensor in state.items())
    length = int.from_bytes(done.stdout[:8], "little")
    notes = json.loads(done.stdout[8 : 8 + length])["__metadata__"]
    assert notes == {"format": "zip" if newer else "legacy", "left_out": '["epoch"]'}


def test_it_looks_for_itself(tmp_path):
    done = taken(zipped(b"\x80\x02cos\nsystem\n."), tmp_path)
    assert done.returncode == REFUSED_CODE
    assert json.loads(done.stdout) == {"refused": "a pickle that asks for os.system"}


def test_what_torch_refuses_is_a_reason(tmp_path):
    """A storage of no bytes under a name that is none of torch's."""
    data = zipped(GOOD, more=[("archive/.storage_alignment", b"os.system")])
    done = taken(data, tmp_path)
    assert done.returncode == REFUSED_CODE
    assert json.loads(done.stdout)["refused"].startswith("a file that torch does not read: ")


def test_torch_that_does_more_than_read_is_ended(tmp_path):
    """With a torch.load that would follow anything, the guard stands alone."""
    code = (
        "import os, torch; from striate.io.foreign import take; real = torch.load\n"
        "def load(file, **words):\n"
        "    if words.get('map_location') and file.fileno() == 0: os.system('touch made')\n"
        "    return real(file, **words)\n"
        "take._warm_up(); take._warm_up = lambda: None; torch.load = load; take.main()"
    )
    done = taken(zipped(GOOD), tmp_path, code)
    assert (done.returncode, done.stdout) == (FORBIDDEN_CODE, b"")


def test_what_a_library_prints_does_not_come_between(tmp_path):
    code = (
        "import torch; from striate.io.foreign import take; real = take.plain_tensors\n"
        "def loud(*words):\n    print('hello', flush=True); return real(*words)\n"
        "take.plain_tensors = loud; take.main()"
    )
    done = taken(zipped(GOOD), tmp_path, code)
    assert done.returncode == 0
    assert safetensors.torch.load(done.stdout)["weight"].tolist() == [1, 2]
    assert b"hello" in done.stderr
