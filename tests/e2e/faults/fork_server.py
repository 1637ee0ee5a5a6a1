"""A process that has imported striate once, and forks a child for every command: quick and real.

It reads one JSON request a line from standard input: words, folder, environment, the name of a
fault, and its arguments; and answers with exit code, standard output and standard error. The
faults are those of `faults.py` beside this file.
"""

from __future__ import annotations

import importlib.util
import json
import os
import select
import signal
import sys
import time
import traceback
from pathlib import Path


def main():
    """Answers requests until the input ends."""
    faults = imported("faults")
    import matplotlib.figure  # noqa: F401
    import torch
    import torch._dynamo

    import striate
    from striate.cli import app, main  # noqa: F401  loads the commands

    striate.tasks.classify.train  # noqa: B018  loads the rooms of a training
    striate.models, striate.callbacks  # noqa: B018
    torch.set_num_threads(1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), faults, main)), flush=True)


def imported(name):
    """The file of this name beside this one."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(request, faults, main):
    """Runs one command in a child; one that takes too long is killed."""
    out, err = os.memfd_create("out"), os.memfd_create("err")
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        run(request, faults, main, out, err)
    handle = os.pidfd_open(child)
    late = not select.select([handle], [], [], request["seconds"])[0]
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(handle)
    texts = [read_all(each) for each in (out, err)]
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out": texts[0],
        "err": texts[1],
        "seconds": time.monotonic() - started,
    }


def run(request, faults, main, out, err):
    """The child: never returns."""
    code = 99
    try:
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(request["cwd"])
        os.environ.update(request["env"])
        sys.argv = ["striate", *request["words"]]
        if request["fault"]:
            getattr(faults, request["fault"])(*request["given"])
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            code = 120
        os._exit(code)


def read_all(handle):
    """What was written to a file in memory."""
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(handle, "rb") as file:
        return file.read().decode(errors="replace")


if __name__ == "__main__":
    main()
