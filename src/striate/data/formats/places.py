"""Where the pictures are that a table or an annotation names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["below", "best_folder", "joined", "shown"]

_SAMPLE = 100


def best_folder(names: Sequence[str], candidates: Iterable[Path]) -> Path:
    """The folder that holds the most of some names; the first such one.

    Args:
        names: of files. No more than a hundred of them, evenly chosen, are looked for.
        candidates: folders, the likeliest first, one at least.
    """
    step = max(1, len(names) // _SAMPLE)
    chosen = [names[i] for i in range(0, len(names), step)]

    def held(folder: Path) -> int:
        return sum(os.path.isfile(os.path.join(folder, name)) for name in chosen)

    return max(dict.fromkeys(candidates), key=held)


def below(root: Path, folder: Path) -> str:
    """What leads from the root to a folder, to be put before names: "" or "images/train/"."""
    way = Path(os.path.relpath(folder, root)).as_posix()
    return "" if way == "." else f"{way}/"


def shown(root: Path, folder: Path) -> str:
    """A folder as a message names it: "images/train/", or "its own folder" for the root."""
    return below(root, folder) or "its own folder"


def joined(prefix: str, name: str) -> str:
    """A name with what leads to its folder before it; an absolute name as it is."""
    return name if os.path.isabs(name) else prefix + name.removeprefix("./")
