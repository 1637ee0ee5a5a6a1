"""The first batch is drawn as the net sees it."""

import numpy as np
import torch

from striate.records import Batch, Preprocess
from striate.tasks.figures import batch_figure


def test_pictures_and_names_are_those_of_the_batch():
    images = torch.randint(0, 256, (40, 6, 9, 3), dtype=torch.uint8)
    batch = Batch(images, torch.arange(40) % 3)
    preprocess = Preprocess(scale=1 / 255, order="bgr")
    figure = batch_figure(batch, preprocess, class_names=["a", "b", "c"])
    assert figure.get_suptitle() == (
        "The first training batch as the net sees it: 6 × 9 pixels, colour"
    )
    assert len(figure.axes) == 32
    assert [axes.get_xlabel() for axes in figure.axes[:4]] == ["a", "b", "c", "a"]
    shown = figure.axes[5].images[0].get_array()
    assert np.allclose(shown, images[5].flip(-1) / 255, atol=1e-6)


def test_a_small_batch_fills_only_its_places():
    batch = Batch(torch.zeros(3, 4, 4, 1, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64))
    figure = batch_figure(batch, Preprocess(scale=1 / 255), class_names=["only"])
    assert sum(axes.get_visible() for axes in figure.axes) == 3
    assert "grey" in figure.get_suptitle()
