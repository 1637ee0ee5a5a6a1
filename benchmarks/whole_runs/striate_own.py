"""The quickest recipe that we know for each set; S1 is enough for both."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import torch

import striate
from benchmarks.nets.striate_ import build
from benchmarks.whole_runs.seed_recipe import words


@dataclass(frozen=True)
class Recipe:
    """How a net learns.

    Args:
        net: its name.
        epochs: over which the rate rises and falls once.
        batch: pictures a step.
        rate: the greatest.
        decay: of the weights, decoupled.
        smoothing: of the labels.
        precision: of the forward pass.
    """

    net: str
    epochs: int
    batch: int
    rate: float
    decay: float
    smoothing: float
    precision: str


RECIPES = {
    "mnist": Recipe("S1", 1, 128, 6e-3, 0.01, 0.1, "bfloat16"),
    "fashion_mnist": Recipe("S1", 4, 128, 6e-3, 0.01, 0.1, "bfloat16"),
}


def main() -> None:
    name, pictures, seed, threads = words()
    recipe = RECIPES[name]
    striate.train.keep_memory()
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    with np.load(pictures) as kept:
        x, x_test = (kept[each].astype("float32") / 255 for each in ("x", "x_test"))
        y, y_test = (kept[each].astype("int64") for each in ("y", "y_test"))
    model = build(recipe.net, (28, 28, 1))
    rate = striate.optimizers.schedules.OneCycle(
        recipe.rate, recipe.epochs * -(-len(x) // recipe.batch)
    )
    optimizer = striate.optimizers.AdamW(rate, weight_decay=recipe.decay)
    loss = striate.losses.SparseCategoricalCrossentropy(label_smoothing=recipe.smoothing)
    model.compile(optimizer, loss)
    how = {"batch_size": recipe.batch, "epochs": recipe.epochs, "precision": recipe.precision}
    model.fit(x, y, verbose=0, **how)
    found = model.predict(x_test, batch_size=1000, precision=recipe.precision)
    accuracy = float((found.argmax(1) == y_test).mean())
    print(json.dumps({"accuracy": accuracy, "epochs": recipe.epochs}))


if __name__ == "__main__":
    main()
