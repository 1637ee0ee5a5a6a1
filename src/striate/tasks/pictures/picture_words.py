"""What was found in a user's data, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from striate.data import PictureIndex
from striate.records import Preprocess
from striate.tasks.pictures.holding_out import HoldOut
from striate.tasks.pictures.parts import Part
from striate.tasks.pictures.survey import Survey
from striate.tasks.pictures.wanted_input import WantedInput

__all__ = ["data_sentences", "parts_sentence", "repeated_warnings", "size_reason", "size_sentence"]

_MOST_CLASSES, _CLASSES_THEN = 12, 10
_SHOWN = 5


def data_sentences(
    text: str,
    indices: Mapping[str, PictureIndex],
    seen: Survey | None,
    skipped: Sequence[tuple[Path, str]],
) -> list[str]:
    """What the data is: its format and why, how many pictures, sizes, classes, what is skipped.

    Args:
        text: the data as the user named it.
        indices: part -> its pictures.
        seen: what their headers say.
        skipped: (path, reason) of what is no picture of the data.
    """
    train = indices["train"]
    total = sum(len(index) for index in indices.values())
    shown = [f"{name} {count:,}" for name, count in train.counts.items()]
    if len(indices) > 1:
        shown[0] = f"to train: {shown[0]}"
    if len(shown) > _MOST_CLASSES:
        shown = [*shown[:_CLASSES_THEN], f"… and {len(shown) - _CLASSES_THEN} more"]
    each = ", several a picture" if train.kind == "label_sets" else ""
    looks = f"{seen.text}, " if seen else ""
    rows = [
        f'Data: "{text}", format {train.format}, as {train.why}.',
        f"{total:,} pictures, {looks}{len(train.class_names)} classes{each} ({', '.join(shown)}).",
    ]
    rows += [f'Skipped "{path}": {why}.' for path, why in skipped[:_SHOWN]]
    if len(skipped) > _SHOWN:
        rows.append(f"Skipped {len(skipped) - _SHOWN} more: data_manifest.json lists them.")
    return rows


def size_reason(
    said: int | None,
    preprocess: Preprocess,
    seen: Survey | None,
    *,
    wanted: WantedInput,
    resumed: bool = False,
) -> str:
    """Why pictures are brought to their size.

    Args:
        said: the size that the options name.
        preprocess: of the training.
        seen: what the headers say.
        wanted: what the net asks.
        resumed: whether the options are those of a run that goes on.
    """
    height, _ = preprocess.size or (0, 0)
    if said is not None:
        return "as the run's settings say" if resumed else "as said"
    if wanted.preprocess is not None:
        return f"as the weights of {wanted.net} were trained so"
    if seen is None:
        return "as nothing is known of the pictures"
    if height == wanted.least_px > seen.median_shorter_px:
        return f"as {wanted.net} takes no smaller ones"
    why = f"as half of them have {seen.median_shorter_px} or more on their shorter side"
    return f"{why}, and more than {height} is slow" if seen.median_shorter_px > height else why


def size_sentence(preprocess: Preprocess, why: str) -> str:
    """To what size pictures are brought, how, and why.

    Args:
        preprocess: of the training.
        why: from `size_reason`.
    """
    height, width = preprocess.size or (0, 0)
    how = {
        "squash": "each side is scaled by itself",
        "crop": "the middle is cut out of each",
        "pad": "the rest of each is black",
    }[preprocess.fit]
    if preprocess.short_side_px is not None:
        how = f"of each the shorter side is scaled to {preprocess.short_side_px}, the middle is cut"
    return f"Size: {height} × {width} pixels, {why}; {how}."


def parts_sentence(parts: Mapping[str, Part], rule: HoldOut | None, group_by: str | None) -> str:
    """How many pictures are for what, and who said so.

    Args:
        parts: of the data.
        rule: by which pictures were held out; None where the data says it.
        group_by: by which no group is divided, or None.
    """
    own = "the data's own"
    texts = [f"{len(parts['train']):,} to train"]
    if "validation" in parts:
        grouped = f", as far as no group by {group_by} is divided" if group_by and rule else ""
        about = "about " if grouped and rule and not rule.folds else ""
        why = f"{about}{rule.text}{grouped}" if rule else own
        texts.append(f"{len(parts['validation']):,} to validate ({why})")
    if "test" in parts:
        texts.append(f"{len(parts['test']):,} to test ({own})")
    return f"Parts: {', '.join(texts)}."


def repeated_warnings(
    parts: Mapping[str, Part], listed: Mapping[str, Mapping[str, Any]]
) -> tuple[str, ...]:
    """A warning for each part that holds pictures of the training part, byte for byte.

    Args:
        parts: of the data.
        listed: part -> its record in the manifest, with "sha256".
    """
    trained = set(listed["train"]["sha256"])
    found = []
    for part in parts:
        again = sum(each in trained for each in listed[part]["sha256"]) if part != "train" else 0
        if again:
            are = "picture is" if again == 1 else "pictures are"
            found.append(
                f"{again:,} {part} {are} in the training part too, byte for byte: the scores on "
                "that part are too good."
            )
    return tuple(found)
