"""A run that does not fit is refused before its first step, in words that hold every way out."""

import re
import sys
from pathlib import Path

import pytest
import torch

import striate
from striate import layers
from striate.errors import PlanError
from striate.models.planning.enough_memory import Beginning, beginning, largest_batch
from striate.models.planning.run_memory import run_memory

GB = r"[\d.]+ [MGT]B"
SIDE = 256
LEFT = 1_000_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limit is of Linux")


@pytest.fixture(autouse=True)
def left():
    """The process may take so much more and not more, whatever the machine has."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    lines = Path("/proc/self/status").read_text().splitlines()
    held = next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmSize"))
    resource.setrlimit(resource.RLIMIT_AS, (held + LEFT, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def memory_of(filters, *, samples=40, device="cpu", layer=None, precision="float32", **how):
    """Of a net of few weights and a map as large as is wanted; nothing is made of it."""
    with torch.device(device):
        parts = [layers.Conv2D(filters, 1, use_bias=False), *([layer] if layer else [])]
        parts += [layers.GlobalAveragePooling2D(), layers.Dense(1)]
        model = striate.Sequential([striate.Input((SIDE, SIDE, 1)), *parts])
    model.compile("sgd", loss="mse")
    x = torch.zeros(samples, SIDE, SIDE, 1)
    source = striate.data.ArraySource(x, torch.zeros(samples, 1))
    return run_memory(model, striate.data.Loader(source, 1), precision=precision, **how)


def filters_for(part):
    """So many that the map of a sample takes this part of what is free."""
    return int(part * LEFT / (4 * SIDE * SIDE))


class Asking(layers.Layer):
    """Asks for the numbers themselves."""

    def call(self, x):
        return x[x.sum(dim=(1, 2, 3)) > 0.0]

    def output_shape(self, input_shape):
        return input_shape


def test_what_suffices_by_far_is_not_traced():
    memory = memory_of(4)
    assert beginning(memory, 32) == Beginning(1, ())
    assert memory._timelines == {}


def test_what_suffices_closely_is_traced():
    memory = memory_of(filters_for(1 / 250), accumulate=2)
    assert beginning(memory, 40) == Beginning(2, ())
    assert len(memory._timelines) == 1


def test_all_ways_out_are_named():
    memory = memory_of(filters_for(1 / 30))
    with pytest.raises(PlanError) as caught:
        beginning(memory, 40)
    text = str(caught.value)
    found = re.fullmatch(
        rf"fit: must have memory for batches of 40\. Got {GB} \(left to the process's address "
        rf"space, with what the model holds\), where a step needs {GB} by plan\. The "
        rf"largest batch that fits is (\d+)\. Use "
        rf"batch_size=(\d+), or the same batch in parts, accumulate=(\d+) \({GB}\) or "
        rf'on_oom="accumulate"(, or precision="bfloat16" \({GB}(, too much still)?\))?, or smaller '
        r'pictures\. With on_oom="try" the run begins all the same\.',
        text,
    )
    assert found, text
    largest, parts = int(found[1]), int(found[3])
    assert found[1] == found[2]
    assert 1 < largest < 40
    assert parts > 1
    assert beginning(memory, max(1, int(0.9 * largest))) == Beginning(1, ())


def test_one_sample_is_too_much():
    memory = memory_of(filters_for(2.0), precision="bfloat16", accumulate=3)
    words = (
        r"batches of 6 in 3 parts\. Got .* by plan\. Not even one sample fits\. Use smaller "
        r"pictures or a smaller net\. With"
    )
    for on_oom in ("stop", "accumulate"):
        with pytest.raises(PlanError, match=words):
            beginning(memory, 6, on_oom=on_oom)
    with pytest.raises(PlanError, match=r"train: must have memory for batches of 1 in 3 parts\."):
        largest_batch(memory, 40, place="train")


def test_try_begins():
    assert beginning(memory_of(filters_for(2.0)), 6, on_oom="try") == Beginning(1, ())


def test_parts_that_fit():
    memory = memory_of(filters_for(1 / 30))
    found = beginning(memory, 40, on_oom="accumulate")
    assert memory.needed_bytes(40, parts=found.parts) < LEFT * 1.1
    assert memory.needed_bytes(40, parts=found.parts - 1) > LEFT * 0.9
    [note] = found.notes
    words = rf"There are {GB} \(.*\), and a step of 40 samples needs {GB} by plan: each batch is"
    assert re.match(words, note)
    assert f"in {found.parts} parts (accumulate={found.parts}). The update is that" in note


def test_what_cannot_be_planned_begins():
    memory = memory_of(filters_for(2.0), layer=Asking())
    assert beginning(memory, 6) == Beginning(1, ())
    with pytest.raises(PlanError, match=r"fit: must be able to plan the step for batch_size='auto"):
        largest_batch(memory, 6)


def test_the_largest_batch_leaves_a_tenth_free():
    memory = memory_of(filters_for(1 / 300))
    found, sentence = largest_batch(memory, 5000)
    assert memory.needed_bytes(found) == pytest.approx(0.9 * LEFT, rel=0.1)
    words = rf"Batches of {found}, the largest that fits: a step needs {GB} by plan, and there are"
    assert sentence.startswith(re.match(words, sentence)[0])
    assert re.search(r"An epoch has \d+ steps\.$", sentence)


def test_all_samples_at_once_teach_little():
    found, sentence = largest_batch(memory_of(4), 40)
    assert found == 40
    assert sentence.startswith("Batches of 40, all there are: a step needs ")
    assert sentence.endswith(
        "An epoch has 1 step. So few updates teach little: a smaller batch may learn better."
    )


def test_a_device_that_does_not_tell():
    memory = memory_of(filters_for(2.0), device="meta")
    assert beginning(memory, 6) == Beginning(1, ())
    words = r"must know how much memory is free for batch_size='auto'\. Got a meta that does not"
    with pytest.raises(PlanError, match=words):
        largest_batch(memory, 6)
