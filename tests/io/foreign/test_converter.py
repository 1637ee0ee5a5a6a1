"""Foreign files by real processes: every hostile one is refused, and nothing comes of it."""

import os
import re
import resource
import shutil
import subprocess
import sys

import pytest
import safetensors.torch
import torch

from striate.errors import WeightsError
from striate.io.foreign import converter
from striate.io.foreign import program as starting
from striate.io.foreign.converter import read_foreign
from striate.io.foreign.refusal import REFUSED_CODE
from tests.io.foreign.hostile_files import FILES, GOOD, SHAPES, zipped
from tests.io.hostile_pickles import pickles

SENTENCE = re.compile(r'^Weights "[^"]*": must be [^\n]+\. Got [^\n]+\. [A-Z][^\n]+\.$')
STATE = {"conv.weight": torch.randn(4, 3, 3, 3), "n": torch.tensor(7), "h": torch.ones(2).half()}


def computed():
    """Seconds that this process and those it started have computed."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def refused(path):
    """The words of a refusal, which came at once."""
    started = computed()
    with pytest.raises(WeightsError) as caught:
        read_foreign(path)
    assert computed() - started < 1
    words = str(caught.value)
    assert SENTENCE.match(words), words
    assert len(words) < 1000
    return words


@pytest.mark.parametrize("newer", [True, False])
@pytest.mark.parametrize("nest", ["", "model_state_dict"])
def test_what_torch_saved(newer, nest, tmp_path):
    whole = {"epoch": 3, "best": 0.5, nest: STATE} if nest else STATE
    torch.save(whole, tmp_path / "w.pt", _use_new_zipfile_serialization=newer)
    before = (tmp_path / "w.pt").read_bytes()
    found = read_foreign(tmp_path / "w.pt")
    assert found.format == ("zip" if newer else "legacy")
    assert found.left_out == (("epoch", "best") if nest else ())
    assert set(found.tensors) == set(STATE)
    assert all(found.tensors[name].equal(tensor) for name, tensor in STATE.items())
    assert all(found.tensors[name].dtype == tensor.dtype for name, tensor in STATE.items())
    assert (tmp_path / "w.pt").read_bytes() == before
    assert os.listdir(tmp_path) == ["w.pt"]


def test_safetensors(tmp_path):
    safetensors.torch.save_file(STATE, tmp_path / "w.bin", metadata={"format": "pt"})
    found = read_foreign(tmp_path / "w.bin")
    assert (found.format, found.left_out) == ("safetensors", ())
    assert all(found.tensors[name].equal(tensor) for name, tensor in STATE.items())


@pytest.mark.parametrize("length", [0x80, 0x180])
def test_safetensors_whose_length_begins_as_a_pickle(length, tmp_path):
    name = "n" * (length - 57)
    safetensors.torch.save_file({name: torch.ones(2)}, tmp_path / "w")
    assert (tmp_path / "w").read_bytes()[:8] == length.to_bytes(8, "little")
    assert read_foreign(tmp_path / "w").tensors[name].tolist() == [1, 1]


def test_a_link_that_the_user_named_is_followed(tmp_path):
    torch.save(STATE, tmp_path / "w.pt")
    (tmp_path / "link").symlink_to(tmp_path / "w.pt")
    assert set(read_foreign(tmp_path / "link").tensors) == set(STATE)


@pytest.mark.parametrize("name", pickles("/none"))
def test_hostile_pickles(name, tmp_path):
    data = pickles(tmp_path / "touched")[name]
    (tmp_path / "w.pt").write_bytes(zipped(data))
    assert "Where the file comes from, save the weights alone" in refused(tmp_path / "w.pt")
    (tmp_path / "p.pkl").write_bytes(data)
    refused(tmp_path / "p.pkl")
    assert sorted(os.listdir(tmp_path)) == ["p.pkl", "w.pt"]


@pytest.mark.parametrize("name", [*FILES, *SHAPES])
def test_hostile_files(name, tmp_path):
    data, words = FILES[name] if name in FILES else (zipped(SHAPES[name][0]), SHAPES[name][1])
    (tmp_path / "w.pt").write_bytes(data)
    if name == "a tar":
        words = "a tar archive"
    assert re.search(words, refused(tmp_path / "w.pt"), re.DOTALL)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("w.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), r"that HDF5 does not read.*model\.save_weights"),
        (
            "w.keras",
            zipped(GOOD, more=[("config.json", b"")]),
            "an entry that Keras does not write",
        ),
        ("w.weights.json", b' {"metadata": {}}', "a list of several weight files, which are not"),
        ("w.onnx", b"\x08\x07" + bytes(99), "an ONNX file, which is not read yet"),
        ("w.pkl", b"\x80\x04\x95", r"a pickle that torch.save did not write"),
        ("w.tar", bytes(257) + b"ustar\0", "a tar archive, which torch wrote before version 0"),
        (
            "w.bin",
            b"GGUF" + bytes(9),
            r"a file of another format\. .*torch\.save\(model\.state_dict",
        ),
        ("w.h5", b"hello\n", r"a file of another format\. .*model\.save_weights"),
        ("w.KERAS", b"", r"an empty file\. .*model\.save_weights"),
        ("w.pt", b"", "an empty file"),
        ("w.safetensors", bytes([9] + [0] * 7) + b"{", "shorter than its list of tensors"),
        ("w.safetensors", bytes([2] + [0] * 7) + b"{}!", "1 bytes of tensors where 0 are listed"),
        ("w.pt", zipped(b"\x80\x02c\x1b[2J\nx\n."), r"a pickle that asks for \?\[2J\.x"),
    ],
)
def test_other_formats_say_what_they_are(name, data, words, tmp_path):
    (tmp_path / name).write_bytes(data)
    assert re.search(words, refused(tmp_path / name))


def test_places_that_are_no_file(tmp_path):
    assert "Got No such file or directory. Check path" in refused(tmp_path / "none.pt")
    assert "a folder, pipe or device" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "a folder, pipe or device" in refused(tmp_path / "pipe")
    assert "a folder, pipe or device" in refused("/dev/zero")
    (tmp_path / "link").symlink_to(tmp_path / "link")
    assert "Too many levels" in refused(tmp_path / "link")


def test_a_reading_that_does_not_end_is_ended(tmp_path, monkeypatch):
    torch.save(STATE, tmp_path / "w.pt")
    monkeypatch.setattr(converter, "_LOOK_S", 0.001)
    assert "a file whose reading did not end in time" in refused(tmp_path / "w.pt")


@pytest.mark.parametrize("code", ["print('[1]')", "print('{')", "print('{\"format\": 1}')", ""])
def test_a_look_that_says_nothing(code, tmp_path, monkeypatch):
    torch.save(STATE, tmp_path / "w.pt")
    monkeypatch.setattr(starting, "_START", code.replace("{", "{{").replace("}", "}}"))
    assert "a file whose reading ended without a word" in refused(tmp_path / "w.pt")


def test_it_does_not_hang_on_where_the_program_stands(tmp_path, monkeypatch):
    """Neither the folder that is worked in nor the environment changes what is imported."""
    (tmp_path / "torch.py").write_text("raise SystemExit(7)")
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    torch.save(STATE, tmp_path / "w.pt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "torch.py"))
    assert set(read_foreign("w.pt").tensors) == set(STATE)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_by_the_systems_own_calls_nothing_is_written_or_connected(tmp_path):
    """Of a hostile file and a good one, as the kernel saw it, with all that was started."""
    torch.save(STATE, tmp_path / "good.pt")
    (tmp_path / "evil.pt").write_bytes(zipped(pickles(tmp_path / "touched")["REDUCE of os.system"]))
    for program, name in (("look", "evil.pt"), ("look", "good.pt"), ("take", "good.pt")):
        log = tmp_path / "log"
        calls = "openat,open,creat,connect,socket,execve,unlink,rename,mkdir"
        code = f"from striate.io.foreign import {program}; {program}.main()"
        with open(tmp_path / name, "rb") as file:
            done = subprocess.run(
                [
                    "strace",
                    "-f",
                    "-o",
                    log,
                    "-e",
                    f"trace={calls}",
                    sys.executable,
                    "-I",
                    "-c",
                    code,
                ],
                stdin=file,
                capture_output=True,
                check=False,
            )
        if "ptrace" in done.stderr.decode():
            pytest.skip("strace may not trace here")
        assert done.returncode == (REFUSED_CODE if name == "evil.pt" else 0)
        lines = log.read_text().splitlines()
        written = [line for line in lines if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(", line)]
        assert [line for line in written if "/dev/null" not in line] == []
        assert [
            line for line in lines if re.search(r"connect\(|socket\(|unlink|rename|mkdir", line)
        ] == []
        assert sum("execve(" in line for line in lines) == 1
        assert not [line for line in lines if str(tmp_path) in line]
