"""Every public layer, loss, metric and optimizer is in the catalogue, described to the end."""

import inspect

import pytest
from benchmarks.layers import PAIRS, WITHOUT
from tests.catalog import LAYERS
from tests.catalog.losses import LOSSES
from tests.catalog.metrics import METRICS
from tests.catalog.ops import OPS
from tests.catalog.optimizers import OPTIMIZERS, SCHEDULES

from striate import layers, losses, metrics, ops, optimizers
from striate.layers import Layer
from striate.layers.base import layer_types
from striate.layers.state import own_arguments

PUBLIC = {
    each
    for each in (getattr(layers, name) for name in layers.__all__)
    if inspect.isclass(each) and issubclass(each, Layer) and each is not Layer
}


ROOMS = {
    "losses": (losses, LOSSES, {losses.Loss}),
    "metrics": (metrics, METRICS, {metrics.Accumulator, metrics.Metric}),
    "optimizers": (optimizers, OPTIMIZERS, {optimizers.Optimizer}),
    "schedules": (optimizers.schedules, SCHEDULES, {optimizers.schedules.Schedule}),
}


def test_every_public_layer_has_a_row():
    assert {type(row.make()) for row in LAYERS} == PUBLIC


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_loss_metric_and_optimizer_has_a_row(room):
    module, rows, bases = ROOMS[room]
    public = {getattr(module, name) for name in module.__all__}
    assert {type(row.make()) for row in rows} == {*filter(inspect.isclass, public)} - bases
    assert all(type(row.make()).__name__ == row.name for row in rows)


def test_every_public_layer_is_timed_beside_torch():
    timed = {name.split()[0] for name in PAIRS}
    assert timed | set(WITHOUT) == {kind.__name__ for kind in PUBLIC}
    assert not timed & set(WITHOUT)


def test_every_public_op_has_a_row_and_runs():
    assert [row.name for row in OPS if row.name not in ops.__all__] == []
    assert {row.name for row in OPS} == set(ops.__all__)
    for row in OPS:
        row.call(*row.tensors())


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_a_row_is_named_as_its_layer(row):
    assert getattr(layers, row.name) is type(row.make())
    assert layer_types.get(row.name) is type(row.make())


def test_rows_have_names_of_their_own():
    for rows in (LAYERS, LOSSES, METRICS, OPTIMIZERS, SCHEDULES):
        assert len({str(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("kind", sorted(PUBLIC, key=lambda kind: kind.__name__))
def test_a_layer_says_what_goes_in_and_out(kind):
    text = inspect.getdoc(kind)
    for section in ("Shape:", "Example:"):
        assert section in text, f"{kind.__name__} has no {section}"
    for argument in own_arguments(kind):
        assert argument in text.partition("Args:")[2], f"{kind.__name__}: {argument} not in Args"
