"""A training that is killed and goes on: Keras' BackupAndRestore beside striate's checkpoint.

The same net on the same digits, saved every few steps, killed by SIGKILL at seeded random steps,
begun again until it ends; then its weights beside those of the run that was never stopped. Keras
runs on torch. Each life is a fork of a process that has imported both.

    python benchmarks/resume_keras.py [KILLS]
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["OMP_NUM_THREADS"] = "1"

import platform
import random
import signal
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
import torch

import striate
from striate.train import Checkpoint

EPOCHS, BATCH, EVERY, STEPS = 4, 64, 5, 23


def data():
    (x, y), _ = striate.datasets.digits.load_data()
    return x[..., None].astype("float32") / 16, y.astype("int64")


def stack(layers):
    return [
        layers.Conv2D(8, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]


def end_at(kind, number):
    """A callback that ends the process by SIGKILL before a step of its life."""

    class Killer(kind):
        seen = 0

        def on_train_batch_begin(self, batch, logs=None):
            self.seen += 1
            if self.seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

        def settings(self):
            return None

    return Killer()


def of_keras(folder, number):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((8, 8, 1)), *stack(keras.layers)])
    model.compile("adam", "sparse_categorical_crossentropy")
    backup = keras.callbacks.BackupAndRestore(str(folder / "backup"), save_freq=EVERY)
    told = [backup, end_at(keras.callbacks.Callback, number)]
    model.fit(*data(), batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=told)
    return model.get_weights()


def of_striate(folder, number):
    torch.manual_seed(1)
    model = striate.Sequential([striate.Input((8, 8, 1)), *stack(striate.layers)])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(
        *data(),
        batch_size=BATCH,
        epochs=EPOCHS,
        verbose=0,
        seed=1,
        callbacks=[end_at(striate.callbacks.Callback, number)],
        checkpoint=Checkpoint(folder / "checkpoints", EVERY, say=lambda sentence: None),
        resume="auto",
    )
    return model.get_weights()


def life(train, folder, number):
    """Whether a life in a child came to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            np.savez(folder / "weights.npz", *train(folder, number))
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, -signal.SIGKILL):
        raise RuntimeError(f"a life ended with the code {code}")
    return code == 0


def weights(folder):
    with np.load(folder / "weights.npz") as found:
        return [found[name] for name in found.files]


def difference(ours, theirs):
    """Greatest max|a-b| / max|b| of a weight."""
    pairs = zip(ours, theirs, strict=True)
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    drawn = random.Random(2)
    points = [drawn.randrange(2, EPOCHS * STEPS) for _ in range(kills)]
    print(f"torch {torch.__version__}, keras {keras.__version__}, striate {striate.__version__},")
    print(
        f"{platform.processor() or platform.machine()}, 1 thread; {EPOCHS} epochs of {STEPS} steps"
    )
    print(f"{kills} kills, saved every {EVERY} steps; relative difference of the final weights\n")
    print(f"{'':24}{'equal':>8}{'median':>10}{'largest':>10}")
    with tempfile.TemporaryDirectory() as parent:
        for name, train in (("striate", of_striate), ("keras", of_keras)):
            place = Path(parent) / name
            for each in ("whole", "again"):
                life(train, place / each, 0)
            wanted = weights(place / "whole")
            twice = difference(weights(place / "again"), wanted)
            found = []
            for number, point in enumerate(points):
                folder = place / str(number)
                if life(train, folder, point):
                    raise RuntimeError("a life that was to be killed was not")
                if not life(train, folder, 0):
                    raise RuntimeError("a life was killed that was to end")
                found.append(difference(weights(folder), wanted))
            equal = f"{found.count(0.0)}/{kills}"
            print(f"{name:24}{equal:>8}{np.median(found):10.2g}{max(found):10.2g}")
            print(
                f"{name + ', not stopped twice':24}{'yes' if twice == 0 else 'no':>8}{twice:10.2g}"
            )


if __name__ == "__main__":
    main()
