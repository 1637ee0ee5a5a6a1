"""Precision: what a wish becomes."""

import pytest
import torch

from striate.errors import ArgumentError
from striate.train.precision import autocast, resolve

CPU = torch.device("cpu")


@pytest.mark.parametrize("word", ["float32", "bfloat16"])
def test_a_number_type_is_taken_at_its_word(word):
    assert resolve(word, CPU) == word


def test_auto_asks_the_device():
    native = torch.ops.mkldnn._is_mkldnn_bf16_supported()
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
