"""YOLO: a text file of boxes a picture, in fractions of its width and height."""

from __future__ import annotations

import os
from pathlib import Path

from striate import _check
from striate._counted import counted
from striate.data.boxes import Box
from striate.data.formats.boxed import BoxedPictures, sizes_of
from striate.data.formats.documents import read_text
from striate.data.formats.entries import Skipped, entries, no_picture, pictures
from striate.data.formats.yolo_layout import YoloLayout, yolo_layout
from striate.data.index import PictureIndex
from striate.errors import DataError

__all__ = ["read_yolo"]


def read_yolo(root: Path, *, inside: Path | None = None) -> dict[str, PictureIndex]:
    """Reads YOLO's labels, by a data.yaml or by the layout images/ and labels/.

    A line is `class cx cy w h` in fractions of the picture, or `class x y x y x y …`, an outline
    whose box is taken; a box's `references` is its line. Fractions become pixels with the sizes
    in the pictures' headers. The labels of images/train/a.jpg are in labels/train/a.txt, or
    beside it. A picture without a label file, or with an empty one, is background; a label file
    without a picture is skipped. Class numbers may have gaps; `class_ids` keeps them then. In
    data.yaml the parts may be folders, lists of them, or text files that list pictures.

    Args:
        root: a YAML file, or a folder.
        inside: a folder that nothing may lie outside of. Default None: anywhere.

    Raises:
        DataError: no classes, no part train, or not one label file.

    Example:
        >>> import PIL.Image
        >>> for name in ("images", "labels"):
        ...     Path(name).mkdir()
        >>> PIL.Image.new("L", (20, 10)).save("images/a.png")
        >>> _ = Path("labels/a.txt").write_text("1 0.5 0.5 0.2 1.0")
        >>> _ = Path("data.yaml").write_text("{train: images, names: [cat, dog]}")
        >>> read_yolo(Path("data.yaml"))["train"].boxes.boxes_xyxy
        array([[ 8.,  0., 12., 10.]])
    """
    layout = yolo_layout(root, inside=inside)
    folder = layout.source.parent if os.path.isfile(root) else root
    known: set[str] = set()
    parts: dict[str, BoxedPictures] = {}
    for part, places in layout.places.items():
        parts[part] = BoxedPictures(folder, part)
        paths: list[str] = []
        for place in places:
            paths += _pictures(place, folder, parts[part])
        _read(parts[part], layout, paths, known)
    if not any(map(os.path.isfile, known)):
        first = sorted(known)[0] if known else "nowhere"
        got, fix = f'none; the first was looked for at "{first}"', "Put labels/ beside images/."
        _check.data_fail(f'Folder "{folder}"', "have a text file of labels a picture", got, fix)
    train = parts["train"]
    train.faults += layout.missing
    orphans = _orphans(known)
    labels = known | {path.as_posix() for path, _ in orphans}
    for each in parts.values():
        each.skipped = [(path, why) for path, why in each.skipped if path.as_posix() not in labels]
    train.skipped += orphans
    ids = list(layout.names)
    how_many = counted(len(ids), "class", "classes")
    return {
        part: each.index(
            list(layout.names.values()),
            class_ids=None if ids == list(range(len(ids))) else ids,
            format="yolo",
            why=f"{layout.source.name} names {how_many}, and text files hold the boxes",
        )
        for part, each in parts.items()
    }


def _pictures(place: Path, folder: Path, part: BoxedPictures) -> list[str]:
    """The paths of the pictures in a folder, or of those that a text file lists."""
    if os.path.isdir(place):
        return list(pictures(place, part.skipped, f"{place.as_posix()}/"))
    found = []
    for line, text in enumerate(read_text(place).splitlines(), 1):
        word = text.strip()
        if not word:
            continue
        ways = [(place.parent / word).as_posix(), (folder / word).as_posix()]
        path = next(filter(os.path.isfile, ways), None)
        fault = no_picture(word) or ("" if path else "no such file")
        if fault or path is None:
            part.refuse(Path(ways[0]), f"{fault} ({place.name}, line {line})")
        else:
            found.append(path)
    return found


def _read(part: BoxedPictures, layout: YoloLayout, paths: list[str], known: set[str]) -> None:
    numbers = {identity: number for number, identity in enumerate(layout.names)}
    for path, size in zip(paths, sizes_of(paths), strict=True):
        ways = _label_files(path, layout.source.parent)
        known.update(ways)
        label = next(filter(os.path.isfile, ways), None)
        if isinstance(size, str):
            part.refuse(Path(path), size)
            continue
        boxes = [] if label is None else _boxes(label, numbers, size, layout.keypoints)
        if isinstance(boxes, str):
            part.refuse(Path(path), boxes)
        else:
            name = Path(os.path.relpath(path, part.root)).as_posix()
            part.add(name, size, boxes)


def _label_files(path: str, base: Path) -> list[str]:
    """Where the labels of a picture may be.

    They are under labels/ for the last images/ in its path, or in labels/ beside the data.yaml,
    or beside the picture.
    """
    stem = os.path.splitext(path)[0]
    words = stem.split("/")
    beside = f"{stem}.txt"
    if "images" not in words[:-1]:
        return [beside]
    last = len(words) - 2 - words[-2::-1].index("images")
    tail = "/".join(["labels", *words[last + 1 :]]) + ".txt"
    return ["/".join([*words[:last], tail]), f"{base.as_posix()}/{tail}", beside]


def _boxes(
    label: str, numbers: dict[int, int], size_px: tuple[int, int], keypoints: bool
) -> list[Box] | str:
    """The boxes in a label file, or why it cannot be used."""
    try:
        text = read_text(label)
    except DataError as error:
        return str(error)
    boxes = []
    for line, row in enumerate(text.splitlines(), 1):
        fields = row.split()
        if fields:
            box = _box(fields, numbers, size_px, keypoints, line)
            if isinstance(box, str):
                return f"{box} ({os.path.basename(label)}, line {line})"
            boxes.append(box)
    return boxes


def _box(
    fields: list[str], numbers: dict[int, int], size_px: tuple[int, int], keypoints: bool, line: int
) -> Box | str:
    try:
        values = [float(field) for field in fields]
    except ValueError:
        return "a field is no number"
    if not all(-1e300 < value < 1e300 for value in values):
        return "a field is no finite number"
    identity, rest = values[0], values[1:]
    if identity not in numbers:
        return f"class {fields[0]} has no name"
    height, width = size_px
    if len(rest) == 4 or (keypoints and len(rest) > 4):
        cx, cy, w, h = rest[:4]
        corners = (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
    elif len(rest) >= 6 and len(rest) % 2 == 0 and not keypoints:
        corners = (min(rest[::2]), min(rest[1::2]), max(rest[::2]), max(rest[1::2]))
    else:
        return f"{len(fields)} fields are neither a box (5) nor an outline (7, 9, …)"
    xyxy = (corners[0] * width, corners[1] * height, corners[2] * width, corners[3] * height)
    return Box(xyxy, numbers[int(identity)], reference=line)


def _orphans(known: set[str]) -> Skipped:
    """The label files that belong to no picture, in the folders where others do."""
    found = []
    for folder in sorted({os.path.dirname(path) for path in known if os.path.isfile(path)}):
        for entry in entries(folder):
            lost = f"{folder}/{entry.name}" not in known and entry.name.endswith(".txt")
            if lost and "classes" not in entry.name:
                found.append((Path(folder, entry.name), "a label file without a picture"))
    return found
