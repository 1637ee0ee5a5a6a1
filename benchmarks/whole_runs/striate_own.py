"""The quickest recipe that we know for each set."""

from __future__ import annotations

import json

import numpy as np
import torch

import striate
from benchmarks.whole_runs.book_recipe import words

RECIPES = {
    "mnist": striate.recipes.mnist_quick,
    "fashion_mnist": striate.recipes.fashion_mnist_quick,
}


def main() -> None:
    name, pictures, seed, threads = words()
    striate.train.keep_memory()
    torch.set_num_threads(threads)
    with np.load(pictures) as kept:
        x, y, x_test, y_test = (kept[each] for each in ("x", "y", "x_test", "y_test"))
    data = (x, y), (x_test, y_test)
    run = RECIPES[name](seed, precision="bfloat16", verbose=0, data=data)
    print(json.dumps({"accuracy": run.scores["accuracy"], "epochs": len(run.history.epoch)}))


if __name__ == "__main__":
    main()
