"""Predicted memory against that of real processes, and against a limit of their data."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMITS = [
    {"net": "geron", "limit": 400_000_000},
    {"net": "resnet18", "size": 96, "limit": 800_000_000},
    {"net": "mobilenet_v3_small", "size": 96, "optimizer": "rmsprop", "limit": 600_000_000},
    {"net": "squeezenet", "size": 128, "limit": 700_000_000},
]
SMALL = {"net": "chollet", "optimizer": "adam", "limit": 150_000_000}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and glibc's heap")


def child(case):
    """What a process says of one case."""
    command = [sys.executable, "-m", "benchmarks.plan_memory_case", json.dumps(case)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "case", [SMALL, *(pytest.param(case, marks=pytest.mark.long) for case in LIMITS)]
)
def test_the_largest_batch_within_a_limit_trains_and_a_fifth_more_fails(case):
    largest = child(case | {"batch": 0})
    assert largest["trains"]
    assert largest["batch"] > 20
    assert not child(case | {"batch": -(-6 * largest["batch"] // 5)})["trains"]


@pytest.mark.long
@pytest.mark.parametrize(
    "case",
    [
        {"net": "resnet20", "size": 32, "batch": 256, "optimizer": "momentum"},
        {"net": "googlenet", "size": 224, "batch": 16},
        {"net": "alexnet", "size": 224, "batch": 64, "precision": "bfloat16"},
    ],
)
def test_resident_memory_is_as_predicted(case):
    found = child(case)
    assert found["resident"] == pytest.approx(found["measured"], rel=0.2)
    assert found["resident"] > found["tensors"]
