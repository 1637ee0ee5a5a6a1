"""The batches that follow from what fit was given."""

import inspect
from dataclasses import fields

import pytest

from striate.errors import ArgumentError
from striate.models.fit_options import FitOptions, batches_of
from striate.models.fitting import fit
from tests.models.small_net import data


def options(**words):
    plain = {name: p.default for name, p in inspect.signature(fit).parameters.items()}
    return FitOptions(**{each.name: {**plain, **words}[each.name] for each in fields(FitOptions)})


def test_batches_in_an_order_of_the_seed():
    x, y = data()
    first, second, other = (
        next(iter(batches_of(options(), (x, y, None), 8, seed).epoch(0))).sample_ids.tolist()
        for seed in (1, 1, 2)
    )
    assert first == second != other
    plain = batches_of(options(shuffle=False), (x, y, None), 8, 1)
    assert next(iter(plain.epoch(0))).sample_ids.tolist() == list(range(8))


def test_error_words():
    x, y = data()
    with pytest.raises(ArgumentError, match=r"fit: `shuffle` must be True or False"):
        batches_of(options(shuffle="yes"), (x, y, None), 8, 0)
