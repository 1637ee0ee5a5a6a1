"""Seconds of the first and of the later epochs of a last layer on frozen features.

    python benchmarks/frozen_features.py ../shared/data/ants_bees224 [--threads 2]

The net is EfficientNet-Lite0 with its public weights (the extra lite0); the cache is a new one.
The first epoch computes the features of every picture, and the ones after take them from memory;
the first epoch of the second run takes them from the cache.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile

import torch

from striate.tasks.classify import train
from striate.tasks.run.run_log import read_events


def seconds(data, runs):
    """(features, first epoch, median of the later epochs) of a run of the last layer alone."""
    how = {"model": "efficientnet_lite0", "pretrained": True, "freeze_until": "all"}
    rows = read_events(train(data, runs=runs, **how).folder)
    (features,) = [row["seconds"] for row in rows if row["event"] == "features"]
    first, *later = [row["seconds"] for row in rows if row["event"] == "epoch"]
    return features, first, statistics.median(later)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    print(f"torch {torch.__version__}, {given.threads} threads, {given.data}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STRIATE_CACHE"] = f"{folder}/cache"
        for life in ("new", "again"):
            features, first, later = seconds(given.data, f"{folder}/runs")
            whole = features + first
            print(
                f"{life:6} features {features:7.2f} s  first epoch {whole:7.2f} s with them  "
                f"later epochs {later:7.3f} s  {whole / later:7.0f} times",
                flush=True,
            )


if __name__ == "__main__":
    main()
