"""Which bytes come from the system, and that the system counts as many."""

import resource

import pytest
import torch

from striate.plan.fresh_memory import LARGEST_REUSED_BYTES, fresh_bytes
from striate.plan.recording import timeline_of
from striate.plan.timeline import Storage, Timeline
from striate.plan.tracing import Recorder

MIB = 2**20


def test_only_what_a_run_makes_and_is_large():
    storages = (
        Storage("weights", "", "step", 400 * MIB, 0),
        Storage("kept", "a", "forward", 0, MIB),
        Storage("gradients", "", "backward", 500 * MIB, 0),
        Storage("passing", "a", "forward", MIB, 0),
        Storage("gradients", "", "step", 500 * MIB, 0),
        Storage("passing", "", "step", 0, MIB),
    )
    line = Timeline(storages, (6, 1, 5, 2, -5, 3, 4, -4, -2, -6))
    assert fresh_bytes(line, 64) == 500 * MIB
    assert fresh_bytes(line, 65) == 565 * MIB
    assert fresh_bytes(Timeline((), ()), 5) == 0


@pytest.mark.parametrize("samples", [40, 72])
def test_the_system_counts_as_many_pages(samples):
    x = torch.ones(samples, 2**18)

    def run():
        return (x + 1.0).mul_(2.0).exp()

    recorder = Recorder()
    recorder.hold([x], "batch")
    with recorder:
        made = run()
    found = fresh_bytes(timeline_of([(samples, recorder.recording(carried=()))]), samples)
    del made
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        run()
        pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    counted = pages * resource.getpagesize()
    assert found == (2 * x.nbytes if x.nbytes > LARGEST_REUSED_BYTES else 0)
    assert counted >= 0.95 * found
