"""Batches by Keras on TensorFlow: image_dataset_from_directory, and tf.data over arrays."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from benchmarks.contenders.input import BATCH, MEMORY_BATCH, SIZE, Input
from benchmarks.contenders.keras_ import keep_threads, versions


class Folder(Input):
    """JPEGs to batches, listed anew for every epoch as for the first."""

    def prepare(self) -> None:
        keep_threads(self.threads)

    def count(self) -> int:
        data = keras.utils.image_dataset_from_directory(
            self.folder, image_size=SIZE, batch_size=BATCH, shuffle=True, seed=0, verbose=False
        )
        return sum(len(images) for images, _ in data)

    def versions(self) -> dict[str, str]:
        return versions()


class Memory(Input):
    """Arrays to batches: shuffled over all of them, as `fit` of arrays does."""

    def prepare(self) -> None:
        keep_threads(self.threads)
        with np.load(self.folder) as kept:
            arrays = (kept["x"], kept["y"])
        data = tf.data.Dataset.from_tensor_slices(arrays).shuffle(len(arrays[0]))
        self.data = data.batch(MEMORY_BATCH).prefetch(tf.data.AUTOTUNE)

    def count(self) -> int:
        return sum(len(images) for images, _ in self.data)

    def versions(self) -> dict[str, str]:
        return versions()
