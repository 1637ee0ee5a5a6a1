"""What the tests of the tasks share: folders of small pictures, and one short training."""

import numpy as np
import pytest
import torch
from PIL import Image

from striate.architectures import resnet20
from striate.records import Preprocess
from striate.tasks.classify import train


def draw(path, colour, *, size=(20, 24), seed=0, mode="RGB"):
    """A picture of one colour with some noise."""
    noise = np.random.default_rng(seed).integers(0, 40, (*size, 3))
    pixels = np.clip(np.asarray(colour) + noise, 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).convert(mode).save(path)


@pytest.fixture
def red_and_blue(tmp_path):
    """make(root, count): a folder of two class folders of red and of blue pictures."""

    def make(name="pets", count=10, *, mode="RGB"):
        root = tmp_path / name
        for number in range(count):
            draw(root / "blue" / f"{number}.png", (0, 0, 200), seed=number, mode=mode)
            draw(root / "red" / f"{number}.png", (200, 0, 0), seed=100 + number, mode=mode)
        return root

    return make


@pytest.fixture(scope="session")
def digits_run(tmp_path_factory):
    """A training on the digits for two epochs: (run, what it said)."""
    said = []
    runs = tmp_path_factory.mktemp("digits") / "runs"
    run = train("digits", epochs=2, batch_size=64, runs=runs, say=said.append)
    return run, said


@pytest.fixture(scope="session")
def small_base(tmp_path_factory):
    """A model folder of a small net of a paper, for pictures of 16 × 16 pixels."""
    folder = tmp_path_factory.mktemp("base") / "model"
    with torch.random.fork_rng():
        torch.manual_seed(4)
        net = resnet20((16, 16, 3), 5)
    for layer in net.layers:
        if hasattr(layer, "running_mean"):
            layer.running_mean += 0.1  # statistics that a batch does not have
    preprocess = Preprocess((16, 16), channels=3, scale=1 / 255, mean=(0.5,), std=(0.25,))
    net.save(folder, labels=list("abcde"), preprocess=preprocess)
    return folder
