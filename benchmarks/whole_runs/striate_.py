"""The recipe of the book in striate: the listing with its import swapped."""

from __future__ import annotations

import torch

import striate
from benchmarks.nets.striate_ import build
from benchmarks.whole_runs.book_recipe import BATCH, NET, data, until_target, words

OPTIMIZER = {"mnist": "rmsprop", "fashion_mnist": "nadam"}


def main() -> None:
    name, pictures, seed, threads = words()
    striate.train.keep_memory()
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    train, test = data(name, pictures)
    model = build(NET[name], (28, 28, 1))
    model.compile(OPTIMIZER[name], "sparse_categorical_crossentropy", metrics=["accuracy"])

    def epoch() -> float:
        model.fit(*train, batch_size=BATCH[name], verbose=0)
        return model.evaluate(*test, verbose=0)[1]

    until_target(name, epoch)


if __name__ == "__main__":
    main()
