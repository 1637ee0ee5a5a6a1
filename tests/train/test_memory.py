"""keep_memory: freed memory stays, so that the next step does not fault its pages in again."""

import platform
import subprocess
import sys

import pytest

CODE = """
import resource, sys
import numpy as np
if sys.argv[1] == "keep":
    from striate.train.memory import keep_memory
    assert keep_memory() is True
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def step():
    return [np.ones(2**20) for _ in range(8)]
step(), step()
before = faults()
for _ in range(5):
    step()
print(faults() - before)
"""


def page_faults(mode):
    command = [sys.executable, "-c", CODE, mode]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a switch of glibc")
def test_memory_that_was_freed_is_not_faulted_in_again():
    assert page_faults("plain") > 1000
    assert page_faults("keep") < page_faults("plain") / 10


def test_other_c_libraries_are_left_alone(monkeypatch):
    from striate.train import memory

    monkeypatch.setattr(memory.platform, "libc_ver", lambda: ("", ""))
    assert memory.keep_memory() is False
