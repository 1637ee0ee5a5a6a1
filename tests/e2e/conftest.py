"""A command as a process that does not outlive its test."""

import os
import subprocess
import sys

import pytest

STRIATE = [sys.executable, "-c", "from striate.cli import main; main()"]


@pytest.fixture
def start(tmp_path):
    """start(*words): a command in a folder and with a cache of its own, by one thread."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "STRIATE_CACHE": str(tmp_path / "cache")}
    begun = []

    def run(*words):
        process = subprocess.Popen(
            [*STRIATE, *map(str, words)],
            cwd=tmp_path,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()
