"""Predicted against measured memory: 42 cases, torchinfo and torch's MemTracker beside it.

    python -m benchmarks.plan_memory [--net NET] [--keep] [--no-peers] [--out FILE]
    python -m benchmarks.plan_memory --limits

Each case runs in its own process: resident memory above what stood before the net was made, in
three steps of `fit` or `predict`. `--keep` is `striate.train.keep_memory`, which `striate train`
calls. `--limits` asks instead whether the largest batch predicted for a limit of a process's data
(RLIMIT_DATA) trains, and one that is 20 % larger fails. A row is written to FILE as it is found.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

FITTED = ("chollet", "resnet18", "mobilenet_v2", "densenet121", "convnext_tiny", "squeezenet")
"""Nets whose measurements the constants of `striate.plan.overheads` were chosen by."""

_FULL, _HALF, _TRAIN, _PREDICT = "float32", "bfloat16", "train", "predict"
CASES = (
    ("chollet", 28, 1024, "rmsprop", _FULL, _TRAIN),
    ("chollet", 28, 2048, "adam", _HALF, _TRAIN),
    ("chollet", 28, 4096, "sgd", _FULL, _PREDICT),
    ("chollet_mnist_2", 28, 2048, "adam", _FULL, _TRAIN),
    ("chollet_mnist_2", 28, 1024, "rmsprop", _HALF, _TRAIN),
    ("geron", 28, 256, "sgd", _FULL, _TRAIN),
    ("geron", 28, 512, "adam", _HALF, _TRAIN),
    ("geron", 28, 1024, "sgd", _HALF, _PREDICT),
    ("resnet20", 32, 256, "momentum", _FULL, _TRAIN),
    ("alexnet", 224, 64, "momentum", _FULL, _TRAIN),
    ("alexnet", 224, 64, "adamw", _HALF, _TRAIN),
    ("alexnet", 224, 128, "sgd", _FULL, _PREDICT),
    ("vgg11", 224, 8, "sgd", _FULL, _TRAIN),
    ("vgg11", 224, 8, "adam", _HALF, _TRAIN),
    ("vgg11", 224, 16, "sgd", _FULL, _PREDICT),
    ("googlenet", 224, 16, "momentum", _FULL, _TRAIN),
    ("googlenet", 224, 32, "rmsprop", _HALF, _TRAIN),
    ("resnet18", 224, 16, "sgd", _FULL, _TRAIN),
    ("resnet18", 224, 32, "adam", _HALF, _TRAIN),
    ("resnet18", 224, 32, "sgd", _FULL, _PREDICT),
    ("resnet50", 224, 8, "momentum", _FULL, _TRAIN),
    ("resnet50", 224, 16, "adamw", _HALF, _TRAIN),
    ("resnet50", 224, 32, "sgd", _HALF, _PREDICT),
    ("mobilenet_v1", 224, 16, "rmsprop", _FULL, _TRAIN),
    ("mobilenet_v1", 224, 16, "adam", _HALF, _TRAIN),
    ("mobilenet_v2", 224, 16, "sgd", _FULL, _TRAIN),
    ("mobilenet_v2", 224, 32, "sgd", _FULL, _PREDICT),
    ("mobilenet_v3_small", 224, 32, "adam", _FULL, _TRAIN),
    ("mobilenet_v3_small", 224, 64, "rmsprop", _HALF, _TRAIN),
    ("squeezenet", 224, 32, "momentum", _FULL, _TRAIN),
    ("squeezenet", 224, 64, "sgd", _FULL, _PREDICT),
    ("densenet121", 224, 8, "sgd", _FULL, _TRAIN),
    ("densenet121", 224, 8, "momentum", _HALF, _TRAIN),
    ("efficientnet_b0", 224, 8, "rmsprop", _FULL, _TRAIN),
    ("efficientnet_b0", 224, 16, "sgd", _FULL, _PREDICT),
    ("convnext_tiny", 224, 8, "adamw", _FULL, _TRAIN),
    ("convnext_tiny", 224, 8, "adamw", _HALF, _TRAIN),
    ("xception", 224, 8, "momentum", _FULL, _TRAIN),
    ("xception", 224, 16, "sgd", _FULL, _PREDICT),
    ("resnext50_32x4d", 224, 8, "sgd", _FULL, _TRAIN),
    ("inception_v3", 299, 4, "adam", _FULL, _TRAIN),
    ("inception_v3", 299, 16, "sgd", _HALF, _PREDICT),
)
WORDS = ("net", "size", "batch", "optimizer", "precision", "mode")
LIMITS = (
    ({"net": "geron"}, 400_000_000),
    ({"net": "chollet", "optimizer": "adam"}, 300_000_000),
    ({"net": "resnet18", "size": 96}, 800_000_000),
    ({"net": "mobilenet_v3_small", "size": 96, "optimizer": "rmsprop"}, 600_000_000),
    ({"net": "squeezenet", "size": 128}, 700_000_000),
)
COLUMNS = {
    "striate": "resident",
    "tensors": "tensors",
    "torchinfo": "torchinfo_bytes",
    "MemTracker": "mem_tracker_bytes",
}


def child(case):
    """What one case says in its own process; {} with the words of its error where it fails."""
    command = [sys.executable, "-m", "benchmarks.plan_memory_case", json.dumps(case)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return case | {"error": (done.stderr.splitlines() or ["?"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def error(row, column):
    """How far a prediction is from what was measured, in percent; None where there is none."""
    told = row.get(column)
    return None if told is None else 100 * (told / row["measured"] - 1)


def line(row):
    """A row of the table."""
    if "error" in row:
        return f"{row['net']:19}{row['batch']:5} {row['error']}"
    told = [error(row, column) for column in COLUMNS.values()]
    shown = "".join(f"{'-':>12}" if each is None else f"{each:+11.1f}%" for each in told)
    mark = "*" if row["net"] in FITTED else " "
    return (
        f"{mark}{row['net']:19}{row['batch']:5} {row['optimizer']:9}{row['precision']:9}"
        f"{row['mode']:8}{row['measured'] / 1e6:9,.0f}{row['resident'] / 1e6:9,.0f}{shown}"
    )


def summary(rows):
    """Median and worst error of each prediction, of all cases and of the nets not fitted."""
    good = [row for row in rows if "error" not in row]
    judged = [row for row in good if row["net"] not in FITTED]
    for name, some in (("all", good), ("judged", judged)):
        for title, column in COLUMNS.items():
            found = [abs(each) for row in some if (each := error(row, column)) is not None]
            if found:
                middle, worst = statistics.median(found), max(found)
                yield f"{name}, {title}: n={len(found)} median {middle:.1f} % worst {worst:.1f} %"


def limits(out):
    """Whether the largest batch for a limit trains, and one of a fifth more fails."""
    for wanted, limit in LIMITS:
        largest = child(wanted | {"limit": limit, "batch": 0})
        batch = largest["batch"]
        more = child(wanted | {"limit": limit, "batch": -(-6 * batch // 5)})
        row = wanted | {"limit": limit, "batch": batch, "trains": largest["trains"]}
        row["a_fifth_more_trains"] = more["trains"]
        write(out, row)
        print(row, flush=True)


def write(out, row):
    """Adds a row to the file, if one is wished."""
    if out is not None:
        with Path(out).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", action="append", help="only this one; may be given again")
    parser.add_argument("--keep", action="store_true", help="with striate.train.keep_memory()")
    parser.add_argument("--no-peers", action="store_true", help="no torchinfo, no MemTracker")
    parser.add_argument("--limits", action="store_true", help="the largest batch within a limit")
    parser.add_argument("--out", help="file that rows are added to, a line of JSON each")
    given = parser.parse_args()
    if given.limits:
        limits(given.out)
        return
    print(f"{' net':20}batch optimizer precision mode measured predicted, MB; errors of", *COLUMNS)
    rows = []
    for case in CASES:
        if given.net and case[0] not in given.net:
            continue
        more = {"keep": given.keep, "peers": not given.no_peers}
        rows.append(child(dict(zip(WORDS, case, strict=True)) | more))
        write(given.out, rows[-1])
        print(line(rows[-1]), flush=True)
    print(*summary(rows), sep="\n")


if __name__ == "__main__":
    main()
