"""Layers that change pictures in training, each picture by an amount of its own."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ODD = ((2, 5, 7, 3),)
PIXEL = ((2, 1, 1, 3),)
WIDE = (-10, 10)  # nothing is cut off


def row(name, make, shapes=MAP, case="", *, open_sizes=True):
    return LayerRow(name, make, shapes, case, open_sizes=open_sizes, draws=True)


ROWS = [
    row("RandomBrightness", lambda: layers.RandomBrightness(0.2, WIDE)),
    row("RandomBrightness", lambda: layers.RandomBrightness((-0.1, 0.3)), GREY, "grey"),
    row("RandomContrast", lambda: layers.RandomContrast(0.5, WIDE)),
    row("RandomContrast", lambda: layers.RandomContrast((0.5, 0.2), (0, 1)), GREY, "grey"),
    row("RandomCrop", lambda: layers.RandomCrop(3, 4)),
    row("RandomCrop", lambda: layers.RandomCrop(5, 2, seed=3), GREY, "grey"),
    row("RandomCrop", lambda: layers.RandomCrop(8, 4), MAP, "enlarged", open_sizes=False),
    row("RandomFlip", lambda: layers.RandomFlip()),
    row("RandomFlip", lambda: layers.RandomFlip("horizontal", seed=3), ODD, "horizontal"),
    row("RandomFlip", lambda: layers.RandomFlip("vertical"), GREY, "vertical grey"),
    row("RandomRotation", lambda: layers.RandomRotation(0.2)),
    row("RandomRotation", lambda: layers.RandomRotation((0.1, 0.2), "wrap"), GREY, "grey"),
    row(
        "RandomRotation",
        lambda: layers.RandomRotation(1.0, "constant"),
        PIXEL,
        "pixel",
        open_sizes=False,
    ),
    row(
        "RandomRotation",
        lambda: layers.RandomRotation(0.4, "nearest", interpolation="nearest", seed=3),
        ODD,
        "nearest",
    ),
    row("RandomTranslation", lambda: layers.RandomTranslation(0.4, (0.1, 0.5))),
    row(
        "RandomTranslation",
        lambda: layers.RandomTranslation(1, 1, fill_mode="constant", fill_value=0.5),
        ODD,
        "constant",
    ),
    row(
        "RandomTranslation",
        lambda: layers.RandomTranslation(0.3, 0.3, fill_mode="nearest"),
        GREY,
        "grey",
    ),
    row("RandomZoom", lambda: layers.RandomZoom(0.5)),
    row("RandomZoom", lambda: layers.RandomZoom((-0.9, 1), 0.4, fill_mode="wrap"), ODD, "both"),
    row(
        "RandomZoom",
        lambda: layers.RandomZoom(0.5, fill_mode="constant", interpolation="nearest", seed=3),
        GREY,
        "grey",
    ),
]
