"""Predicted time of a step beside the measured one, over nets, batches, precisions and modes.

    python -m benchmarks.plan_time [--rounds 5] [--nets resnet18,vgg11] [--recalibrate]

The least of several steps counts. None of the nets is among those of the calibration. At the end
stand the median and the worst error, and how many lie within the error that is stated.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch

import striate
from striate.models.planning.reference_steps import reference_steps
from striate.plan.stopwatch import least_seconds

CASES = (
    # net, height and width (None: its own), samples
    ("lenet5_modern", None, 128),
    ("resnet20", None, 64),
    ("densenet40", None, 16),
    ("alexnet", None, 16),
    ("vgg11", 224, 2),
    ("vgg11_bn", 96, 8),
    ("googlenet", 224, 8),
    ("resnet18", 224, 1),
    ("resnet18", 224, 8),
    ("resnet50", 160, 8),
    ("resnext50_32x4d", 160, 4),
    ("se_resnet50", 160, 4),
    ("densenet121", 160, 4),
    ("inception_v3", 299, 2),
    ("xception", 160, 4),
    ("mobilenet_v1", 224, 8),
    ("mobilenet_v2", 224, 1),
    ("mobilenet_v2", 160, 16),
    ("mobilenet_v3_small", 224, 16),
    ("squeezenet_1_1", 224, 8),
    ("efficientnet_b0", 160, 8),
    ("convnext_tiny", 160, 4),
)


def rows_of(case, precision, calibration, rounds):
    """(mode, predicted seconds, measured seconds) of a case."""
    name, size, samples = case
    architecture = striate.architectures.ARCHITECTURES.get(name, place="plan_time", argument="net")
    net = architecture(None if size is None else (size, size, 3), None)
    for step in reference_steps(net, (samples,), precision=precision):
        [measured] = least_seconds(
            [step.run], torch.device("cpu"), budget_seconds=0.0, least_rounds=rounds
        )
        yield step.mode, step.predicted(calibration), measured


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--nets", default="")
    parser.add_argument("--recalibrate", action="store_true")
    arguments = parser.parse_args()
    striate.train.keep_memory()
    start = time.perf_counter()
    calibration = striate.models.calibrate(recalibrate=arguments.recalibrate)
    print(f"calibrated in {time.perf_counter() - start:.1f} s: {calibration.machine}")
    print(f"stated error {calibration.error:.0%}, factors {calibration.factors}")
    chosen = [case for case in CASES if not arguments.nets or case[0] in arguments.nets.split(",")]
    errors = []
    for case in chosen:
        for precision in ("float32", "bfloat16"):
            for mode, predicted, measured in rows_of(
                case, precision, calibration, arguments.rounds
            ):
                errors.append(predicted / measured - 1)
                print(
                    f"{case[0]:20} {case[1] or '':4} batch {case[2]:3} {precision:9} {mode:8} "
                    f"predicted {predicted:.4f} s measured {measured:.4f} s {errors[-1]:+.0%}",
                    flush=True,
                )
    sizes = [abs(error) for error in errors]
    within = sum(size <= calibration.error for size in sizes)
    print(
        f"{len(sizes)} steps: median error {statistics.median(sizes):.0%}, worst {max(sizes):.0%}, "
        f"{within} within the stated {calibration.error:.0%}; {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
