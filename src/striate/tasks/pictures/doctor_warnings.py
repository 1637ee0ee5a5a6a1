"""What the doctor says aloud before a training begins."""

from __future__ import annotations

from striate.data.doctor import KINDS, Checkup

__all__ = ["doctor_warnings"]

_SAID = ("animated",)
"""Notes that are said like warnings: a part of a file is not used."""

_UNSAID = ("leak", "duplicate")
"""Said of the parts that are trained on, held-out pictures among them; never divided by us."""


def doctor_warnings(checkup: Checkup) -> tuple[str, ...]:
    """A sentence for each kind of warning, with the first finding and how many follow.

    Notes are left to `striate data check`, but for that of animations.

    Args:
        checkup: what was found.

    Example:
        >>> import PIL.Image
        >>> from pathlib import Path
        >>> from striate.data import open_index
        >>> from striate.data.doctor import check_indices
        >>> for number, name in enumerate(("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")):
        ...     Path("pets", name).parent.mkdir(parents=True, exist_ok=True)
        ...     PIL.Image.new("L", (20, 20), number // 3).save(Path("pets", name))
        >>> doctor_warnings(check_indices(open_index("pets"), full=False))[0][:27]
        'Same picture in two classes'
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
