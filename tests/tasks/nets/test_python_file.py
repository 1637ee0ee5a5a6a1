"""A model that a Python file makes, and each way in which it may not."""

import re

import pytest
import torch

from striate.errors import ArgumentError, WeightsError
from striate.tasks import model_of_file

TEXT = """
import numpy as np
import striate
from beside import units
from striate import layers

def make():
    return striate.Sequential([striate.Input((8, 8, 1)), layers.Flatten(), layers.Dense(units)])

def with_numbers():
    net = make()
    net.set_weights([np.ones_like(part) for part in net.get_weights()])
    return net

ready = make()
number = 3

class Open(striate.Model):
    def call(self, x):
        return x

def breaks():
    raise ValueError("no such thing.")

def ends():
    raise SystemExit(2)
"""


@pytest.fixture(autouse=True)
def _file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "nets.py").write_text(TEXT)
    (tmp_path / "far" / "beside.py").write_text("units = 5\n")
    (tmp_path / "far" / "broken.py").write_text("a = 1\n\nb = a +\n")


def test_a_function_makes_it_without_numbers_where_it_can():
    found = model_of_file("far/nets.py", "make")
    assert found.count_params() == 64 * 5 + 5
    assert all(weight.is_meta for weight in found.parameters())
    full = model_of_file("far/nets.py", "with_numbers")
    assert all(torch.equal(weight, torch.ones_like(weight)) for weight in full.parameters())
    assert not any(w.is_meta for w in model_of_file("far/nets.py", "ready").parameters())


@pytest.mark.parametrize(
    ("path", "name", "kind", "words"),
    [
        ("no.py", "x", WeightsError, 'File "no.py": must be a Python file. Got no such file.'),
        (
            "far/nets.py",
            "mak",
            ArgumentError,
            "plan: `model` must name what is in far/nets.py. Got",
        ),
        ("far/nets.py", "mak", ArgumentError, "Nearest: make,"),
        ("far/nets.py", "number", ArgumentError, "be a model of striate, or make one, in far/nets"),
        ("far/nets.py", "Open", ArgumentError, "must know its input shape. Got"),
        ("far/nets.py", "breaks", WeightsError, "Got ValueError: no such thing in line 23. Mend"),
        ("far/nets.py", "ends", WeightsError, "Got SystemExit: 2 in line 26. Mend the file."),
        ("far/broken.py", "b", WeightsError, "must run to its end. Got SyntaxError: "),
    ],
)
def test_error_words(path, name, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        model_of_file(path, name)
