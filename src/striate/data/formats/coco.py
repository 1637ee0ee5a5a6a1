"""COCO: one JSON file a part, with images, annotations and categories."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from striate import _check
from striate.data.boxes import Box
from striate.data.formats.boxed import BoxedPictures, sizes_of
from striate.data.formats.clue import Clue
from striate.data.formats.documents import is_number, read_json
from striate.data.formats.entries import entries, folders, no_picture
from striate.data.formats.parts import in_order, part_in, part_of, quoted, same_classes
from striate.data.formats.places import below, best_folder, joined, shown
from striate.data.formats.segments import segment_fault
from striate.data.index import PictureIndex

__all__ = ["coco_clue", "read_coco"]

_WORDS = (b'"images"', b'"annotations"', b'"categories"', b'"bbox"')
_PANOPTIC = b'"segments_info"'
_BLOCK_BYTES = 1 << 20


def coco_clue(root: Path) -> Clue | None:
    """The clue that a folder, its annotations/ or its parts hold a JSON file of COCO's."""
    names = sorted(path.relative_to(root).as_posix() for path in _files(root))
    if not names:
        return None
    uses = frozenset([*(name.split("/")[0] for name in names), "images"])
    return Clue(f"it holds {quoted(names)}, with images, annotations and categories", uses)


def read_coco(root: Path) -> dict[str, PictureIndex]:
    """Reads COCO's annotations of boxes, from a JSON file or a folder of them.

    Boxes are left, top, width, height in pixels. Categories are numbered in the order of their
    ids, which may have gaps; `class_ids` keeps them. A crowd keeps its flag. Polygons and run
    lengths are checked and stay in the file: a box's `references` is its annotation's id. A
    picture without annotations is background. Pictures are looked for beside the JSON file, in
    images/, in a folder of the part's name, and in one named as the file says (instances_X.json:
    X), wherever most of them are. In a folder, files are parts by their names or folders; where
    several are of one part, the one called instances counts.

    Args:
        root: a JSON file, or a folder.

    Raises:
        DataError: no such file, several that may be meant, another structure, no part train, or
            parts of other categories.

    Example:
        >>> import json, PIL.Image
        >>> PIL.Image.new("L", (8, 8)).save("a.png")
        >>> image = {"id": 1, "file_name": "a.png", "height": 8, "width": 8}
        >>> mark = {"id": 5, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4]}
        >>> data = {"images": [image], "annotations": [mark],
        ...         "categories": [{"id": 7, "name": "cat"}]}
        >>> _ = Path("boxes.json").write_text(json.dumps(data))
        >>> read_coco(Path("boxes.json"))["train"].boxes.boxes_xyxy
        array([[1., 2., 4., 6.]])
    """
    if os.path.isfile(root):
        parts, root = {"train": root}, root.parent
        root = root.parent if root.name.lower() == "annotations" else root
    else:
        parts = _parts(root, _files(root))
    found: dict[str, PictureIndex] = {}
    for part, path in parts.items():
        found[part] = _read(root, path, part)
        own, first = found[part], found["train"]
        of = f"{parts['train'].name}"
        same_classes(f'File "{path}"', own.class_names, first.class_names, of=of)
        if own.class_ids != first.class_ids:
            rule = f"have the category ids of {of}"
            _check.data_fail(f'File "{path}"', rule, "others", "Number them alike.")
    return found


def _files(root: Path) -> list[Path]:
    """The JSON files of boxes in a folder, in its annotations/, or in the folders of its parts."""
    inside = [e.name for e in folders(root)]
    places = [root, *(root / name for name in inside if name.lower() == "annotations")]
    found = [path for place in places for path in _files_in(place)]
    if not found:
        parts = [root / name for name in inside if part_of(name)]
        found = [path for place in parts for path in _files_in(place)]
    return found


def _files_in(folder: Path) -> Iterator[Path]:
    for entry in entries(folder):
        path = folder / entry.name
        if path.suffix.lower() == ".json" and entry.name[0] != "." and os.path.isfile(path):
            if _has_words(path):
                yield path


def _has_words(path: Path) -> bool:
    """Whether COCO's words for boxes stand in a file; it is read in blocks, not understood."""
    seen: set[bytes] = set()
    last = b""
    with open(path, "rb") as file:
        while block := file.read(_BLOCK_BYTES):
            seen |= {word for word in (*_WORDS, _PANOPTIC) if word in last + block}
            last = block[-16:]
    return seen == set(_WORDS)


def _parts(root: Path, files: list[Path]) -> dict[str, Path]:
    place = f'Folder "{root}"'
    if not files:
        rule = "hold a JSON file with images, annotations (with bbox) and categories"
        _check.data_fail(place, rule, "none", "Name the file, or its folder.")
    if len(files) == 1:
        return {"train": files[0]}
    parts: dict[str, list[Path]] = {}
    for path in files:
        beside = path.parent in (root, *(root / name for name in ("annotations", "Annotations")))
        part = part_in(path.name) or (None if beside else part_of(path.parent.name))
        parts.setdefault(part or "", []).append(path)
    chosen = {}
    for part, paths in parts.items():
        first = [path for path in paths if path.name.startswith("instances")] or paths
        if not part or len(first) > 1:
            got = quoted(path.relative_to(root).as_posix() for path in paths)
            fix = f'Name the one to read, as "{first[0]}".'
            _check.data_fail(place, "have one JSON file of boxes a part", got, fix)
        chosen[part] = first[0]
    return in_order(place, chosen, f'Name the one to read, as "{files[0]}".')


def _read(root: Path, path: Path, part: str) -> PictureIndex:
    images, marks, categories = _lists(path)
    ids = sorted(categories)
    pictures = BoxedPictures(root, part)
    names = [image["file_name"] for image in images.values()]
    base = best_folder(names, _candidates(root, path, part))
    by_image: dict[Any, list[dict[str, Any]]] = {key: [] for key in images}
    for mark in marks:
        key = mark.get("image_id")
        if isinstance(key, int | str) and key in by_image:
            by_image[key].append(mark)
        else:
            why = f"annotation {mark.get('id')} is of image {key!r}"
            pictures.refuse(path, f"{why}, which is not among the images")
    for (key, image), size in zip(images.items(), _sizes(base, images), strict=True):
        name = image["file_name"]
        fault = no_picture(name) or (size if isinstance(size, str) else "")
        boxes = (
            []
            if fault or isinstance(size, str)
            else [_box(mark, ids, size) for mark in by_image[key]]
        )
        fault = fault or next((box for box in boxes if isinstance(box, str)), "")
        if fault or isinstance(size, str):
            pictures.refuse(base / name, f"{fault} ({path.name})")
        else:
            good = [box for box in boxes if isinstance(box, Box)]
            pictures.add(joined(below(root, base), name), size, good)
    holds = f"{path.name} holds images, annotations and categories"
    why = f"{holds}; pictures are in {shown(root, base)}"
    class_names = [categories[each] for each in ids]
    return pictures.index(class_names, class_ids=ids, format="coco", why=why)


def _candidates(root: Path, path: Path, part: str) -> list[Path]:
    """The folders that pictures may be in: beside the file, or named as it or its part is."""
    stem = path.stem.removeprefix("instances_")
    own = (path.parent, root)
    named = [folder / word for folder in own for word in (stem, part, path.parent.name)]
    images = [folder / "images" for folder in own]
    return [*own, *named, *images, *(each / word for each in images for word in (stem, part))]


def _lists(
    path: Path,
) -> tuple[dict[Any, dict[str, Any]], list[dict[str, Any]], dict[int, str]]:
    """Images by id, annotations, and names of categories by id."""
    data = read_json(path)
    place, fix = f'File "{path}"', "Is it a COCO file of boxes?"
    lists = {}
    for word in ("images", "annotations", "categories"):
        rows = data.get(word) if isinstance(data, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            _check.data_fail(place, f'hold a list of objects "{word}"', "none", fix)
        lists[word] = rows
    for word, keys in (("images", {"file_name": str}), ("categories", {"name": str, "id": int})):
        for number, row in enumerate(lists[word]):
            for key, kind in keys.items():
                if not isinstance(row.get(key), kind) or isinstance(row[key], bool):
                    got = f"{key}={row.get(key)!r} in number {number}"
                    _check.data_fail(place, f'have its {key} in each of "{word}"', got, fix)
        for key in ("id", "name") if word == "categories" else ("id",):
            values = [row.get(key) for row in lists[word]]
            again = _repeated(values)
            if again is not None:
                rule = f'have another {key} in each of "{word}"'
                _check.data_fail(place, rule, f"{again!r} twice", "Mend the file.")
    images = {row["id"]: row for row in lists["images"]}
    return images, lists["annotations"], {r["id"]: r["name"] for r in lists["categories"]}


def _repeated(values: list[Any]) -> Any:
    seen = set()
    for value in values:
        if not isinstance(value, int | str) or value in seen:
            return value
        seen.add(value)
    return None


def _sizes(base: Path, images: Mapping[Any, Mapping[str, Any]]) -> list[tuple[int, int] | str]:
    """(h, w) of each picture that is there: as the file says, or by its header."""
    found: list[tuple[int, int] | str] = []
    asked = []
    for number, image in enumerate(images.values()):
        size = (image.get("height"), image.get("width"))
        good = all(
            isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in size
        )
        path = base / image["file_name"]
        there = os.path.isfile(path)
        found.append(cast(tuple[int, int], size) if good and there else "no such file")
        if there and not good:
            asked.append((number, path))
    for (number, _), size_px in zip(asked, sizes_of([path for _, path in asked]), strict=True):
        found[number] = size_px
    return found


def _box(mark: Mapping[str, Any], ids: list[int], size_px: tuple[int, int]) -> Box | str:
    """The box of an annotation, or why it has none."""
    name = f"annotation {mark.get('id')}"
    box, category, area = (mark.get(key) for key in ("bbox", "category_id", "area"))
    if not isinstance(box, list) or len(box) != 4 or not all(map(is_number, box)):
        return f"{name}: its bbox is not four numbers"
    if category not in ids:
        return f"{name}: category {category!r} is not among the categories"
    if area is not None and not is_number(area):
        return f"{name}: its area is no number"
    fault = segment_fault(mark.get("segmentation"), size_px)
    if fault:
        return f"{name}: {fault}"
    left, top, width, height = map(float, box)
    reference = mark.get("id")
    return Box(
        (left, top, left + width, top + height),
        ids.index(category),
        crowd=bool(mark.get("iscrowd")),
        area_px=None if area is None else float(area),
        reference=reference if type(reference) is int and abs(reference) < 2**63 else 0,
    )
