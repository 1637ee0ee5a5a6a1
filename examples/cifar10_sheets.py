"""Sheets of pictures, one a row of pixels, become class folders that `striate train` takes.

    python examples/cifar10_sheets.py SHEETS PICTURES
    striate train PICTURES

SHEETS holds train_batch_0.png, …, each row of which is one picture of 32 × 32 pixels, and
train_labels_4000.txt with a class number a line. PICTURES is made: a PNG for each picture.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from striate.datasets.cifar10 import CLASS_NAMES

sheets, target = Path(sys.argv[1]), Path(sys.argv[2])
labels = [int(word) for word in (sheets / "train_labels_4000.txt").read_text().split()]
rows = [np.asarray(Image.open(path)) for path in sorted(sheets.glob("train_batch_*.png"))]
pictures = np.concatenate(rows).reshape(-1, 32, 32, 3)
target.mkdir(parents=True)
for number, (picture, label) in enumerate(zip(pictures, labels, strict=False)):
    path = target / CLASS_NAMES[label] / f"{number}.png"
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(picture).save(path)
print(f"{len(pictures):,} pictures in {target}")
