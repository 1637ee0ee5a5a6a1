"""fit asks for memory before its first step: in processes that may take only so much."""

import json
import subprocess
import sys

import pytest

from striate.errors import ArgumentError
from striate.train import Checkpoint
from tests.models.small_net import PARTS, data, ready, same

LIMITED = """
import json, resource, sys
import numpy as np, torch, striate
from striate import layers
from striate.errors import PlanError

torch.manual_seed(0)
torch.set_num_threads(1)
parts = [layers.Conv2D(64, 3, padding="same"), layers.BatchNormalization(), layers.ReLU()]
net = striate.Sequential([
    striate.Input((64, 64, 1)), *parts, layers.GlobalAveragePooling2D(), layers.Dense(2, "softmax")
])
net.compile("adam", loss="sparse_categorical_crossentropy")
x, y = np.random.rand(160, 64, 64, 1).astype("float32"), np.arange(160) % 2
net.fit(x[:2], y[:2], verbose=0)
held = next(line for line in open("/proc/self/status") if line.startswith("VmData"))
limit = 1024 * int(held.split()[1]) + 300_000_000
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
for words in json.loads(sys.argv[1]):
    if "times" in words:
        words["batch_size"] = int(words.pop("times") * named)
    before = net.get_weights()
    try:
        print(json.dumps(net.fit(x, y, verbose=0, seed=1, **words).notes))
    except PlanError as error:
        print(json.dumps(str(error)))
        if "by plan" in str(error):
            named = int(str(error).split("batch_size=")[1].split(",")[0])
            assert all((a == b).all() for a, b in zip(before, net.get_weights()))
"""


def limited(*fits):
    command = [sys.executable, "-c", LIMITED, json.dumps(fits)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is of Linux")
def test_what_is_named_trains_and_a_larger_batch_does_not():
    """Each map takes more than the 32 MB up to which glibc keeps memory for itself."""
    by_plan, notes, larger = limited(
        {"batch_size": 160}, {"times": 0.95}, {"times": 1.6, "on_oom": "try"}
    )
    assert "left to the process's data" in by_plan
    assert "by plan. The largest batch that fits is " in by_plan
    assert notes == []
    assert " in epoch 1, step 1. By trial, " in larger


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is of Linux")
def test_parts_and_a_chosen_batch():
    [note], [sentence] = limited(
        {"batch_size": 160, "on_oom": "accumulate"}, {"batch_size": "auto"}
    )
    assert "a step of 160 samples needs" in note
    assert "(accumulate=" in note
    assert 30 < int(sentence.split()[2].rstrip(",")) < 80


def test_a_run_goes_on_with_the_batch_that_it_has(tmp_path):
    x, y = data()

    def fit(name, model, epochs, **words):
        checkpoint = Checkpoint(tmp_path / name, say=[].append)
        how = {"verbose": 0, "seed": 1, "checkpoint": checkpoint, "resume": "auto", **words}
        return model.fit(x, y, epochs=epochs, **how)

    ours, theirs = ready(), ready()
    fit("ours", ready(), 1, batch_size=8)
    fit("ours", ours, 2, batch_size="auto")  # 40 would be another run's
    fit("theirs", theirs, 2, batch_size=8)
    assert same(ours, theirs)


def test_auto_is_the_same_as_its_number():
    x, y = data()
    ours, theirs = ready(), ready()
    [sentence] = ours.fit(x, y, batch_size="auto", epochs=2, verbose=0, seed=1).notes
    assert sentence.startswith("Batches of 40, all there are")
    theirs.fit(x, y, batch_size=40, epochs=2, verbose=0, seed=1)
    assert same(ours, theirs)


def test_error_words():
    words = r"fit: `batch_size` must be left out where x is no arrays, but batches already\. Got"
    with pytest.raises(ArgumentError, match=words):
        ready().fit(PARTS, batch_size="auto")
