"""What the data doctor found, as lines of text."""

from __future__ import annotations

from typing import Any

from striate._counted import counted
from striate.cli.streams import columns, printable

__all__ = ["checkup_lines"]

_KINDS_SHOWN, _PATHS_SHOWN = 3, 3


def checkup_lines(checkup: Any) -> list[str]:
    """A table of the kinds, and of each the first findings with their first files.

    Args:
        checkup: `striate.data.doctor.Checkup`.
    """
    parts = ", ".join(f"{count:,} {part}" for part, count in checkup.pictures.items())
    how = "all pixels decoded" if checkup.full else "headers and bytes read"
    lines = [printable(f'"{checkup.source}": format {checkup.format}; {parts}; {how}.')]
    by_kind = checkup.by_kind
    if not by_kind:
        return [*lines, "Nothing is wrong with it."]
    rows = [["severity", "finding", "how often", "files"]]
    for found in by_kind.values():
        files = len({path for each in found for path in each.paths})
        rows.append([found[0].severity, found[0].title, f"{len(found):,}", f"{files:,}"])
    lines += ["", *columns(rows, right=[2, 3])]
    for found in by_kind.values():
        lines += ["", f"{found[0].severity}: {found[0].title}. {found[0].advice}"]
        for each in found[:_KINDS_SHOWN]:
            lines.append(f"  {printable(each.text)}")
            named = all(path in each.text for path in each.paths)
            paths = () if named else each.paths[:_PATHS_SHOWN]
            lines += [f"    {printable(path)}" for path in paths]
            if len(each.paths) > _PATHS_SHOWN:
                lines.append(f"    … and {len(each.paths) - _PATHS_SHOWN:,} more")
        if len(found) > _KINDS_SHOWN:
            more = len(found) - _KINDS_SHOWN
            lines.append(f"  … and {more:,} more (--report or --json has them all)")
    found = checkup.severities
    counts = [counted(found[kind], kind) for kind in ("error", "warning", "note")]
    return [*lines, "", f"{', '.join(counts)}."]
