"""How the programs are started, and what becomes of how they end."""

import json
import os
import tempfile

import pytest

from striate.io.foreign import program
from striate.io.foreign.program import Failed, run_program, said


def run(code, monkeypatch, given=b"", *, seconds=60.0):
    """What a program of other code leaves; {0} would be its name."""
    monkeypatch.setattr(program, "_START", code.replace("{", "{{").replace("}", "}}"))
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as out:
        file.write(given)
        file.seek(0)
        file.read(1)  # which fetches more than that
        run_program("none", file, out, seconds=seconds)
        return out.read()


def test_it_gets_the_file_from_its_beginning_and_hands_over_what_it_writes(monkeypatch):
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"
    assert run(code, monkeypatch, b"abc") == b"cba"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.exit(1)", "a file whose reading ended with code 1"),
        ("import sys; sys.exit(86)", "a file whose reading tried more than to read numbers"),
        ("import os; os.kill(os.getpid(), 9)", "a file whose reading ended with code -9"),
        ('import sys; print(\'{"refused": "why"}\'); sys.exit(3)', "^why$"),
        ("import sys; print('{\"refused\": 5}'); sys.exit(3)", "a file that was refused"),
        ("import sys; print('[]'); sys.exit(3)", "a file that was refused"),
        ("import sys; print('{'); sys.exit(3)", "a file that was refused"),
        (
            "from signal import *; setitimer(ITIMER_PROF, 0.05)\nwhile True: pass",
            "a file whose reading did not end in time",
        ),
    ],
)
def test_how_it_may_end(code, words, monkeypatch):
    with pytest.raises(Failed, match=words):
        run(code, monkeypatch)


def test_one_that_waits_is_ended(monkeypatch):
    with pytest.raises(Failed, match="did not end in time"):
        run("import time; time.sleep(30)", monkeypatch, seconds=0.3)


def test_it_gets_no_secrets_and_loads_no_plugins(monkeypatch):
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.setenv("HDF5_PLUGIN_PATH", "/tmp")
    monkeypatch.setenv("HDF5_DRIVER", "family")
    found = json.loads(run("import json, os; print(json.dumps(dict(os.environ)))", monkeypatch))
    assert found["HDF5_PLUGIN_PRELOAD"] == "::"
    assert not {"SECRET", "HDF5_PLUGIN_PATH", "HDF5_DRIVER", "HOME"} & set(found)


def test_it_stands_nowhere_and_imports_only_the_packages_it_needs(monkeypatch):
    code = (
        "import os, sys, json; print(json.dumps([os.getcwd(), sys.flags.isolated, sys.argv[1:]]))"
    )
    folder, isolated, packages = json.loads(run(code, monkeypatch))
    assert (folder, isolated) == (os.path.abspath(os.sep), 1)
    assert all((os.path.isdir(package)) for package in packages)


def test_what_is_no_json_object_says_nothing():
    for text in (b"", b"[]", b"{", b'{"a": NaN}', b"\xff"):
        with tempfile.TemporaryFile() as out:
            out.write(text)
            assert said(out) == {}
