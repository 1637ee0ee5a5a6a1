"""Totals: the numbers of an epoch, each sample once, read only when somebody looks."""

import pytest
import torch

from striate.metrics import F1Score, MeanAbsoluteError, Precision
from striate.records import Batch
from striate.train.totals import LazyLogs, OutputMetrics, Totals
from striate.world import OneProcess


def add(totals, loss, n, sums=None, outputs=None):
    batch = Batch(torch.zeros(n, 1), torch.zeros(n, 1))
    sums = sums or {"out": (torch.tensor(loss * n), n)}
    totals.add(torch.tensor(loss), sums, batch, torch.ones(n, 1) if outputs is None else outputs)


def test_a_batch_counts_by_its_samples():
    totals = Totals(OutputMetrics(), OneProcess())
    add(totals, 1.0, 3)
    add(totals, 5.0, 1)
    assert totals.logs() == {"loss": 2.0}


def test_parts_have_names_where_there_are_several():
    totals = Totals(OutputMetrics(), OneProcess())
    for size in (2.0, 4.0):
        parts = {"a": (torch.tensor(size), 2), "b": (torch.tensor(10.0), torch.tensor(5))}
        add(totals, 0.5, 2, parts)
    assert totals.logs() == {"loss": 0.5, "a_loss": 1.5, "b_loss": 2.0}


def test_metrics_begin_anew_with_each_totals():
    metrics = OutputMetrics([("mae", 0, MeanAbsoluteError())])
    for _ in range(2):
        totals = Totals(metrics, OneProcess())
        add(totals, 0.0, 4, outputs=torch.full((4, 1), 3.0))
        assert totals.logs() == {"loss": 0.0, "mae": 3.0}


def test_a_metric_of_several_numbers_gives_each_a_name():
    metrics = OutputMetrics([("f1", 0, F1Score(threshold=0.5)), ("p", 0, Precision([0.2, 0.8]))])
    totals = Totals(metrics, OneProcess())
    batch = Batch(torch.zeros(2, 1), torch.tensor([[1, 0], [1, 1]]))
    totals.add(torch.tensor(0.0), {}, batch, torch.tensor([[0.9, 0.4], [0.3, 0.9]]))
    logs = totals.logs()
    assert list(logs) == ["loss", "f1_0", "f1_1", "p_0", "p_1"]
    assert [round(value, 4) for value in logs.values()] == [0.0, 0.6667, 1.0, 0.75, 1.0]


def test_metrics_do_not_weigh_samples():
    metrics = OutputMetrics([("mae", 0, MeanAbsoluteError())])
    totals = Totals(metrics, OneProcess())
    batch = Batch(torch.zeros(2, 1), torch.zeros(2, 1), torch.tensor([0.0, 9.0]))
    totals.add(torch.tensor(0.0), {}, batch, torch.tensor([[1.0], [3.0]]))
    assert totals.logs()["mae"] == 2.0


def test_several_processes_add_up():
    class Both(OneProcess):
        def sum(self, value):
            return 2 * value

    totals = Totals(OutputMetrics(), Both())
    add(totals, 3.0, 2)
    assert totals.logs() == {"loss": 3.0}


def test_before_the_first_batch():
    assert Totals(OutputMetrics(), OneProcess()).logs() == {"loss": 0.0}


def test_logs_are_read_only_when_somebody_looks():
    reads = []

    class Watched(Totals):
        def logs(self):
            reads.append(1)
            return super().logs()

    totals = Watched(OutputMetrics(), OneProcess())
    add(totals, 2.0, 1)
    logs = LazyLogs(totals)
    assert not reads
    assert logs["loss"] == 2.0
    assert (list(logs), len(logs), dict(logs)) == (["loss"], 1, {"loss": 2.0})
    assert len(reads) == 1
    with pytest.raises(KeyError):
        logs["accuracy"]
