"""A crash after any call, with any loss of what was not flushed: the last whole one is found."""

import random
import shutil
import sys

import pytest
import torch

from striate.errors import WeightsError
from striate.io.generations import Generations
from tests.io.crash_disk import Recorder, memory, replay

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


@pytest.fixture
def place(monkeypatch):
    with memory(monkeypatch) as folder:
        yield folder


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
def test_no_crash_loses_the_last_one_or_yields_half_of_one(place, monkeypatch, keep, best):
    (place / "run").mkdir()
    recorder = recorded(place / "run", monkeypatch, (1, 2, 3, 4), keep=keep, best=best)
    assert len(recorder.moments) > 60

    def act(root, safe):
        go_on(root / "checkpoints", safe, (safe or 0) + 1)

    assert replay(recorder, place, random.Random(1), act) >= 500


def test_a_crash_amid_the_repair_of_a_crash(place, monkeypatch):
    """Some states are the start of a run that crashes again, at the same number or the next."""
    (place / "run").mkdir()
    first = recorded(place / "run", monkeypatch, (1, 2), keep=2)
    draw, states = random.Random(2), []

    def crash_again(root, _):
        found = Generations(root / "checkpoints").newest()
        known = None if found is None else found.number
        following = draw.randrange(2) + (known or 0)
        second = recorded(root, monkeypatch, (following,))
        inner = place / "again"
        inner.mkdir()

        def act(again, safe):
            judge(again / "checkpoints", safe, following)

        states.append(replay(second, inner, draw, act, share=0.2))
        shutil.rmtree(inner)

    assert replay(first, place, draw, crash_again, share=0.1) >= 10
    assert sum(states) >= 500


@pytest.mark.parametrize("deaf_to", ["files", "folders"])
def test_the_disk_is_strict(place, monkeypatch, deaf_to):
    """Without the flushes of one kind, losses are found: the judge above can fail."""
    (place / "run").mkdir()
    recorder = recorded(place / "run", monkeypatch, (1, 2, 3), keep=1, deaf_to=deaf_to)
    losses = []

    def act(root, safe):
        try:
            judge(root / "checkpoints", safe, (safe or 0) + 1)
        except (AssertionError, WeightsError) as error:
            losses.append(error)

    replay(recorder, place, random.Random(3), act)
    assert len(losses) > 10
