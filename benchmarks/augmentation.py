"""Pictures a second of each named policy, beside the training step of the classifier's net.

    python benchmarks/augmentation.py [--threads 1] [--batch 64] [--rounds 15] [--sides 128 224]

Wall and processor time of a batch: the least of all rounds, and the median in brackets.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch

from striate.data.augment import POLICIES, policy
from striate.models.feeding import feed
from striate.models.preparing import prepare
from striate.models.training_step import training_step
from striate.records import Batch
from striate.tasks.convnet import convnet


def times(work, rounds):
    """(wall, processor) milliseconds of each round, after one that does not count."""
    found = []
    for number in range(rounds + 1):
        wall, busy = time.perf_counter(), time.process_time()
        work(number)
        found.append(((time.perf_counter() - wall) * 1e3, (time.process_time() - busy) * 1e3))
    return list(zip(*found[1:], strict=True))


def report(name, size, found):
    wall, busy = (f"{min(each):8.1f} ({statistics.median(each):.1f}) ms" for each in found)
    rate = size / min(found[0]) * 1e3
    print(f"{name:20} wall {wall}   processor {busy}   {rate:10,.0f} pictures/s", flush=True)


def step_of(images):
    """One training step of the net that `train_classifier` builds for these pictures."""
    labels = torch.arange(len(images)) % 10
    model = convnet(tuple(images.shape[1:]), 10, dropout=0.2)
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    batches = feed(images, labels, place="fit", batch_size=len(images))
    step = training_step(model, prepare(model, batches, place="fit", precision="float32"))
    model.train()
    return step, next(iter(batches.epoch(0)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--sides", type=int, nargs="+", default=[128, 224])
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    print(f"torch {torch.__version__}, {given.threads} threads, batch {given.batch}")
    for side in given.sides:
        images = torch.randint(0, 256, (given.batch, side, side, 3), dtype=torch.uint8)
        batch = Batch(images, torch.arange(given.batch) % 10, None, torch.arange(given.batch))
        for name in (name for name in POLICIES if name != "none"):
            for classes in (None, 10) if name == "strong" else (None,):
                chosen = policy(name, classes=classes)
                found = times(
                    lambda n, p=chosen, b=batch: p(b, seed=0, epoch=0, step=n), given.rounds
                )
                report(f"{side} {name}{' mixed' if classes else ''}", given.batch, found)
        step, first = step_of(images)
        found = times(lambda n, s=step, b=first: s(b, epoch=0, step=n), max(given.rounds // 5, 2))
        report(f"{side} training step", given.batch, found)


if __name__ == "__main__":
    main()
