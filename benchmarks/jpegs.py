"""A folder of JPEGs for the row of the input, made of crops of photographs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from striate.datasets.sample_images import load_sample_images

WIDTH, HEIGHT, QUALITY, LEAST_PX, CLASSES = 500, 375, 90, 330, 4


def photographs(folder: Path | None) -> list[Image.Image]:
    """Those of a folder that are large enough, else the two that scikit-learn brings."""
    if folder is None:
        return [Image.fromarray(pixels) for pixels in load_sample_images()]
    return list(readable(folder))


def readable(folder: Path) -> Iterator[Image.Image]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg"):
            try:
                with Image.open(path) as image:
                    if min(image.size) >= LEAST_PX:
                        yield image.convert("RGB")
            except OSError:
                continue


def write(photos: list[Image.Image], folder: Path, count: int) -> None:
    """Crops of three quarters to all of each photograph, in class folders."""
    draw = random.Random(0)
    for number in range(count):
        image = photos[number % len(photos)]
        part = draw.uniform(0.75, 1.0)
        width = min(image.width * part, image.height * part * WIDTH / HEIGHT)
        height = width * HEIGHT / WIDTH
        x, y = draw.uniform(0, image.width - width), draw.uniform(0, image.height - height)
        path = folder / f"class{number % CLASSES}" / f"{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        box = (x, y, x + width, y + height)
        crop = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box)
        crop.save(path, quality=QUALITY)
