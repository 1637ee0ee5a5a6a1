"""Masks: beside each picture a picture of class numbers."""

from __future__ import annotations

import os
from pathlib import Path

from striate import _check
from striate._counted import counted
from striate.data.formats.clue import Clue
from striate.data.formats.documents import read_text
from striate.data.formats.entries import Skipped, entries, folders, pictures
from striate.data.formats.parts import in_order, part_of, quoted
from striate.data.formats.places import below, shown
from striate.data.index import PictureIndex
from striate.data.paths import PathList

__all__ = ["masks_clue", "read_masks"]

_PICTURES = ("images", "image", "img", "imgs", "jpegimages")
_MASKS = ("masks", "mask", "labels", "annotations", "annot", "segmentationclass")
_ENDINGS = ("_mask", "-mask", "_label", "_labels", "_gt")
_NAMES = ("classes.txt", "codes.txt", "labels.txt")


def masks_clue(root: Path) -> Clue | None:
    """The clue that a folder holds pictures and masks, side by side or in folders of two kinds."""
    pairs = _pairs(root)
    if not pairs:
        return None
    shown = [f"{place.relative_to(root).as_posix()}/" for pair in pairs.values() for place in pair]
    uses = frozenset(name.split("/")[0] for name in shown)
    if shown == ["./", "./"]:
        return Clue(f"its pictures stand beside masks ending with {_ending(root)}")
    return Clue(f"it holds pictures and masks in {quoted(shown)}", uses)


def read_masks(root: Path) -> dict[str, PictureIndex]:
    """Reads pictures with masks: files whose pixels are class numbers, as PNG in grey or palette.

    The mask of images/a.jpg is masks/a.png (or in labels/, annotations/, SegmentationClass/), that
    of train/a.jpg is trainannot/a.png, and that of a.jpg in one folder is a_mask.png. Parts are
    train/images and train/masks, or images/train and masks/train, or train and trainannot. A
    picture without a mask is a fault, a mask without a picture is skipped. No mask is opened:
    which numbers are in it is not known here. Names of classes are read from classes.txt (or
    codes.txt), one a line, number 0 first; without it there are none.

    Args:
        root: a folder.

    Raises:
        DataError: no pictures with masks, no part train, or a part without one pair.

    Example:
        >>> for name in ("images/a.jpg", "masks/a.png"):
        ...     Path(name).parent.mkdir()
        ...     Path(name).touch()
        >>> index = read_masks(Path("."))["train"]
        >>> index.paths.name(0), index.masks.name(0)
        ('images/a.jpg', 'masks/a.png')
    """
    place = f'Folder "{root}"'
    pairs = _pairs(root)
    if not pairs:
        rule, fix = "hold pictures and masks, as images/ and masks/", "Name the two so."
        _check.data_fail(place, rule, "none", fix)
    source = next((root / name for name in _NAMES if os.path.isfile(root / name)), None)
    names: tuple[str, ...] = ()
    if source is not None:
        lines = read_text(source).splitlines()
        names = tuple(line.strip() for line in lines if line.strip())
    ordered = in_order(place, pairs, "Name the parts train, val and test.")
    return {part: _read(root, part, *pair, names) for part, pair in ordered.items()}


def _read(
    root: Path, part: str, images: Path, masks: Path, class_names: tuple[str, ...]
) -> PictureIndex:
    skipped: Skipped = []
    faults: Skipped = []
    own = list(pictures(images, skipped))
    ending = _ending(images) if images == masks else ""
    found: dict[str, list[str]] = {}
    for name in own if images == masks else pictures(masks, skipped):
        stem = os.path.splitext(name)[0]
        if ending and not stem.endswith(ending):
            continue
        for bare in {stem, *(stem.removesuffix(each) for each in _ENDINGS)}:
            found.setdefault(bare, []).append(name)
    if ending:
        own = [name for name in own if not os.path.splitext(name)[0].endswith(ending)]
    used: set[str] = set()
    kept: list[tuple[str, str]] = []
    for name in own:
        alike = found.get(os.path.splitext(name)[0], [])
        used.update(alike)
        if len(alike) == 1:
            kept.append((name, alike[0]))
        else:
            got = "a picture without a mask" if not alike else f"masks {quoted(alike)}: which?"
            faults.append((images / name, got))
    every = dict.fromkeys(name for names in found.values() for name in names)
    skipped += [(masks / n, "a mask without a picture") for n in every if n not in used]
    if not kept:
        there = [counted(len(own), "picture"), counted(len(every), "mask")]
        got = f'{there[0]} in "{images}" and {there[1]} in "{masks}"'
        fix = "A mask is called as its picture."
        rule = f"have a picture with a mask in the part {part}"
        _check.data_fail(f'Folder "{root}"', rule, got, fix)
    return PictureIndex(
        root,
        PathList(root, (below(root, images) + name for name, _ in kept)),
        class_names,
        masks=PathList(root, (below(root, masks) + name for _, name in kept)),
        skipped=tuple(skipped),
        faults=tuple(faults),
        format="masks",
        why=f"pictures are in {shown(root, images)}, their masks in {shown(root, masks)}",
    )


def _pairs(root: Path) -> dict[str, tuple[Path, Path]]:
    """The folders of pictures and of masks of each part."""
    inside = {entry.name: root / entry.name for entry in folders(root)}
    found: dict[str, tuple[Path, Path]] = {}
    for name, place in inside.items():
        part = part_of(name)
        beside = next((inside[w] for w in (f"{name}annot", f"{name}_masks") if w in inside), None)
        pair = _pair(place)
        if part and beside and _first(beside):
            found[part] = (place, beside)
        elif part and pair:
            found[part] = pair
    if found:
        return found
    pair = _pair(root)
    if pair is None:
        return {}
    images, masks = pair
    for entry in folders(images) if images != masks else ():
        part = part_of(entry.name)
        if part and os.path.isdir(masks / entry.name):
            found[part] = (images / entry.name, masks / entry.name)
    return found or {"train": pair}


def _pair(folder: Path) -> tuple[Path, Path] | None:
    """The folders of pictures and masks in a folder: images/ and masks/, or itself for both."""
    inside = {entry.name.lower(): folder / entry.name for entry in folders(folder)}
    images = next((inside[word] for word in _PICTURES if word in inside), None)
    for word in _MASKS:
        if images and word in inside and _first(inside[word]):
            return images, inside[word]
    return (folder, folder) if _ending(folder) else None


def _first(folder: Path) -> str | None:
    """The first file below a folder that may be a mask: a picture, and no JPEG."""
    names = (name for name in pictures(folder, []) if not name.lower().endswith((".jpg", ".jpeg")))
    return next(names, None)


def _ending(folder: Path) -> str:
    """What the names of masks end with where they stand beside their pictures; empty if none."""
    stems = {os.path.splitext(entry.name)[0] for entry in entries(folder)}
    for ending in _ENDINGS:
        if any(stem.endswith(ending) and stem.removesuffix(ending) in stems for stem in stems):
            return ending
    return ""
