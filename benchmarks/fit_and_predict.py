"""fit and predict beside a hand-written PyTorch loop and Keras on torch, on Chollet's net.

    python benchmarks/fit_and_predict.py [--rounds 7] [--batch 64]

The contenders run in turn, each in its own process; a ratio is taken within each round, and the
median, smallest and largest ratio of all rounds are printed. Above 1: striate is faster.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

CONTENDERS = ("striate", "torch", "torch-in-place", "keras")


def measure(contender, batch):
    """Pictures a second of one contender in a fresh process."""
    script = Path(__file__).with_name("contenders.py")
    command = [sys.executable, str(script), contender, "--batch", str(batch)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, default=64)
    arguments = parser.parse_args()
    rounds = [
        {contender: measure(contender, arguments.batch) for contender in CONTENDERS}
        for _ in range(arguments.rounds)
    ]
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "keras", "numpy"))
    print(
        f"batch {arguments.batch}, {arguments.rounds} rounds, {versions}, "
        f"{rounds[0]['striate']['threads']} threads"
    )
    for verb in ("fit", "predict"):
        for contender in CONTENDERS:
            rates = [each[contender][verb] for each in rounds]
            ratios = [each["striate"][verb] / each[contender][verb] for each in rounds]
            print(
                f"{verb:8} {contender:14} {statistics.median(rates):10,.0f} pictures/s   "
                f"striate is {statistics.median(ratios):.3f}x "
                f"({min(ratios):.3f} to {max(ratios):.3f})"
            )


if __name__ == "__main__":
    main()
