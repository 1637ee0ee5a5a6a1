"""A crash after any call, with any loss of what was not flushed: the last whole one is found."""

import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
import torch

from striate.errors import WeightsError
from striate.io.generations import Generations
from tests.io.crash_disk import Recorder, build, crashes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/fd")


def contents(number):
    return {
        "run.json": b'{"step": %d}' % number,
        "weights.safetensors": {"w": torch.arange(60.0) + number, "b": torch.full((3,), number)},
    }


def same(generation):
    found, wanted = dict(generation.files), contents(generation.number)
    tensors = found.pop("weights.safetensors")
    expected = wanted.pop("weights.safetensors")
    return (
        found == wanted
        and set(tensors) == set(expected)
        and all(tensors[name].equal(value) for name, value in expected.items())
    )


def judge(folder, safe, writing):
    """Fails unless the last safe one or the one that is being written is read, whole."""
    found = Generations(folder).newest()
    if found is None:
        assert safe is None, f"{safe} is lost"
    else:
        assert found.number in (safe, writing), f"{found.number} instead of {safe} or {writing}"
        assert same(found), f"{found.number} is not as it was written"
    return found


def recorded(root, patch, steps, *, keep=2, best=(), deaf_to=None):
    """The moments of a run that writes the steps, and the step that is written at each."""
    run = Generations(root / "checkpoints", keep=keep)
    found = run.newest()
    with Recorder(root, patch, deaf_to) as recorder:
        recorder.marked = None if found is None else found.number
        for step in steps:
            run.write(step, contents(step), best=step in best)
            recorder.mark(step)
    return recorder


def replay(recorder, steps, memory, draw, *, act=judge, most=None):
    """Acts on every state that a crash may leave; returns how many there were."""
    done, seen = 0, set()
    moments = recorder.moments
    for safe, disk in moments:
        writing = next((s for s in steps if safe is None or s > safe), safe)
        for tree in crashes(disk, draw):
            key = (safe, tuple(sorted(tree.items(), key=lambda item: item[0])))
            if key in seen or (most is not None and draw.random() > most):
                continue
            seen.add(key)
            root = memory / f"state-{done}"
            root.mkdir()
            build(tree, root)
            act(root / "checkpoints", safe, writing)
            shutil.rmtree(root)
            done += 1
    return done


@pytest.fixture
def memory(monkeypatch):
    """A folder in memory, where there is one: the replays need no real disk and no real flush."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    place = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    yield Path(place)
    shutil.rmtree(place)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def go_on(folder, safe, writing):
    """After the crash the run goes on: the next write succeeds and leaves nothing behind."""
    found = judge(folder, safe, writing)
    run = Generations(folder)
    assert (run.newest() is None) == (found is None)
    following = 0 if found is None else found.number + 1
    run.write(following, contents(following))
    again = Generations(folder).newest()
    assert again.number == following
    assert same(again)
    assert again.notes == ()
    stands = {f"step-{n:010d}" for n in (following, found.number if found else following)}
    assert stands <= set(names(folder))
    assert all(name == "LATEST" or name.startswith("step-") for name in names(folder))
    best = run.best()
    assert best is None or same(best)


@pytest.mark.parametrize(("keep", "best"), [(2, (2,)), (1, ())])
def test_no_crash_loses_the_last_one_or_yields_half_of_one(memory, monkeypatch, keep, best):
    (memory / "run").mkdir()
    steps = (1, 2, 3, 4)
    recorder = recorded(memory / "run", monkeypatch, steps, keep=keep, best=best)
    done = replay(recorder, steps, memory, random.Random(1), act=go_on)
    assert len(recorder.moments) > 60
    assert done >= 500
    print(done, "states")


def test_a_crash_amid_the_repair_of_a_crash(memory, monkeypatch):
    """Every third state is the start of a run that crashes again."""
    (memory / "run").mkdir()
    first = recorded(memory / "run", monkeypatch, (1, 2), keep=2)
    draw, count = random.Random(2), [0]

    def crash_again(folder, safe, writing):
        count[0] += 1
        found = Generations(folder).newest()
        step = 0 if found is None else found.number
        second = recorded(folder.parent, monkeypatch, (step,) if count[0] % 2 else (step + 1,))
        inner = memory / f"again-{count[0]}"
        inner.mkdir()
        known = None if found is None else found.number
        last = second.moments[-1][0]

        def either(folder, safe, writing):
            judge(folder, known if safe is None else safe, last)

        count.append(replay(second, (last,), inner, draw, most=0.1, act=either))
        shutil.rmtree(inner)

    done = replay(first, (1, 2), memory, draw, act=crash_again, most=0.1)
    assert done >= 10
    assert sum(count[1:]) >= 100
    print(done, sum(count[1:]))


@pytest.mark.parametrize("deaf_to", ["files", "folders"])
def test_the_disk_is_strict(memory, monkeypatch, deaf_to):
    """Without the flushes of one kind, a loss is found: the judge above can fail."""
    (memory / "run").mkdir()
    recorder = recorded(memory / "run", monkeypatch, (1, 2, 3), keep=1, deaf_to=deaf_to)
    losses = []

    def act(folder, safe, writing):
        try:
            judge(folder, safe, writing)
        except (AssertionError, WeightsError) as error:
            losses.append(str(error))

    replay(recorder, (1, 2, 3), memory, random.Random(3), act=act)
    assert len(losses) > 10
