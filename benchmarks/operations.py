"""Where a training step goes: its operations, beside what the processor can do.

    python -m benchmarks.operations [--nets S1,F,ResNet-18] [--steps 20]

Seconds are PyTorch's profiler's, of each operation with those inside it; multiply-adds and bytes
(what an operation is given and gives) are counted once, in a step of its own. The peaks are
measured before: a convolution of 256 channels, and a copy that no cache holds. "Products" are of
the dense layers, and of convolutions of few pixels in bfloat16.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

import striate
from benchmarks.contenders.optimizers import KERAS, OF_NET
from benchmarks.machine import facts
from benchmarks.nets.striate_ import build

NETS = {  # name: batch, side, channels
    "S1": (64, 28, 1),
    "F": (32, 28, 1),
    "ResNet-18, 10 classes": (32, 96, 3),
}
KINDS = {  # words in the name of an operation -> its kind, the first that fits
    "non_finite": "look whether all is finite",
    "Optimizer": "optimizer",
    "_foreach": "optimizer",
    "convolution_backward": "convolution, backward",
    "convolution": "convolution, forward",
    "conv2d": "convolution, forward",
    "max_pool2d_with_indices_backward": "max-pooling, backward",
    "max_pool2d": "max-pooling, forward",
    "batch_norm_backward": "batch normalisation, backward",
    "batch_norm": "batch normalisation, forward",
    "threshold_backward": "relu, backward",
    "relu": "relu, forward",
    "mm": "products",
    "linear": "products",
    "matmul": "products",
    "copy": "copies and casts",
    "::to": "copies and casts",
    "reshape": "copies and casts",
    "contiguous": "copies and casts",
    "clone": "copies and casts",
    "add_": "sums",
    "add": "sums",
}
REST = "all else"


class Counting(TorchDispatchMode):
    """Multiply-adds and bytes of each kind of operation."""

    def __init__(self) -> None:
        super().__init__()
        self.multiply_adds: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = kwargs or {}
        result = func(*args, **given)
        kind = kind_of(str(func))
        packet = func._overloadpacket
        if packet in flop_registry:
            self.multiply_adds[kind] += flop_registry[packet](*args, **given, out_val=result) // 2
        if not func.is_view:
            read, written = (sum(map(bytes_of, tree_leaves(t))) for t in ((args, given), result))
            self.bytes[kind] += read + written
        return result


def kind_of(name: str) -> str:
    return next((kind for word, kind in KINDS.items() if word in name), REST)


def is_outermost(event: Any) -> bool:
    """Whether an event is an operation, or the update, and inside no other."""
    if not event.name.startswith(_OPERATIONS):
        return False
    outer = event.cpu_parent
    while outer is not None:
        if outer.name.startswith(_OPERATIONS):
            return False
        outer = outer.cpu_parent
    return True


_OPERATIONS = ("aten::", "Optimizer.step")


def bytes_of(leaf: Any) -> int:
    return leaf.numel() * leaf.element_size() if isinstance(leaf, Tensor) else 0


def best(run: Callable[[], Any], times: int = 7) -> float:
    """The least seconds of a call."""
    found = []
    for _ in range(times + 2):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found[2:])


def peaks() -> dict[str, float]:
    """Multiply-adds a second of a convolution in each precision, and bytes a second of a copy."""
    found = {}
    for precision in ("float32", "bfloat16"):
        dtype = getattr(torch, precision)
        x = torch.rand(32, 256, 28, 28).to(dtype).contiguous(memory_format=torch.channels_last)
        weight = torch.rand(256, 256, 3, 3).to(dtype).contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            seconds = best(lambda: torch.conv2d(x, weight, padding=1))  # noqa: B023
        found[precision] = x.numel() * 256 * 9 / seconds
    source = torch.zeros(2**26)
    target = torch.zeros(2**26)
    found["copy"] = 2 * source.nbytes / best(lambda: target.copy_(source))
    return found


def fitted(name: str, precision: str, steps: int) -> Callable[[], Any]:
    """A function that trains a net for so many steps."""
    batch, side, channels = NETS[name]
    model = build(name, (side, side, channels))
    kind, numbers = KERAS[OF_NET[name]]
    loss = striate.losses.SparseCategoricalCrossentropy(from_logits=name.startswith("ResNet"))
    model.compile(getattr(striate.optimizers, kind)(**numbers), loss, metrics=["accuracy"])
    numbers_of = np.random.default_rng(0)
    x = numbers_of.random((batch * steps, side, side, channels), dtype="float32")
    y = numbers_of.integers(0, 10, batch * steps)
    how = {"batch_size": batch, "epochs": 1, "verbose": 0, "precision": precision}
    return lambda count=steps: model.fit(x[: batch * count], y[: batch * count], **how)


def report(name: str, precision: str, steps: int, peak: dict[str, float]) -> None:
    run = fitted(name, precision, steps)
    run()
    whole = best(run, 5) / steps
    counts = []
    for number in (1, 2):  # their difference is one step without what surrounds an epoch
        with Counting() as counting:
            run(number)
        counts.append(counting)
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        run()
    seconds: dict[str, float] = defaultdict(float)
    for event in profiled.events():
        if is_outermost(event):
            seconds[kind_of(event.name)] += event.cpu_time_total / 1e6 / steps
    batch = NETS[name][0]
    work = (counts[1].multiply_adds - counts[0].multiply_adds).total()
    print(
        f"\n{name}, batch {batch}, {precision}: {1e3 * whole:.2f} ms a step, "
        f"{batch / whole:,.0f} pictures/s, {work / 1e9:.2f} G multiply-adds: "
        f"{work / whole / peak[precision]:.0%} of the peak; "
        f"profiled operations {1e3 * sum(seconds.values()):.2f} ms\n"
    )
    print("| operation | ms | of the step | G mult-adds | of the peak | MB moved | of the copy |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for kind, value in sorted(seconds.items(), key=lambda item: -item[1]):
        if value < 0.005 * whole:
            continue
        adds = counts[1].multiply_adds[kind] - counts[0].multiply_adds[kind]
        moved = counts[1].bytes[kind] - counts[0].bytes[kind]
        print(
            f"| {kind} | {1e3 * value:.2f} | {value / whole:.0%} "
            f"| {adds / 1e9:.3f} | {adds / value / peak[precision]:.0%} "
            f"| {moved / 1e6:.1f} | {moved / value / peak['copy']:.0%} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--nets", default="S1,F,ResNet-18")
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    striate.train.keep_memory()
    print(facts(), f"torch {torch.__version__}")
    peak = peaks()
    print(
        f"peaks: {2 * peak['float32'] / 1e9:,.0f} GFLOP/s in float32, "
        f"{2 * peak['bfloat16'] / 1e9:,.0f} in bfloat16, copy {peak['copy'] / 1e9:.0f} GB/s"
    )
    for name in NETS:
        if any(name.startswith(word) for word in arguments.nets.split(",")):
            for precision in ("float32", "bfloat16"):
                report(name, precision, arguments.steps, peak)


if __name__ == "__main__":
    main()
