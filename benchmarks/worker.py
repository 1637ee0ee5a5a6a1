"""A contender's process: makes a job, then calls its methods as the parent asks, a line each.

    python -m benchmarks.worker MODULE

In: {"call": "Job" or "method", "with": {argument: value}}; the first call makes the job. Out:
{"answer": value} or {"error": text}. What libraries print goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    job, place = None, f"benchmarks.contenders.{sys.argv[1]}"
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            owner = import_module(place) if job is None else job
            answer = getattr(owner, asked["call"])(**asked["with"])
            if job is None:
                job, answer = answer, None
            said = {"answer": answer}
        except Exception:
            said = {"error": traceback.format_exc()}
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
