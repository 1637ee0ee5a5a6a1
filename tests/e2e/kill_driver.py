"""A process that has imported striate once, and forks a child for every life of a run.

It reads one JSON request a line: the run's folder, its case, and where the life ends: after the
n-th event of a kind, by a SIGKILL of its own, or after a time, by one of the parent. It answers
with the exit code (-9 for a life that was killed) and how many events of each kind there were.
"""

import collections
import json
import os
import random
import select
import signal
import sys
import tempfile
import traceback
from pathlib import Path

import numpy as np
import torch

import striate
from striate import callbacks, layers
from striate.data.augment import MixUp, Policy, policy
from striate.tasks.run.metrics_log import MetricsLog
from striate.train import Checkpoint
from striate.train.callbacks.log_file import LogFile

CASES = {
    "plain": {},
    "accumulation": {"accumulate": 3},
    "average": {"ema": 0.9},
    "bfloat16": {"precision": "bfloat16"},
    "dropout": {"dropout": True},
    "mixup": {"mixup": True},
    "all": {
        "accumulate": 2,
        "ema": 0.9,
        "precision": "bfloat16",
        "dropout": True,
        "mixup": True,
        "plateau": True,
    },
}
KINDS = ("step", "save", "evaluation", "edge")
EPOCHS, BATCH, CLASSES = 3, 8, 3


class Life:
    """Counts what happens, and ends where it is told to."""

    def __init__(self, kind, number):
        self.end, self.seen = (kind, number), collections.Counter()

    def __call__(self, kind):
        self.seen[kind] += 1
        if (kind, self.seen[kind]) == self.end:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_files(self, folder):
        """Every call on files below the folder, from the thread that writes, is an event."""
        calls = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}

        def heard(event, arguments):
            if event in calls and str(folder) in str(arguments[0]):
                self("save")

        sys.addaudithook(heard)


class Passed(layers.Layer):
    """Passes its input on: an event of a step, on the way there and back, or of an evaluation."""

    life = None

    def call(self, x, training=None):
        Passed.life("step" if training else "evaluation")
        if training and x.requires_grad:
            x.register_hook(lambda gradient: Passed.life("step"))
        return x


class Noted(callbacks.Callback):
    """Events between steps and at the edges of epochs, and the log of the samples of each step."""

    def __init__(self, folder, life, changed):
        self.log, self.life, self.changed = LogFile(folder / "samples.log"), life, changed

    def settings(self):
        return None

    def __call__(self, batch, *, seed, epoch, step):
        self.log.add(f"{epoch} {step} {batch.sample_ids.tolist()}")
        self.life("step")
        return self.changed(batch, seed=seed, epoch=epoch, step=step)

    def get_config(self):
        return {"changed": type(self.changed).__name__}

    def state_dict(self):
        return {"text": self.log.text}

    def load_state_dict(self, state):
        self.log.go_back(state["text"])

    def on_train_begin(self, logs=None):
        self.log.begin(keep=self.params["resumed_at"] is not None)
        self.life("edge")

    def on_epoch_begin(self, epoch, logs=None):
        self.life("edge")

    def on_epoch_end(self, epoch, logs=None):
        self.life("edge")

    def on_train_end(self, logs=None):
        self.life("edge")

    def on_train_batch_end(self, batch, logs=None):
        self.life("step")


def net(case):
    """A small net whose first weights are always the same."""
    torch.manual_seed(1)
    dropout = [layers.Dropout(0.3), torch.nn.Dropout(0.2)] if case.get("dropout") else []
    return striate.Sequential(
        [
            striate.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(),
            Passed(),
            layers.Activation("relu"),
            layers.Flatten(),
            *[each if isinstance(each, layers.Layer) else Torchs(each) for each in dropout],
            layers.Dense(CLASSES, "softmax"),
        ]
    )


class Torchs(layers.Layer):
    """A module of torch, which draws from torch's own generator."""

    def __init__(self, module, **base):
        super().__init__(**base)
        self.module = module

    def call(self, x):
        return self.module(x)


def run(folder, case, life):
    """The whole run, or what is left of it."""
    random.seed(2)  # a child of a fork would have another state each time
    np.random.seed(3)
    drawn = np.random.default_rng(0)
    x = drawn.integers(0, 256, (52, 8, 8, 1), np.uint8)
    y = np.eye(CLASSES, dtype="float32")[drawn.integers(0, CLASSES, 52)]
    Passed.life = life
    model = net(case)
    rate = 0.01
    if not case.get("plateau"):
        rate = striate.optimizers.schedules.OneCycle(0.02, EPOCHS * 6)
    model.compile(
        striate.optimizers.AdamW(rate), "categorical_crossentropy", metrics=["accuracy", "auc"]
    )
    changed = policy("none")
    if case.get("mixup"):
        changed = Policy((*policy("light").transforms, MixUp(0.3)))
    noted = Noted(folder, life, changed)
    told = [MetricsLog(folder / "metrics.jsonl"), noted]
    told.append(callbacks.EarlyStopping(patience=9, restore_best_weights=True))
    if case.get("plateau"):
        told.append(callbacks.ReduceLROnPlateau(patience=1, factor=0.5))
    life.watch_files(folder / "checkpoints")
    model.fit(
        x[:44],
        y[:44],
        batch_size=BATCH,
        epochs=EPOCHS,
        validation_data=(x[44:], y[44:]),
        verbose=0,
        seed=7,
        callbacks=told,
        augment=noted,
        checkpoint=Checkpoint(folder / "checkpoints", ("epoch", 4), say=lambda sentence: None),
        resume="auto",
        **{key: case[key] for key in ("accumulate", "ema", "precision") if key in case},
    )
    np.savez(folder / "final.npz", *model.get_weights())


def answer(request):
    """One life, in a child."""
    inside, outside = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            life = Life(request.get("kind"), request.get("number"))
            run(Path(request["folder"]), CASES[request["case"]], life)
            os.write(outside, json.dumps(life.seen).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(outside)
    handle = os.pidfd_open(child)
    if not select.select([handle], [], [], request.get("seconds", 60))[0]:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(handle)
    with os.fdopen(inside, "rb") as pipe:
        seen = pipe.read()
    return {"code": os.waitstatus_to_exitcode(status), "seen": json.loads(seen or b"{}")}


if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as warm:  # what is loaded late is loaded once
        run(Path(warm), CASES["all"], Life(None, 0))
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
