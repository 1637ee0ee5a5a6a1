"""Every command runs in a process of its own, forked from one that has imported striate."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.faults.commands import Ended

ROOT = Path(__file__).resolve().parents[3]
COLOURS = {"blue": (0, 0, 200), "green": (0, 180, 0), "red": (200, 0, 0)}


@pytest.fixture(scope="package")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="package")
def server(place):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STRIATE_")}
    own = {"PYTHONPATH": str(ROOT / "src"), "STRIATE_OFFLINE": "1", "STRIATE_THREADS": "1"}
    own |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    own["STRIATE_CACHE"] = str(place / "cache")
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**kept, **own},
    )
    with process:
        yield process
        process.stdin.close()


@pytest.fixture
def striate(server, place):
    """striate(*words, fault=(name, *arguments), VARIABLE=...): how the command ended."""

    def call(*words, fault=("",), seconds=60, **variables):
        words = [str(word) for word in words]
        name, *given = fault
        given = [str(each) if isinstance(each, Path) else each for each in given]
        request = {"words": words, "cwd": str(place), "env": variables, "seconds": seconds}
        server.stdin.write(json.dumps({**request, "fault": name, "given": given}) + "\n")
        server.stdin.flush()
        return Ended(**json.loads(server.stdout.readline()))

    return call


def pictures(folder, count=8):
    """Class folders of noise around three colours."""
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            noise = np.random.default_rng([number, *colour]).integers(0, 50, (18, 16, 3))
            pixels = (np.array(colour) + noise).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture(scope="package")
def originals(place):
    return pictures(place / "originals")


@pytest.fixture
def pets(originals, place, request):
    """A folder of pictures of the test's own, which must be the same afterwards."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:60]
    return Path(shutil.copytree(originals, place / "data" / name))


@pytest.fixture(scope="package")
def trained(server, place, originals):
    """A run folder."""
    words = ["train", str(originals), "--epochs", "1", "--batch-size", "8", "--name", "good"]
    request = {"words": words, "cwd": str(place), "env": {}, "seconds": 60}
    server.stdin.write(json.dumps({**request, "fault": "", "given": []}) + "\n")
    server.stdin.flush()
    done = Ended(**json.loads(server.stdout.readline()))
    assert done.code == 0, done.err
    return place / "runs" / "classify" / "good-1"


@pytest.fixture
def model(trained, place, request):
    """A copy of the run, to be damaged."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:60]
    return Path(shutil.copytree(trained, place / "damaged" / name))
