"""One case, one process: the memory that a net's run takes, and what was predicted for it.

    python -m benchmarks.plan_memory_case '{"net": "resnet18", "size": 224, "batch": 8}'

Prints one JSON line. Measured is the peak of the resident memory above what stood before the net
was made; libraries are loaded and threads running by then, as a tiny net has trained before.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from pathlib import Path

import numpy as np
import torch

import striate
from striate import layers, optimizers
from striate.architectures import ARCHITECTURES
from striate.train import keep_memory
from striate.train.memory import give_back_memory

STEPS = 3
BOOK_NETS = ("chollet", "chollet_mnist_2", "geron")
DEFAULTS = {
    "size": 28,
    "batch": 32,
    "optimizer": "sgd",
    "precision": "float32",
    "mode": "train",
    "keep": False,
    "threads": 2,
    "device": "cpu",
    "peers": False,
    "limit": None,
}


def chollet(widths=(32, 64, 128), dense=()):
    """Chollet's net for MNIST; with other widths and a dense layer, that of his first edition."""
    stack = [layers.Conv2D(widths[0], 3, activation="relu", input_shape=(28, 28, 1))]
    for width in widths[1:]:
        stack += [layers.MaxPooling2D(2), layers.Conv2D(width, 3, activation="relu")]
    stack += [layers.Flatten(), *(layers.Dense(n, "relu") for n in dense)]
    return striate.Sequential([*stack, layers.Dense(10, activation="softmax")])


def geron():
    """Géron's net for Fashion-MNIST."""
    stack = [layers.Conv2D(64, 7, padding="same", activation="relu", input_shape=(28, 28, 1))]
    for width in (128, 256):
        stack.append(layers.MaxPooling2D(2))
        stack += [layers.Conv2D(width, 3, padding="same", activation="relu") for _ in range(2)]
    stack += [layers.MaxPooling2D(2), layers.Flatten()]
    for units in (128, 64):
        stack += [layers.Dense(units, activation="relu"), layers.Dropout(0.5)]
    return striate.Sequential([*stack, layers.Dense(10, activation="softmax")])


def made(case):
    """The net of a case, compiled."""
    if case["net"] == "chollet":
        net = chollet()
    elif case["net"] == "chollet_mnist_2":
        net = chollet((32, 64, 64), (64,))
    elif case["net"] == "geron":
        net = geron()
    else:
        net = ARCHITECTURES.get(case["net"])((case["size"], case["size"], 3), 100)
    word = case["optimizer"]
    given = optimizers.SGD(0.01, momentum=0.9) if word == "momentum" else word
    net.compile(given, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def run(net, images, labels, case):
    """Three batches of training or of prediction."""
    how = {"batch_size": case["batch"], "precision": case["precision"]}
    if case["mode"] == "predict":
        net.predict(images, **how)
    else:
        net.fit(images, labels, epochs=1, verbose=0, **how)


def data(case):
    """Random pictures and classes for all steps."""
    drawn = np.random.default_rng(0)
    count = STEPS * case["batch"]
    shape = (28, 28, 1) if case["net"] in BOOK_NETS else (case["size"], case["size"], 3)
    return drawn.random((count, *shape), dtype=np.float32), drawn.integers(0, 10, count)


def warm(case):
    """Loads libraries and starts threads: a tiny net trains."""
    stack = [layers.Conv2D(4, 3, input_shape=(8, 8, 1)), layers.BatchNormalization()]
    tiny = striate.Sequential([*stack, layers.Flatten(), layers.Dense(3, activation="softmax")])
    tiny.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    images, labels = np.zeros((12, 8, 8, 1), np.float32), np.zeros(12, np.int64)
    run(tiny, images, labels, case | {"mode": "train", "batch": 4})
    tiny.predict(images, batch_size=4)


def status(word):
    """Bytes of a line of this process's status."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{word}:"):
            return 1024 * int(line.split()[1])
    raise KeyError(word)


def plan_of(net, case):
    """The plan of the run that was measured."""
    how = {"mode": case["mode"], "precision": case["precision"]}
    return striate.models.plan(net, case["batch"], **how)


def peers_of(net, images, labels, case):
    """What torchinfo and torch's MemTracker say of the same run, in bytes; None where they fail."""
    found = {}
    try:
        import torchinfo

        size = (case["batch"], *images.shape[1:])
        mode = "train" if case["mode"] == "train" else "eval"
        told = torchinfo.summary(net, input_size=size, verbose=0, mode=mode)
        parts = (told.total_input, told.total_output_bytes, told.total_param_bytes)
        found["torchinfo_bytes"] = sum(parts)
    except Exception as error:
        found["torchinfo_error"] = f"{type(error).__name__}: {error}"[:200]
    try:
        from torch.distributed._tools.mem_tracker import MemTracker

        tracker, count = MemTracker(), case["batch"]
        tracker.track_external(net, *([net.optimizer] if case["mode"] == "train" else []))
        with tracker:
            if case["mode"] == "train":
                net.train_on_batch(images[:count], labels[:count], precision=case["precision"])
            else:
                net.predict(images[:count], batch_size=count, precision=case["precision"])
        peak = tracker.get_tracker_snapshot("peak")
        found["mem_tracker_bytes"] = sum(part["Total"] for part in peak.values())
    except Exception as error:
        found["mem_tracker_error"] = f"{type(error).__name__}: {error}"[:200]
    return found


def measure(case):
    """What one case took and what was predicted for it."""
    case = DEFAULTS | case
    if case["device"] != "cpu" and not torch.cuda.is_available():
        return case | {"measured": "not measured"}
    torch.set_num_threads(case["threads"])
    torch.manual_seed(0)
    kept = keep_memory() if case["keep"] else False
    images, labels = data(case)
    warm(case)
    gc.collect()
    give_back_memory()
    before = status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    net = made(case).to(case["device"])
    run(net, images, labels, case)
    taken = status("VmHWM") - before
    if case["device"] != "cpu":
        taken = torch.cuda.max_memory_allocated()
    plan = plan_of(net, case)
    expected = plan.resident(keeps_memory=case["keep"])
    found = {"measured": taken, "resident": expected, "tensors": plan.peak_bytes, "kept": kept}
    return case | found | (peers_of(net, images, labels, case) if case["peers"] else {})


def within_limit(case):
    """Whether three updates end within a limit of the process's data above what stands now.

    A batch of 0 means the largest that is predicted for the limit.
    """
    case = DEFAULTS | case
    torch.set_num_threads(case["threads"])
    if not case["batch"]:
        with torch.device("meta"):
            sketch = made(case)
        case["batch"] = plan_of(sketch, case | {"batch": 1}).largest_batch(case["limit"])
    count = case["batch"]
    images, labels = data(case)
    warm(case)
    gc.collect()
    give_back_memory()
    limit = status("VmData") + case["limit"]
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    net = made(case)
    try:
        for start in range(0, STEPS * count, count):
            batch = images[start : start + count], labels[start : start + count]
            net.train_on_batch(*batch, precision=case["precision"])
    except (RuntimeError, MemoryError) as error:
        return case | {"trains": False, "words": f"{type(error).__name__}: {error}"[:120]}
    return case | {"trains": True}


def main():
    case = json.loads(sys.argv[1])
    print(json.dumps(within_limit(case) if case.get("limit") else measure(case)))


if __name__ == "__main__":
    main()
