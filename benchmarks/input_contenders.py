"""One contender, one process: batches from a folder of JPEGs, or from arrays in memory.

    python benchmarks/input_contenders.py striate|striate-cached|keras|dataloader FOLDER
    python benchmarks/input_contenders.py memory-striate|memory-dataloader|memory-pictures -

Prints one JSON line: pictures a second of the first epoch, from the call that lists the folder to
the last batch, and of the later ones; and pictures for each second of processor time. Imports do
not count. `striate` empties its cache before each epoch; `striate-cached` finds what an earlier
process has cached.
`memory-dataloader` is a TensorDataset, `memory-pictures` a data set that makes of each array a
Pillow picture and of that a tensor, as those of torchvision do; both with 2 workers.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import shutil
import statistics
import time
from pathlib import Path

SIZE, BATCH, MEMORY_BATCH, WORKERS = (180, 180), 32, 64, 2


def pictures_of(folder):
    return sorted(str(path) for path in Path(folder).rglob("*.jpg"))


def striate_epochs(folder, *, cached):
    from striate import settings
    from striate.data import Loader, PictureSource
    from striate.records import Preprocess

    def source():
        return PictureSource(pictures_of(folder), preprocess=Preprocess(SIZE, channels=3))

    kept = None
    for epoch in range(100):
        if not cached:
            shutil.rmtree(settings.cache_folder(), ignore_errors=True)
            kept = None
        yield
        kept = kept or source()
        yield sum(len(batch) for batch in Loader(kept, BATCH, shuffle=True).epoch(epoch))


def keras_epochs(folder):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf

    tf.constant(0)
    yield
    data = keras.utils.image_dataset_from_directory(
        folder, image_size=SIZE, batch_size=BATCH, shuffle=True, seed=0, verbose=False
    )
    while True:
        yield sum(len(images) for images, _ in data)
        yield


class Jpegs:
    """A data set as one writes it by hand: one picture a call."""

    def __init__(self, folder):
        self.paths = pictures_of(folder)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, number):
        import numpy as np
        import torch
        from PIL import Image

        with Image.open(self.paths[number]) as image:
            small = image.convert("RGB").resize(SIZE, Image.Resampling.BILINEAR)
        return torch.from_numpy(np.array(small)), 0


class PictureArrays:
    """A data set as torchvision's of MNIST: an array becomes a picture becomes a tensor."""

    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images)

    def __getitem__(self, number):
        import numpy as np
        import torch
        from PIL import Image

        picture = Image.fromarray(self.images[number, ..., 0])
        return torch.from_numpy(np.array(picture))[None].float().div(255), int(self.labels[number])


def loader_epochs(data, batch):
    from torch.utils.data import DataLoader

    while True:
        yield
        loader = DataLoader(data, batch, shuffle=True, num_workers=WORKERS)
        yield sum(len(images) for images, _ in loader)


def memory_epochs(kind):
    import numpy as np
    import torch
    from torch.utils.data import TensorDataset

    from striate.data import ArraySource, Loader

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60_000, 28, 28, 1), dtype=np.uint8)
    labels = rng.integers(0, 10, 60_000)
    if kind == "striate":
        loader = Loader(ArraySource(images, labels), MEMORY_BATCH, shuffle=True)
        for epoch in range(100):
            yield
            yield sum(len(batch) for batch in loader.epoch(epoch))
    elif kind == "dataloader":
        data = TensorDataset(torch.from_numpy(images), torch.from_numpy(labels))
        yield from loader_epochs(data, MEMORY_BATCH)
    else:
        yield from loader_epochs(PictureArrays(images, labels), MEMORY_BATCH)


CONTENDERS = {
    "striate": functools.partial(striate_epochs, cached=False),
    "striate-cached": functools.partial(striate_epochs, cached=True),
    "keras": keras_epochs,
    "dataloader": lambda folder: loader_epochs(Jpegs(folder), BATCH),
    "memory-striate": lambda _: memory_epochs("striate"),
    "memory-dataloader": lambda _: memory_epochs("dataloader"),
    "memory-pictures": lambda _: memory_epochs("pictures"),
}


def processor_seconds():
    """Of this process and of its workers that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("contender", choices=CONTENDERS)
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=3)
    arguments = parser.parse_args()
    epochs = CONTENDERS[arguments.contender](arguments.folder)
    rates, per_core = [], []
    for _ in range(arguments.epochs):
        next(epochs)  # what does not count
        start, used = time.perf_counter(), processor_seconds()
        count = next(epochs)
        rates.append(count / (time.perf_counter() - start))
        per_core.append(count / (processor_seconds() - used))
    later = statistics.median(rates[1:])
    print(json.dumps({"first": rates[0], "later": later, "per_core": max(per_core)}))


if __name__ == "__main__":
    main()
