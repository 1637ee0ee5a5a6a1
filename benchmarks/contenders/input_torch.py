"""Batches by a DataLoader with a worker a core."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, TensorDataset

from benchmarks.contenders.input import BATCH, MEMORY_BATCH, SIZE, Input, jpegs


class Jpegs(Dataset):
    """A data set as one writes it by hand: one picture a call."""

    def __init__(self, folder: str) -> None:
        self.paths = jpegs(folder)

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, number: int):
        with Image.open(self.paths[number]) as image:
            small = image.convert("RGB").resize(SIZE, Image.Resampling.BILINEAR)
        return torch.from_numpy(np.array(small)), 0


class PictureArrays(Dataset):
    """A data set as torchvision's of MNIST: an array becomes a picture becomes a tensor."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, number: int):
        picture = Image.fromarray(self.images[number, ..., 0])
        return torch.from_numpy(np.array(picture))[None].float().div(255), int(self.labels[number])


class Folder(Input):
    """JPEGs to batches."""

    def prepare(self) -> None:
        torch.set_num_threads(self.threads)
        self.data, self.batch = Jpegs(self.folder), BATCH

    def count(self) -> int:
        loader = DataLoader(self.data, self.batch, shuffle=True, num_workers=self.threads)
        return sum(len(images) for images, _ in loader)

    def versions(self) -> dict[str, str]:
        return {"torch": version("torch"), "pillow": version("pillow")}


class Memory(Folder):
    """Arrays to batches.

    Args:
        pictures: whether each is made a picture first, as torchvision's MNIST does.
    """

    def prepare(self, *, pictures: bool = False) -> None:
        torch.set_num_threads(self.threads)
        with np.load(self.folder) as kept:
            x, y = kept["x"], kept["y"].astype("int64")
        tensors = TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
        self.data, self.batch = PictureArrays(x, y) if pictures else tensors, MEMORY_BATCH
