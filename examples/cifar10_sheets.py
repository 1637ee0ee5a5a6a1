"""Sheets of pictures, one a row of pixels, become class folders, and a net is trained on them.

`python examples/cifar10_sheets.py FOLDER [EPOCHS]`: FOLDER holds train_batch_0.png, …, each row of
which is one picture of 32 × 32 pixels, and train_labels_4000.txt with a class number a line.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from striate.datasets.cifar10 import CLASS_NAMES
from striate.tasks.classify import train

folder, epochs = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None
labels = [int(word) for word in (folder / "train_labels_4000.txt").read_text().split()]
with tempfile.TemporaryDirectory() as place:
    sheets = [np.asarray(Image.open(path)) for path in sorted(folder.glob("train_batch_*.png"))]
    pictures = np.concatenate(sheets).reshape(-1, 32, 32, 3)
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=False)):
        path = Path(place, CLASS_NAMES[label], f"{number}.png")
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(picture).save(path)
    run = train(place, name="cifar10", epochs=epochs, say=print)
print(f"accuracy {run.scores.accuracy:.3f} on {run.scores.pictures} pictures: {run.folder}")
