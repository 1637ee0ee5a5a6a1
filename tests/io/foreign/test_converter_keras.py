"""Keras files by real processes: every hostile one is refused at once, and nothing is opened."""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from striate.errors import MissingExtraError, WeightsError
from striate.io.foreign.converter import read_foreign
from striate.io.foreign.keras_contents import KerasContents, KerasLayer
from tests.io.foreign.hdf5_mutations import mutated, sample
from tests.io.foreign.hostile_keras import ARCHIVES, FILES, KERNEL, archive, h5
from tests.io.foreign.test_converter import SENTENCE, refused

KINDS = {"h5": FILES, "keras": ARCHIVES}
UNPACKED = {
    "conv_0/0": "layers/conv2d/vars/0",
    "conv_1/1": "layers/conv2d_1/vars/1",
    "conv_2/0": "layers/conv2d_2/vars/0",
}
CASES = [(kind, name) for kind, cases in KINDS.items() for name in cases]


@pytest.fixture
def other(tmp_path):
    """Another file, which the hostile ones name."""
    path = tmp_path / "other" / "secret.h5"
    path.parent.mkdir()
    with h5py.File(path, "w") as file:
        file["secret"] = np.full(2, 7, np.float32)
    return path


def test_there_are_enough():
    assert len(CASES) >= 80


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_hostile_file_is_refused(kind, name, tmp_path, other):
    made, words = KINDS[kind][name]
    path = tmp_path / f"w.{kind}"
    path.write_bytes(made(other))
    before = path.read_bytes(), other.read_bytes()
    said = refused(path)
    assert re.search(words, said), said
    assert (path.read_bytes(), other.read_bytes()) == before
    assert sorted(os.listdir(tmp_path)) == ["other", path.name]
    assert os.listdir(other.parent) == [other.name]


@pytest.mark.parametrize("kind", ["weights.h5", "keras"])
def test_a_good_file(kind, tmp_path):
    """The suffix says nothing: the first bytes and the entries do."""
    data = (archive() if kind == "keras" else h5())("")
    (tmp_path / "w.bin").write_bytes(data)
    found = read_foreign(tmp_path / "w.bin")
    assert (found.format, found.left_out) == (kind, ())
    layers = (KerasLayer("stem", "conv2d", 2),)
    assert found.keras == KerasContents(layers, {} if kind == "keras" else None)
    assert list(found.tensors) == ["stem/0", "stem/1"]
    assert found.tensors["stem/0"].equal(torch.tensor(KERNEL))
    assert found.tensors["stem/1"].equal(torch.tensor(KERNEL[0]))
    assert (tmp_path / "w.bin").read_bytes() == data


def test_a_program_in_the_description_is_data(tmp_path):
    """A Lambda is taken as it stands: who builds a model from it refuses it."""
    touch = f"__import__('os').system('touch {tmp_path}/made')"
    config = f'{{"class_name": "Lambda", "module": "os", "config": {{"function": "{touch}"}}}}'
    (tmp_path / "w.keras").write_bytes(archive(config=config)(""))
    assert read_foreign(tmp_path / "w.keras").keras.config["config"]["function"] == touch
    assert os.listdir(tmp_path) == ["w.keras"]


@pytest.mark.parametrize("kind", ["h5", "keras"])
def test_without_h5py_one_sentence_says_what_to_install(kind, tmp_path, monkeypatch):
    (tmp_path / f"w.{kind}").write_bytes((archive() if kind == "keras" else h5())(""))
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "h5py" else real(name)
    )
    with pytest.raises(MissingExtraError, match=r"h5py, .*Run: pip install 'striate\[keras\]'$"):
        read_foreign(tmp_path / f"w.{kind}")


@settings(max_examples=8)
@given(st.data())
def test_a_changed_number_is_a_changed_number(tmp_path_factory, data):
    """A byte among the numbers of a file without check sums is in the tensor, and nothing else."""
    raw = bytearray(sample())
    with h5py.File(io.BytesIO(raw)) as file:
        key, name = data.draw(st.sampled_from([*UNPACKED.items()]))
        stored = file[name]
        values, start = stored[()], stored.id.get_offset()
    at, value = data.draw(st.integers(0, values.nbytes - 1)), data.draw(st.integers(0, 255))
    raw[start + at] = value
    path = tmp_path_factory.mktemp("changed") / "w.h5"
    path.write_bytes(raw)
    wanted = bytearray(values.tobytes())
    wanted[at] = value
    assert read_foreign(path).tensors[key].numpy().tobytes() == wanted


@settings(max_examples=12)
@given(st.randoms(use_true_random=False))
def test_a_damaged_file_is_refused_in_words_or_read(tmp_path_factory, draw):
    path = tmp_path_factory.mktemp("damaged") / "w.h5"
    path.write_bytes(mutated(sample(), draw))
    words = ""
    try:
        assert len(read_foreign(path).tensors) <= 7
    except WeightsError as error:
        words = str(error)
    assert not words or SENTENCE.match(words), words


def test_a_description_that_only_the_process_could_read_is_refused(tmp_path):
    """How deep lists may be depends on how deep the caller stands."""
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file["layers/dense/vars/0"] = np.ones(2)
        file.attrs["model_config"] = '{"a": ' + "[" * 900 + "]" * 900 + "}"

    def below(depth):
        return below(depth - 1) if depth else refused(tmp_path / "w.h5")

    assert "JSON that is nested too deep" in below(200)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize(
    "name", ["", *(n for n in FILES if re.search("outside|virtual|another file", n))]
)
def test_by_the_systems_own_calls_nothing_else_is_opened(name, tmp_path, other):
    made = FILES[name][0] if name else h5()
    (tmp_path / "w.h5").write_bytes(made(other))
    code = "from striate.io.foreign import take_keras; take_keras.main()"
    calls = "trace=openat,open,creat,connect,socket,execve,unlink,rename,mkdir"
    order = ["strace", "-f", "-o", tmp_path / "log", "-e", calls, sys.executable, "-I", "-c", code]
    with open(tmp_path / "w.h5", "rb") as file:
        done = subprocess.run(order, stdin=file, capture_output=True, check=False)
    if "ptrace" in done.stderr.decode():
        pytest.skip("strace may not trace here")
    assert done.returncode == (3 if name else 0)
    lines = (tmp_path / "log").read_text().splitlines()
    assert not [line for line in lines if str(tmp_path) in line]
    assert not [
        line
        for line in lines
        if re.search(
            r"O_WRONLY|O_RDWR|O_CREAT|creat\(|connect\(|socket\(|unlink|rename|mkdir", line
        )
        and "/dev/null" not in line
    ]
    started = [line for line in lines if "execve(" in line]
    assert all("uname" in line for line in started[1:])  # h5py asks it when it is imported
