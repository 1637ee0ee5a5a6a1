"""What was found, in sentences that stay short for many classes and many files."""

from pathlib import Path

import numpy as np

from striate.data import ArraySource, PathList, PictureIndex
from striate.records import Preprocess
from striate.tasks.pictures.holding_out import HoldOut
from striate.tasks.pictures.parts import Part
from striate.tasks.pictures.picture_words import (
    data_sentences,
    parts_sentence,
    repeated_warnings,
    size_reason,
    size_sentence,
)
from striate.tasks.pictures.survey import Survey
from striate.tasks.pictures.wanted_input import WantedInput


def part(count):
    return Part(ArraySource(np.zeros((count, 1), np.uint8)), np.zeros(count, np.int64), [])


def test_many_classes_and_many_skipped_files_are_counted():
    names = tuple(f"c{number:02}" for number in range(20))
    paths = PathList(".", [f"{name}.png" for name in names])
    index = PictureIndex(Path("."), paths, names, labels=np.arange(20), why="it is so")
    seen = Survey((9, 9), (9, 9), 9, 3)
    skipped = [(Path(f"{number}.txt"), "no picture") for number in range(8)]
    first, second, *rows = data_sentences("pets", {"train": index}, seen, skipped)
    assert first == 'Data: "pets", format folder, as it is so.'
    assert second.startswith("20 pictures, 9 × 9 pixels, colour, 20 classes (c00 1, ")
    assert second.endswith("c09 1, … and 10 more).")
    assert rows[0] == 'Skipped "0.txt": no picture.'
    assert rows[-1] == "Skipped 3 more: data_manifest.json lists them."


def test_parts_say_who_chose_them():
    parts = {"train": part(8), "validation": part(2), "test": part(3)}
    assert parts_sentence(parts, None, None) == (
        "Parts: 8 to train, 2 to validate (the data's own), 3 to test (the data's own)."
    )
    said = parts_sentence({"train": part(8), "validation": part(2)}, HoldOut(0.2), "owner")
    words = "2 to validate (about 20% of each class, as far as no group by owner is divided)."
    assert said.endswith(words)
    said = parts_sentence({"train": part(8), "validation": part(2)}, HoldOut(0.5, 0, 2, 1), "owner")
    assert said.endswith("2 to validate (fold 1 of 2, as far as no group by owner is divided).")


def test_the_size_has_a_reason():
    seen = Survey((10, 10), (600, 800), 300, 3)
    square = Preprocess(size=(128, 128), channels=3)
    plain = WantedInput()
    why = size_reason(None, square, seen, wanted=plain)
    assert size_sentence(square, why) == (
        "Size: 128 × 128 pixels, as half of them have 300 or more on their shorter side, and more "
        "than 128 is slow; each side is scaled by itself."
    )
    why = size_reason(128, square, seen, wanted=plain)
    assert size_sentence(square, why) == (
        "Size: 128 × 128 pixels, as said; each side is scaled by itself."
    )
    why = size_reason(128, square, seen, wanted=plain, resumed=True)
    assert size_sentence(square, why).startswith("Size: 128 × 128 pixels, as the run's settings")


def test_the_size_of_a_net_has_its_reason():
    seen = Survey((10, 10), (20, 30), 20, 3)
    large = WantedInput("resnet50", 32)
    fitted = Preprocess(size=(32, 32), channels=3)
    assert size_reason(None, fitted, seen, wanted=large) == "as resnet50 takes no smaller ones"
    own = Preprocess((224, 224), fit="crop", channels=3, short_side_px=256)
    why = size_reason(None, own, seen, wanted=WantedInput("lite", 32, own))
    assert size_sentence(own, why) == (
        "Size: 224 × 224 pixels, as the weights of lite were trained so; of each the shorter side "
        "is scaled to 256, the middle is cut."
    )
    assert "the rest of each is black" in size_sentence(Preprocess((8, 8), fit="pad"), "as said")


def test_repeated_pictures_are_counted():
    parts = {"train": part(2), "test": part(3)}
    listed = {"train": {"sha256": ["a", "b"]}, "test": {"sha256": ["a", "c", "c"]}}
    (warning,) = repeated_warnings(parts, listed)
    assert warning.startswith("1 test picture is in the training part too")
