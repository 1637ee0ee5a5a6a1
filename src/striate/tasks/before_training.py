"""The look at the data that a training begins with: what is refused, and what is said aloud."""

from __future__ import annotations

from collections.abc import Mapping

from striate.data import PictureIndex
from striate.data.doctor import KINDS, Checkup, check_indices
from striate.tasks.bad_pictures import BadPictures

__all__ = ["before_training", "doctor_warnings"]

_UNUSABLE = ("undecodable", "truncated")
_SAID = ("animated",)
_UNSAID = ("leak", "duplicate")
"""Said of the parts that are trained on, held-out pictures among them; never divided by us."""


def before_training(
    indices: Mapping[str, PictureIndex], *, place: str, on_bad_image: str
) -> tuple[dict[str, PictureIndex], tuple[str, ...]]:
    """Examines data by the fast part of the doctor: headers, bytes and annotations.

    Pictures that cannot be read and annotations that cannot be used end the run with their list;
    or they are left out, so that the order of the others stays, and that is said. Warnings of the
    doctor are said and end nothing, and so are animations; other notes are left to
    `striate data check`.

    Args:
        indices: part -> its pictures.
        place: the data, for the messages.
        on_bad_image: "fail" with the list, or "skip".

    Returns:
        The parts without what is left out, and sentences for the user.

    Raises:
        DataError: something cannot be used and is not to be skipped, or a part has nothing else.

    Example:
        >>> import PIL.Image
        >>> from pathlib import Path
        >>> from striate.data import open_index
        >>> for name in ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"):
        ...     Path("pets", name).parent.mkdir(parents=True, exist_ok=True)
        ...     PIL.Image.new("L", (20, 20), len(name)).save(Path("pets", name))
        >>> _ = Path("pets/dog/torn.png").write_bytes(b"torn")
        >>> parts, said = before_training(open_index("pets"), place="pets", on_bad_image="skip")
        >>> len(parts["train"]), said[0]
        (4, 'Left out 1 of 5 pictures that cannot be used:')
    """
    checkup = check_indices(indices, full=False)
    numbers = {
        part: {str(path): number for number, path in enumerate(index.paths)}
        for part, index in indices.items()
    }
    bad: dict[str, dict[int, str]] = {part: {} for part in indices}
    for kind in _UNUSABLE:
        for each in checkup.by_kind.get(kind, ()):
            for part, known in numbers.items():
                if each.paths[0] in known:
                    bad[part][known[each.paths[0]]] = each.text
    rule = BadPictures(place, skip=on_bad_image == "skip")
    total = sum(len(index) + len(index.faults) for index in indices.values())
    kept, left_out = rule.without(indices, bad)
    return kept, (*rule.sentences(left_out, total), *doctor_warnings(checkup))


def doctor_warnings(checkup: Checkup) -> tuple[str, ...]:
    """A sentence for each kind of warning, with the first finding and how many follow.

    Args:
        checkup: what was found.
    """
    sentences = []
    for kind, found in checkup.by_kind.items():
        if kind in _SAID or (found[0].severity == "warning" and kind not in _UNSAID):
            first = found[0]
            named = f" ({first.paths[0]})" if first.paths else ""
            more = f" And {len(found) - 1:,} more." if len(found) > 1 else ""
            title = KINDS[kind].title
            sentence = f"{title[:1].upper()}{title[1:]}: {first.text.rstrip('.')}{named}.{more}"
            sentences.append(sentence)
    return tuple(sentences)
