"""The doctor's report: one page that asks nothing from elsewhere, and the same as JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path

from striate import _check
from striate._counted import counted
from striate.data.doctor.checkup import Checkup
from striate.data.doctor.finding import KINDS, SEVERITIES, Finding
from striate.errors import DataError
from striate.io.decode import decode
from striate.io.markup import Html, element
from striate.io.page import page, section, table
from striate.io.thumbnail import thumbnail

__all__ = ["checkup_page", "refuse_inside", "refuse_other_files", "write_checkup"]

_FILES = ("report.html", "report.json")
_SHOWN, _LISTED, _CLASSES, _SMALL_PX = 24, 200, 200, 64


def write_checkup(checkup: Checkup, folder: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Writes report.html and report.json into a folder, which is made.

    Args:
        checkup: what was found.
        folder: outside the data; new or empty, or with an earlier report.

    Returns:
        the paths of the two files

    Raises:
        ArgumentError: the folder lies in the data, or holds other files.
        DataError: it cannot be written.

    Example:
        >>> found = Checkup("pets", "folder", "", True, {"train": 0}, {"train": {}}, ())
        >>> [path.name for path in write_checkup(found, "doctor")]
        ['report.html', 'report.json']
    """
    target = Path(folder)
    refuse_inside("write_checkup", "folder", target, checkup.source)
    refuse_other_files("write_checkup", "folder", target)
    written = (target / _FILES[0], target / _FILES[1])
    try:
        target.mkdir(parents=True, exist_ok=True)
        written[0].write_text(checkup_page(checkup), encoding="utf-8")
        written[1].write_text(json.dumps(checkup.to_json(), indent=1), encoding="utf-8")
    except OSError as error:
        got = error.strerror or str(error)
        _check.data_fail(f'Folder "{target}"', "be writable", got, "Name another folder.")
    return written


def refuse_inside(
    place: str, argument: str, target: str | os.PathLike[str], source: str | os.PathLike[str]
) -> None:
    """Refuses to write into a folder of data: nothing of ours goes there.

    Raises:
        ArgumentError: the target is the source or lies in it.
    """
    inside = Path(os.path.realpath(target)).is_relative_to(os.path.realpath(source))
    if os.path.isdir(source) and inside:
        rule = f'lie outside the data "{os.fspath(source)}", which is never written to'
        _check.fail(place, argument, rule, os.fspath(target), "Name a folder elsewhere.")


def refuse_other_files(place: str, argument: str, target: str | os.PathLike[str]) -> None:
    """Refuses a folder with other files than a report of the doctor: theirs may have its names.

    Raises:
        ArgumentError: there are some.
    """
    held = sorted(os.listdir(target)) if os.path.isdir(target) else []
    others = [name for name in held if name not in _FILES]
    if others:
        rule = f'be new or empty, or hold an earlier report and not "{others[0]}"'
        _check.fail(place, argument, rule, os.fspath(target), "Name another folder.")


def checkup_page(checkup: Checkup) -> str:
    """The text of the HTML page.

    Args:
        checkup: what was found; its pictures are opened again for small copies.
    """
    total = sum(checkup.pictures.values())
    parts = ", ".join(f"{part} {count:,}" for part, count in checkup.pictures.items())
    how = "every picture was decoded" if checkup.full else "headers and bytes were read"
    tiles = [_tile(f"{total:,}", f"pictures: {parts}")]
    tiles += [_tile(f"{checkup.severities[word]:,}", f"{word}s") for word in SEVERITIES]
    by_kind = checkup.by_kind
    rows = [
        [
            element("a", KINDS[kind].title, href=f"#{kind}"),
            KINDS[kind].severity,
            f"{len(found):,}",
            _files(found),
        ]
        for kind, found in by_kind.items()
    ]
    overview = table(["finding", "severity", "how often", "files"], rows, numbers=[2, 3])
    return page(
        f"Data check: {checkup.source}",
        element("h1", f"Data check: {checkup.source}"),
        element(
            "p", f"Format {checkup.format}: {checkup.why}. {how.capitalize()}.", class_="muted"
        ),
        element("div", tiles, class_="tiles"),
        section("Findings", overview if rows else element("p", "Nothing."), anchor="findings"),
        _classes(checkup),
        [_kind(kind, found) for kind, found in by_kind.items()],
    )


def _files(found: list[Finding]) -> str:
    return f"{len({path for each in found for path in each.paths}):,}"


def _tile(value: str, what: str) -> Html:
    return element("div", element("b", value), element("span", what), class_="tile")


def _classes(checkup: Checkup) -> Html | None:
    """Counts of the classes in each part."""
    parts = list(checkup.classes)
    names = list(checkup.classes[parts[0]]) if parts else []
    if not names:
        return None
    rows = [
        [name, *(f"{checkup.classes[part].get(name, 0):,}" for part in parts)]
        for name in names[:_CLASSES]
    ]
    counts = table(["class", *parts], rows, numbers=range(1, len(parts) + 1))
    more = len(names) - _CLASSES
    some = counted(more, "class", "classes")
    rest = element("p", f"And {some} more: report.json has them.") if more > 0 else None
    return section("Classes", counts, rest, anchor="classes")


def _kind(kind: str, found: list[Finding]) -> Html:
    about = KINDS[kind]
    first = [(path, each) for each in found for path in each.paths][:_SHOWN]
    figures = [_figure(path, each) for path, each in first]
    rows = [[each.text, _paths(each)] for each in found[:_LISTED]]
    more = len(found) - _LISTED
    return section(
        f"{about.title[:1].upper()}{about.title[1:]} ({about.severity}, {len(found):,})",
        element("p", about.advice),
        element("div", figures, class_="gallery") if any(figures) else None,
        table(["what", "files"], rows),
        element("p", f"And {more:,} more: report.json has them.") if more > 0 else None,
        anchor=kind,
    )


def _paths(finding: Finding) -> list[Html]:
    shown = [element("div", path) for path in finding.paths[:_SHOWN]]
    more = len(finding.paths) - _SHOWN
    return [*shown, element("div", f"and {more:,} more")] if more > 0 else shown


def _figure(path: str, finding: Finding) -> Html | None:
    """A small copy of a picture; nothing where it cannot be shown."""
    try:
        pixels = decode(path, size_px=(192, 192))
    except DataError:
        return None
    style = "pixels" if max(pixels.shape[:2]) <= _SMALL_PX else None
    picture = element("img", src=thumbnail(pixels), alt=Path(path).name, class_=style)
    caption = [element("span", Path(path).name), element("small", finding.text)]
    return element("figure", picture, element("figcaption", caption))
