"""The processes of contenders: each in its own, and only the one that is asked runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TAIL_BYTES = 3000


class ContenderFailed(RuntimeError):
    """What a contender's process said when it could not do what was asked."""


@dataclass(frozen=True)
class Contender:
    """Who competes: a name in the tables, and how its process is begun.

    Args:
        name: in the tables.
        module: of benchmarks.contenders.
        python: interpreter.
        variables: of its environment, beside the inherited ones.
        settings: given to its jobs, such as the precision.
    """

    name: str
    module: str
    python: str
    variables: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()


class Worker:
    """A contender's process, stopped but while it is asked."""

    def __init__(self, contender: Contender, *, threads: int) -> None:
        self.contender = contender
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [contender.python, "-m", "benchmarks.worker", contender.module],
            cwd=ROOT,
            env=environment(contender, threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            preexec_fn=partial(keep_to, threads),
        )

    def ask(self, call: str, **given: Any) -> Any:
        """The answer to one call.

        Raises:
            ContenderFailed: it raised, or its process ended.
        """
        self._process.send_signal(signal.SIGCONT)
        try:
            print(json.dumps({"call": call, "with": given}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            code = self._process.wait()
            raise ContenderFailed(f"{self.contender.name}: ended with {code}\n{self._tail()}")
        self._process.send_signal(signal.SIGSTOP)
        said = json.loads(line)
        if "error" in said:
            raise ContenderFailed(f"{self.contender.name}: {said['error']}")
        return said["answer"]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._said.close()

    def _tail(self) -> str:
        end = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, end - TAIL_BYTES))
        return self._said.read().decode(errors="replace")


def keep_to(threads: int) -> None:
    """Keeps this process to the first so many cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def environment(contender: Contender, threads: int) -> dict[str, str]:
    """The variables of a contender's process."""
    counts = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return {**os.environ, **counts, **quiet, **dict(contender.variables)}


@contextmanager
def workers(contenders: list[Contender], *, threads: int) -> Iterator[list[Worker]]:
    """A process for each, ended on the way out."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Worker(each, threads=threads))) for each in contenders]
