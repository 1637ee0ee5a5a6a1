"""Precision: what a wish becomes."""

from pathlib import Path

import pytest
import torch

from striate.errors import ArgumentError
from striate.train.precision import autocast, resolve

CPU = torch.device("cpu")


@pytest.mark.parametrize("word", ["float32", "bfloat16"])
def test_a_number_type_is_taken_at_its_word(word):
    assert resolve(word, CPU) == word


def test_auto_asks_the_device():
    """The kernel of Linux says what the processor has; the library asks the processor."""
    flags = Path("/proc/cpuinfo").read_text()
    native = any(word in flags for word in ("avx512_bf16", "amx_bf16", " bf16"))
    assert resolve("auto", CPU) == ("bfloat16" if native else "float32")
    assert resolve("auto", torch.device("meta")) == "float32"


def test_another_word():
    with pytest.raises(ArgumentError, match=r'predict: `precision` must be one of "float32", "bf'):
        resolve("float64", CPU, place="predict")


def test_the_context():
    a = torch.ones(2, 2)
    with autocast("float32", CPU):
        assert (a @ a).dtype == torch.float32
    with autocast("bfloat16", CPU):
        assert (a @ a).dtype == torch.bfloat16


@pytest.mark.gpu
def test_auto_on_a_gpu():
    assert resolve("auto", torch.device("cuda")) in ("float32", "bfloat16")
