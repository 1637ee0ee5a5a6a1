"""Pascal VOC: an XML file of objects a picture."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from striate import _check
from striate.data.boxes import Box
from striate.data.formats.boxed import BoxedPictures, sizes_of
from striate.data.formats.clue import Clue
from striate.data.formats.documents import is_number, read_text, read_xml
from striate.data.formats.entries import SUFFIXES, Skipped, entries, folders
from striate.data.formats.parts import in_order, part_of, quoted
from striate.data.formats.places import below, shown
from striate.data.index import PictureIndex
from striate.errors import DataError

__all__ = ["read_voc", "voc_clue"]

_PICTURES = ("JPEGImages", "images", "Images", "")
_LISTS = ("ImageSets/Main", "ImageSets")


def voc_clue(root: Path) -> Clue | None:
    """The clue that a folder holds XML files of annotations, in Annotations/ or by the pictures."""
    found = _places(root)
    if not found:
        return None
    names = sorted(place.relative_to(root).as_posix() for place in found.values())
    uses = {name.split("/")[0] for name in names} | set(_PICTURES) | {"ImageSets"}
    return Clue(f"{quoted(names)} holds XML files of annotations", frozenset(uses))


def read_voc(root: Path) -> dict[str, PictureIndex]:
    """Reads Pascal VOC's annotations: Annotations/, JPEGImages/ and perhaps ImageSets/Main/.

    VOC counts pixels from 1 and both corners lie inside the box; here left and top become
    xmin - 1 and ymin - 1, right and bottom stay. So a box of xmin = xmax is one pixel wide.
    `difficult` and `truncated` are kept; a box's `references` is the object's place in the file,
    from 1. Classes are those of the part train, in the order of their names. ImageSets/Main names
    the parts by train.txt, val.txt and test.txt (trainval.txt where there is no train.txt);
    without it all is train, unless train/, val/ and test/ hold XML files of their own. A picture
    is called as its XML file, or as its <filename>.

    Args:
        root: a folder.

    Raises:
        DataError: no XML file of annotations, no part train, no usable picture in a part, or
            classes that the part train has not.

    Example:
        >>> for name in ("Annotations", "JPEGImages"):
        ...     Path(name).mkdir()
        >>> Path("JPEGImages/a.png").touch()
        >>> corners = "<xmin>2</xmin><ymin>3</ymin><xmax>4</xmax><ymax>3</ymax>"
        >>> text = ("<annotation><size><width>8</width><height>9</height></size><object>"
        ...         f"<name>cat</name><bndbox>{corners}</bndbox></object></annotation>")
        >>> _ = Path("Annotations/a.xml").write_text(text)
        >>> read_voc(Path("."))["train"].boxes.boxes_xyxy
        array([[1., 2., 4., 3.]])
    """
    places = _places(root)
    if not places:
        rule, fix = "hold XML files of annotations", "Put them into Annotations/."
        _check.data_fail(f'Folder "{root}"', rule, "none", fix)
    read: dict[str, _Part] = {}
    for own, place in places.items():
        lists = {own: None} if own else _lists(root)
        folder = _Folder(root, place)
        for part, stems in lists.items():
            read[part] = _Part(BoxedPictures(root, part), folder.marked(stems))
        read[next(iter(lists))].pictures.skipped += folder.rest(lists.values())
    parts = in_order(f'Folder "{root}"', read, "Name the parts train, val and test.")
    names = sorted({name for each in parts["train"].marked for name, _ in each.objects})
    return {part: each.index(names, root) for part, each in parts.items()}


@dataclass(frozen=True)
class _Marked:
    """One XML file: what it says, or why it cannot be used."""

    path: Path
    name: str = ""
    size_px: tuple[int, int] | None = None
    objects: tuple[tuple[str, Box], ...] = ()
    fault: str = ""


class _Folder:
    """A folder of XML files, and the folder of their pictures."""

    def __init__(self, root: Path, place: Path) -> None:
        self.root, self.place = root, place
        above = root if place == root else place.parent
        ways = [above / name for name in _PICTURES] if place != root else [root]
        ways = [way for way in (*ways, place) if os.path.isdir(way)]
        self._names: dict[str, list[str]] = {}
        for way in ways:
            for entry in entries(way):
                stem, suffix = os.path.splitext(entry.name)
                if suffix.lower() in SUFFIXES and entry.name[0] != ".":
                    self._names.setdefault(stem, []).append(below(root, way) + entry.name)
            if self._names:
                break
        self._files = [e.name for e in entries(place) if e.name.lower().endswith(".xml")]
        self._used: set[str] = set()

    def marked(self, stems: list[str] | None) -> list[_Marked]:
        """What the XML files of these stems say; of all files where none are named."""
        files = self._files if stems is None else [f"{stem}.xml" for stem in stems]
        return [self._read(self.place / name) for name in files]

    def rest(self, lists: Iterable[list[str] | None]) -> Skipped:
        """The pictures without an XML file, and the XML files that no list names."""
        stems = {os.path.splitext(name)[0] for name in self._files}
        found = [
            (self.root / name, "a picture without an annotation")
            for stem, names in self._names.items()
            for name in names
            if stem not in stems and name not in self._used
        ]
        known = list(lists)
        if None not in known:
            named = {stem for stems in known for stem in stems or ()}
            why = "in no list of a part"
            found += [(self.place / f"{s}.xml", why) for s in sorted(stems - named)]
        return found

    def _read(self, path: Path) -> _Marked:
        if not os.path.isfile(path):
            return _Marked(path, fault="no such file, but a list names it")
        try:
            tree = read_xml(path)
        except DataError as error:
            return _Marked(path, fault=str(error))
        names = self._names.get(path.stem, [])
        written = os.path.basename((tree.findtext("filename") or "").strip().replace("\\", "/"))
        if len(names) != 1:
            alike = self._names.get(os.path.splitext(written)[0], [])
            names = [name for name in alike if os.path.basename(name) == written]
        if not names:
            return _Marked(path, fault=f'no picture "{path.stem}" or "{written}"')
        self._used.add(names[0])
        objects = []
        for number, each in enumerate(tree.iter("object"), 1):
            found = _object(each, number)
            if isinstance(found, str):
                return _Marked(path, fault=f"object {number}: {found}")
            objects.append(found)
        return _Marked(path, names[0], _size(tree), tuple(objects))


@dataclass(frozen=True)
class _Part:
    pictures: BoxedPictures
    marked: list[_Marked]

    def index(self, names: list[str], root: Path) -> PictureIndex:
        """The index of the part, its classes numbered by the names."""
        numbers = {name: number for number, name in enumerate(names)}
        strange = {name for each in self.marked for name, _ in each.objects} - set(names)
        if strange:
            got = f"{quoted(sorted(strange))} in the part {self.pictures.part}"
            rule, fix = "have classes that the part train has", "Give the part train some of them."
            _check.data_fail(f'Folder "{root}"', rule, got, fix)
        asked = [i for i, each in enumerate(self.marked) if not (each.fault or each.size_px)]
        sizes = sizes_of([root / self.marked[i].name for i in asked])
        headers = dict(zip(asked, sizes, strict=True))
        for i, each in enumerate(self.marked):
            size = each.size_px or headers.get(i, "")
            fault = each.fault or (size if isinstance(size, str) else "")
            if fault or isinstance(size, str):
                self.pictures.refuse(each.path, fault)
            else:
                boxes = [replace(box, label=numbers[name]) for name, box in each.objects]
                self.pictures.add(each.name, size, boxes)
        holder = shown(root, self.marked[0].path.parent) if self.marked else ""
        why = f"{holder} holds XML files of annotations"
        return self.pictures.index(names, format="voc", why=why)


def _places(root: Path) -> dict[str, Path]:
    """The folder of XML files, under "", or that of each part."""
    own = _annotations(root)
    if own:
        return {"": own}
    found = {}
    for entry in folders(root):
        part, place = part_of(entry.name), _annotations(root / entry.name)
        if part and place:
            found[part] = place
    return found


def _annotations(folder: Path) -> Path | None:
    """The folder of annotations in a folder, or the folder itself."""
    inside = [folder / e.name for e in folders(folder) if e.name.lower() == "annotations"]
    for place in (*inside, folder):
        first = next((e.name for e in entries(place) if e.name.lower().endswith(".xml")), None)
        if first and os.path.isfile(place / first):
            with open(place / first, "rb") as file:
                if b"<annotation" in file.read(4096):
                    return place
    return None


def _lists(root: Path) -> dict[str, list[str] | None]:
    """The stems that each part's list names; {"train": None} where there is no list."""
    for word in _LISTS:
        texts = {}
        folder = root / word
        for entry in entries(folder) if os.path.isdir(folder) else ():
            stem, suffix = os.path.splitext(entry.name)
            if suffix == ".txt" and (part_of(stem) or stem == "trainval"):
                texts[part_of(stem) or stem] = read_text(folder / entry.name)
        both = texts.pop("trainval", None)
        if both is not None and "train" not in texts:
            texts["train"] = both
        if texts:
            rows = {part: map(str.split, text.splitlines()) for part, text in texts.items()}
            return {part: [row[0] for row in each if row] for part, each in rows.items()}
    return {"train": None}


def _size(tree: Element) -> tuple[int, int] | None:
    try:
        size = int(tree.findtext("size/height") or 0), int(tree.findtext("size/width") or 0)
    except ValueError:
        return None
    return size if all(0 < side < 2**31 for side in size) else None


def _object(element: Element, number: int) -> tuple[str, Box] | str:
    """The class and box of an object, or what is wrong with it."""
    name = (element.findtext("name") or "").strip()
    if not name:
        return "it has no name"
    corners = []
    for word in ("xmin", "ymin", "xmax", "ymax"):
        try:
            value = float(element.findtext(f"bndbox/{word}") or "none")
        except ValueError:
            return f"its {word} is no number"
        if not is_number(value):
            return f"its {word} is no finite number"
        corners.append(value)
    left, top, right, bottom = corners
    flags = {
        word: (element.findtext(word) or "0").strip() not in ("0", "")
        for word in ("difficult", "truncated")
    }
    return name, Box((left - 1, top - 1, right, bottom), 0, reference=number, **flags)
