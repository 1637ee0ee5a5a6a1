"""The program that looks: one JSON object, no torch, nothing opened."""

import io
import json
import subprocess
import sys

import pytest
import torch

from striate.io.foreign.refusal import REASON_LETTERS, REFUSED_CODE
from tests.io.foreign.hostile_files import zipped
from tests.io.hostile_pickles import plain

CODE = (
    "import sys; from striate.io.foreign import look\n"
    "try: look.main()\n"
    "finally: os = sys.modules['os']; 'torch' in sys.modules and os._exit(9)"
)


def looked(data, tmp_path, code=CODE):
    (tmp_path / "file").write_bytes(data)
    with open(tmp_path / "file", "rb") as file:
        done = subprocess.run(
            [sys.executable, "-I", "-c", code],
            stdin=file,
            capture_output=True,
            check=False,
        )
    said = json.loads(done.stdout)
    assert done.returncode == (REFUSED_CODE if "refused" in said else 0)
    return said


@pytest.mark.parametrize(("newer", "form"), [(True, "zip"), (False, "legacy")])
def test_a_good_file(newer, form, tmp_path):
    file = io.BytesIO()
    torch.save({"a": torch.ones(2)}, file, _use_new_zipfile_serialization=newer)
    assert looked(file.getvalue(), tmp_path) == {"format": form}


def test_a_refusal_is_short(tmp_path):
    name = "x" * 5000
    said = looked(zipped(b"\x80\x02c" + name.encode() + b"\nf\n."), tmp_path)
    assert said["refused"].startswith("a pickle that asks for xxx")
    assert len(said["refused"]) <= REASON_LETTERS


def test_lack_of_memory_is_a_refusal(tmp_path):
    code = "from striate.io.foreign import look; look._MEMORY_BYTES = 1 << 22; look.main()"
    data = zipped(b"\x80\x02" + plain("x" * (6 << 20)) + b".")
    words = "contents that take more memory than weights need"
    assert looked(data, tmp_path, code) == {"refused": words}


def test_it_has_no_torch():
    code = "import sys; from striate.io.foreign import look; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
