"""A run that is killed anywhere goes on bit for bit: every tensor, every line, every sample."""

import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from striate.io.store import read_folder
from tests.e2e.kill_driver import CASES, KINDS

DRIVER = Path(__file__).with_name("kill_driver.py")
POINTS, LONG_POINTS = 25, 140
KILLED = -9


class Driver:
    """Asks the process that forks lives."""

    def __init__(self):
        words = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **words, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def __call__(self, folder, case, **end):
        folder.mkdir(parents=True, exist_ok=True)
        self.process.stdin.write(json.dumps({"folder": str(folder), "case": case, **end}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def driver():
    made = Driver()
    yield made
    made.process.communicate(timeout=30)
    assert made.process.returncode == 0


@pytest.fixture(scope="module")
def whole(driver, tmp_path_factory):
    """case -> (what an uninterrupted run leaves, its events, its seconds)."""
    runs = {}

    def run(case):
        if case not in runs:
            folder = tmp_path_factory.mktemp("whole") / case
            began = time.monotonic()
            found = driver(folder, case)
            assert found["code"] == 0
            runs[case] = result(folder), found["seen"], time.monotonic() - began
        return runs[case]

    return run


def digest(tensor):
    data = tensor.detach().contiguous().flatten().view(torch.uint8)
    return hashlib.sha256(data.numpy().tobytes()).hexdigest()[:16]


def result(folder):
    """Every tensor of the last checkpoint by its hash, all its numbers, and the logs."""
    last = max((folder / "checkpoints").glob("step-*"))
    found = {"checkpoint": last.name}
    for name, content in read_folder(last).items():
        if isinstance(content, bytes):
            found[name] = json.loads(content)
        else:
            found |= {f"{name}/{key}": digest(value) for key, value in content.items()}
    for name in ("metrics.jsonl", "samples.log"):
        found[name] = (folder / name).read_text().splitlines()
    found["final"] = hashlib.sha256((folder / "final.npz").read_bytes()).hexdigest()
    return found


def points(count):
    """(case, kind, part of the events or of the time, 0..1) of each kill."""
    drawn = random.Random(5)
    kinds = itertools.cycle([*KINDS, "time"])
    cases = itertools.cycle(CASES)
    return [(next(cases), next(kinds), drawn.random()) for _ in range(count)]


def kill_and_resume(driver, whole, folder, point):
    """Kills a run at a point, goes on with it to its end, and compares; how often it was killed."""
    case, kind, part = point
    wanted, events, seconds = whole(case)
    if kind == "time":
        end = {"seconds": part * seconds}
    else:
        end = {"kind": kind, "number": 1 + int(part * events[kind])}
    first = driver(folder, case, **end)
    if first["code"] == 0 or (folder / "final.npz").exists():
        assert kind == "time"  # by the clock it may come after the end
        return 0
    assert first["code"] == KILLED
    assert driver(folder, case)["code"] == 0
    found = result(folder)
    assert found.keys() == wanted.keys()
    odd = [name for name in wanted if found[name] != wanted[name]]
    assert odd == [], point
    return 1


@pytest.mark.parametrize("kind", [*KINDS, "time"])
def test_a_killed_run_goes_on_bit_for_bit(driver, whole, tmp_path, kind):
    chosen = [point for point in points(POINTS) if point[1] == kind]
    assert len(chosen) == POINTS // 5
    killed = sum(
        kill_and_resume(driver, whole, tmp_path / str(number), point)
        for number, point in enumerate(chosen)
    )
    assert killed == len(chosen) or kind == "time"


@pytest.mark.long
def test_a_hundred_kills(driver, whole, tmp_path):
    killed = sum(
        kill_and_resume(driver, whole, tmp_path / str(number), point)
        for number, point in enumerate(points(LONG_POINTS))
    )
    print(f"{killed} kills")
    assert killed >= 100


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_a_run_that_is_killed_again_and_again(driver, whole, tmp_path, case):
    wanted, events, _ = whole(case)
    drawn = random.Random(case)
    for _ in range(20):
        kind = drawn.choice(KINDS)
        end = {"kind": kind, "number": drawn.randrange(4, 4 + events[kind] // 2)}
        if driver(tmp_path, case, **end)["code"] == 0:
            break
    else:
        assert driver(tmp_path, case)["code"] == 0
    assert result(tmp_path) == wanted
