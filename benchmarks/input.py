"""From JPEGs, and from arrays in memory, to shuffled batches: striate, Keras, a DataLoader.

    python benchmarks/input.py PHOTOS [--rounds 5] [--tensorflow PYTHON]

Makes a folder of 2,000 JPEGs of 500 × 375 pixels out of crops of the photographs in PHOTOS, for
the time of the run. The contenders run in turn, each in its own process, with the files in the
system's memory; a ratio is taken within each round, and the median, smallest and largest ratio of
all rounds are printed. Keras needs an interpreter that has TensorFlow, and is left out without.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from PIL import Image

COUNT, WIDTH, HEIGHT, QUALITY, LEAST_PX = 2000, 500, 375, 90, 330
ROWS = (  # what is measured, ours, the peer, which epochs
    ("cold", "striate", "keras", "first"),
    ("cold, later epochs", "striate", "keras", "later"),
    ("cold, a core", "striate", "keras", "per_core"),
    ("cold", "striate", "dataloader", "later"),
    ("cached, a new run", "striate-cached", "dataloader", "first"),
    ("cached, later epochs", "striate-cached", "dataloader", "later"),
    ("in memory", "memory-striate", "memory-dataloader", "later"),
    ("in memory", "memory-striate", "memory-pictures", "later"),
)


def make_pictures(photos, folder):
    """Crops of three quarters to all of each photograph, as JPEGs, in four class folders."""
    found = []
    for path in sorted(Path(photos).rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg") and "nasty" not in path.parts:
            with Image.open(path) as image:
                if min(image.size) >= LEAST_PX:
                    found.append(image.convert("RGB"))
    draw = random.Random(0)
    for number in range(COUNT):
        image = found[number % len(found)]
        part = draw.uniform(0.75, 1.0)
        width = min(image.width * part, image.height * part * WIDTH / HEIGHT)
        height = width * HEIGHT / WIDTH
        x, y = draw.uniform(0, image.width - width), draw.uniform(0, image.height - height)
        path = Path(folder, f"class{number % 4}", f"{number:05}.jpg")
        path.parent.mkdir(exist_ok=True)
        box = (x, y, x + width, y + height)
        crop = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box)
        crop.save(path, quality=QUALITY)
    return len(found)


def measure(contender, folder, python, cache):
    """Pictures a second of one contender in a fresh process."""
    script = Path(__file__).with_name("input_contenders.py")
    command = [python, str(script), contender, str(folder)]
    environment = {**os.environ, "STRIATE_CACHE": str(cache)}
    if contender == "striate-cached":
        subprocess.run(
            [*command, "--epochs", "2"], capture_output=True, check=True, env=environment
        )
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photos")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tensorflow")
    arguments = parser.parse_args()
    contenders = list(dict.fromkeys(name for _, ours, peer, _ in ROWS for name in (ours, peer)))
    if not arguments.tensorflow:
        contenders.remove("keras")
    pythons = {"keras": arguments.tensorflow}
    with tempfile.TemporaryDirectory() as folder:
        pictures, cache = Path(folder, "pictures"), Path(folder, "cache")
        pictures.mkdir()
        photos = make_pictures(arguments.photos, pictures)
        size = sum(path.stat().st_size for path in pictures.rglob("*.jpg")) / COUNT
        rounds = [
            {
                name: measure(name, pictures, pythons.get(name, sys.executable), cache)
                for name in contenders
            }
            for _ in range(arguments.rounds)
        ]
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "pillow", "numpy"))
    print(
        f"{COUNT:,} JPEGs of {photos} photographs, {size / 1000:.0f} kB in the mean, "
        f"{arguments.rounds} rounds, {versions}, {os.cpu_count()} cores"
    )
    for what, ours, peer, epochs in ROWS:
        if peer not in contenders:
            continue
        rates = [statistics.median(each[name][epochs] for each in rounds) for name in (ours, peer)]
        ratios = [each[ours][epochs] / each[peer][epochs] for each in rounds]
        print(
            f"{what:22} {ours:14} {rates[0]:11,.0f}/s  {peer:17} {rates[1]:9,.0f}/s  "
            f"{statistics.median(ratios):7.2f}x ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
