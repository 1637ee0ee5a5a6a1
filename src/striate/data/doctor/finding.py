"""One thing that the doctor found, and the table of all that it looks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from striate import _check

__all__ = ["KINDS", "SEVERITIES", "Finding", "Kind"]

SEVERITIES = ("error", "warning", "note")
"""Errors keep a training from beginning, warnings spoil it, notes are worth knowing."""


@dataclass(frozen=True)
class Kind:
    """A kind of finding.

    Args:
        severity: "error", "warning" or "note".
        title: what it is, in a few words.
        advice: what to do about it.
    """

    severity: str
    title: str
    advice: str


KINDS: dict[str, Kind] = {
    "layout": Kind("error", "in no known format", "Arrange the data as the error says."),
    "undecodable": Kind("error", "cannot be decoded", "Replace or remove the file."),
    "truncated": Kind("error", "cut off", "Copy the file again from where it came."),
    "unusable": Kind("error", "annotation or picture unusable", "Mend or remove the annotation."),
    "mask_undecodable": Kind("error", "mask cannot be read", "Write the mask as PNG again."),
    "mask_size": Kind("error", "mask of another size", "Make the mask as large as its picture."),
    "mask_unknown": Kind("error", "mask with unknown classes", "Name the classes, or mend it."),
    "box_sizes": Kind(
        "error", "annotated size is not the picture's", "Mend the sizes: boxes would be misplaced."
    ),
    "two_classes": Kind("warning", "same picture in two classes", "Keep the right one."),
    "leak": Kind("warning", "same picture in two parts", "Keep it in one part: scores are false."),
    "near_leak": Kind("warning", "near the same in two parts", "Keep them in one part."),
    "near_two_classes": Kind(
        "warning", "near the same in two classes", "Look at both: one label may be wrong."
    ),
    "duplicate": Kind("warning", "same picture again", "Keep one of them."),
    "near_duplicate": Kind("warning", "near the same", "Keep one, or keep them in one part."),
    "wrong_suffix": Kind("warning", "ending of another format", "Rename the file."),
    "tiny": Kind("warning", "tiny", "Is it a picture of what it should show? Else remove it."),
    "constant": Kind("warning", "of one colour", "Remove it: it shows nothing."),
    "empty_class": Kind("warning", "class without pictures", "Add pictures, or drop the class."),
    "one_picture": Kind("warning", "class of one picture", "Add pictures: none can be held out."),
    "imbalance": Kind("warning", "classes out of balance", "Training weighs them by --balance."),
    "box_empty": Kind("warning", "box without area", "Remove the box, or mend its corners."),
    "box_outside": Kind("warning", "box leaves the picture", "Mend the box; it will be cut."),
    "box_duplicate": Kind("warning", "same box twice", "Keep one of them."),
    "mask_255": Kind("warning", "mask of 0 and 255", "Write 1 for 255, which means: ignored."),
    "mask_ids": Kind("warning", "mask numbers above 255", "These look like things, not classes."),
    "unpaired": Kind("warning", "picture or annotation alone", "Add what is missing."),
    "absent_class": Kind("note", "class missing in a part", "Its scores there say nothing."),
    "rotated": Kind("note", "turned by EXIF", "It is turned upright when it is read."),
    "animated": Kind("note", "several frames", "The first frame is used."),
    "odd_file": Kind("note", "unlike all others", "Was it meant to be here?"),
    "odd_size": Kind("note", "outlying size", "Look whether it belongs here."),
    "odd_aspect": Kind("note", "outlying proportions", "Fitting will distort it."),
    "mixed_colour": Kind("note", "grey among colour", "All are read with the same channels."),
    "transparent": Kind("note", "transparency", "It is laid on white."),
    "skipped": Kind("note", "not of the data", "Nothing, if it is meant to be left out."),
}
"""kind -> what it means, the worst first."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Args:
        kind: a key of `KINDS`.
        severity: "error", "warning" or "note".
        text: what was found, in one sentence.
        advice: what to do about it.
        paths: of the files, as they can be opened.
    """

    kind: str
    severity: str
    text: str
    advice: str
    paths: tuple[str, ...] = ()

    @classmethod
    def of(cls, kind: str, text: str, paths: Iterable[str] = ()) -> Finding:
        """A finding with the severity and advice of its kind.

        Raises:
            ArgumentError: no such kind.

        Example:
            >>> Finding.of("tiny", "3 × 2 pixels", ["a.png"]).severity
            'warning'
        """
        about = KINDS[_check.choice("Finding", "kind", kind, KINDS)]
        return cls(kind, about.severity, text, about.advice, tuple(paths))

    @property
    def title(self) -> str:
        """What its kind is, in a few words."""
        return KINDS[self.kind].title

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON can hold it."""
        return {**asdict(self), "paths": list(self.paths)}
