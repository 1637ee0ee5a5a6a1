"""striate train beside a Keras script: the same net, epochs, augmentation, optimizer and schedule.

Run from the repository: `python benchmarks/clothing.py --seeds 3` (the shared data beside the
checkout, or --data FOLDER with train/ and validation/). Each run is its own process, in turn.
The Keras script is what its users write, with the pictures read once into arrays and Random*
layers before the net. Its backend is torch, or TensorFlow with --tensorflow PYTHON, an interpreter
that has it.
All train on train/ and are scored on validation/ by their last weights: nothing is chosen there.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "clothing128"
PIXELS = 96


def striate_run(data, seed, epochs, threads, **settings):
    """`striate train` as it comes: bfloat16 where that is fast, averaged weights, a report."""
    import tempfile

    import torch

    from striate.tasks.classify import train

    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        run = train(data, epochs=epochs, seed=seed, size_px=PIXELS, runs=folder, **settings)
        seconds = time.perf_counter() - started
    return {"accuracy": run.scores.accuracy, "seconds": seconds}


def same_run(data, seed, epochs, threads):
    """The recipe of the Keras script: float32, the last weights."""
    return striate_run(data, seed, epochs, threads, precision="float32", ema=False)


def keras_run(data, seed, epochs, threads):
    """The same by Keras' own layers and fit."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    os.environ["OMP_NUM_THREADS"] = os.environ["TF_NUM_INTRAOP_THREADS"] = str(threads)
    import keras
    import numpy as np
    from keras import layers
    from PIL import Image

    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    names = sorted(path.name for path in (Path(data) / "train").iterdir())

    def arrays(part):
        files = [(p, i) for i, n in enumerate(names) for p in (Path(data) / part / n).iterdir()]
        pictures = [
            np.asarray(Image.open(p).convert("RGB").resize((PIXELS, PIXELS), Image.BILINEAR))
            for p, _ in files
        ]
        labels = keras.utils.to_categorical([label for _, label in files], len(names))
        return np.stack(pictures), labels

    x, y = arrays("train")
    x_test, y_test = arrays("validation")

    def block(x, filters, strides=1):
        for step in (strides, 1):
            conv = layers.Conv2D(
                filters, 3, strides=step, padding="same", use_bias=False,
                kernel_initializer="he_normal",
            )  # fmt: skip
            x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(conv(x)))
        return x

    inputs = keras.Input((PIXELS, PIXELS, 3))
    z = layers.RandomFlip("horizontal")(inputs)
    z = layers.RandomTranslation(0.1, 0.1)(z)
    z = layers.RandomRotation(12 / 360)(z)
    z = layers.RandomZoom(0.15)(z)
    z = layers.RandomBrightness(0.1)(z)
    z = layers.RandomContrast(0.2)(z)
    z = layers.RandomSaturation((0.4, 0.6))(z)
    z = layers.RandomErasing(factor=0.25, scale=(0.02, 0.2))(z)
    z = layers.Rescaling(1 / 255)(z)
    side, filters, strides = PIXELS // 2, 32, 2
    while side > 7:
        z = layers.MaxPooling2D(2)(block(z, filters, strides))
        side, filters, strides = side // 2, min(2 * filters, 256), 1
    z = layers.GlobalAveragePooling2D()(block(z, filters))
    outputs = layers.Dense(len(names), activation="softmax")(layers.Dropout(0.3)(z))
    net = keras.Model(inputs, outputs)

    steps = epochs * -(-len(x) // 32)

    class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            step, peak = keras.ops.cast(step, "float32"), 0.3 * steps - 1
            rise = keras.ops.cos(np.pi * step / peak)
            fall = keras.ops.cos(np.pi * (step - peak) / (steps - 1 - peak))
            up = 0.002 + (0.05 - 0.002) * (1 - rise) / 2
            return keras.ops.where(step < peak, up, 0.05 * (1 + fall) / 2)

    optimizer = keras.optimizers.SGD(OneCycle(), 0.9, nesterov=True, weight_decay=5e-3)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    net.compile(optimizer, loss, metrics=["accuracy"])
    net.fit(x, y, batch_size=32, epochs=epochs, validation_data=(x_test, y_test), verbose=0)
    seconds = time.perf_counter() - started
    accuracy = float((net.predict(x_test, verbose=0).argmax(1) == y_test.argmax(1)).mean())
    return {"accuracy": accuracy, "seconds": seconds}


RUNS = {"striate": striate_run, "striate-same": same_run, "keras": keras_run}


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--epochs", type=int, default=60)
    words.add_argument("--threads", type=int, default=2)
    words.add_argument("--data", default=str(SHARED))
    words.add_argument("--only", choices=RUNS)
    words.add_argument("--tensorflow", metavar="PYTHON")
    words.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.one:
        name, seed = given.one
        print(json.dumps(RUNS[name](given.data, int(seed), given.epochs, given.threads)))
        return
    found = {name: [] for name in RUNS if given.only in (None, name)}
    for seed in range(given.seeds):
        for name, results in found.items():
            by_tensorflow = name == "keras" and given.tensorflow
            python = given.tensorflow if by_tensorflow else sys.executable
            command = [python, __file__, "--one", name, str(seed), "--data", given.data]
            command += ["--epochs", str(given.epochs), "--threads", str(given.threads)]
            backend = {"KERAS_BACKEND": "tensorflow"} if by_tensorflow else {}
            done = subprocess.run(
                command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | backend
            )
            results.append(json.loads(done.stdout.splitlines()[-1]))
            print(f"{name} seed {seed}: {results[-1]}", flush=True)
    for name, results in found.items():
        accuracies = [each["accuracy"] for each in results]
        seconds = [each["seconds"] for each in results]
        spread = statistics.stdev(accuracies) if len(results) > 1 else 0.0
        print(
            f"{name}: accuracy {statistics.mean(accuracies):.4f} ± {spread:.4f} "
            f"(n = {len(results)}), {statistics.mean(seconds):.0f} s "
            f"({min(seconds):.0f} to {max(seconds):.0f})"
        )


if __name__ == "__main__":
    main()
