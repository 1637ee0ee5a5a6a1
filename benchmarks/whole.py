"""Whole runs: a process from its start to its end, and what it printed last."""

from __future__ import annotations

import json
import subprocess
import time
from functools import partial
from typing import Any

from benchmarks.processes import ROOT, Contender, ContenderFailed, environment, keep_to


def whole(contender: Contender, *words: str, threads: int) -> tuple[float, dict[str, Any]]:
    """(seconds, what the last line said) of `python -m benchmarks.MODULE WORDS`.

    Raises:
        ContenderFailed: it ended with another code than 0.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [contender.python, "-m", f"benchmarks.{contender.module}", *words],
        cwd=ROOT,
        env=environment(contender, threads),
        capture_output=True,
        text=True,
        preexec_fn=partial(keep_to, threads),
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise ContenderFailed(f"{contender.name}: ended with {done.returncode}\n{done.stderr}")
    return seconds, json.loads(done.stdout.splitlines()[-1])
