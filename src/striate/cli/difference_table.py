"""The difference of two runs as lines of text."""

from __future__ import annotations

from typing import Any

from striate._counted import counted
from striate.cli.streams import columns

__all__ = ["difference_lines"]

_MOST_NAMES, _MOST_CLASSES = 10, 100


def difference_lines(found: Any) -> list[str]:
    """The lines that `striate runs diff` prints for a `RunDifference`."""
    names = [f"first   {found.first}", f"second  {found.second}", ""]
    if found.same_run:
        return [*names, "They are the same run: nothing differs."]
    return [
        *names,
        *_settings(found),
        "",
        *_table("score", found.scores),
        "",
        *_pairs(found.pairs),
        "",
        *_table("recall of", found.classes[:_MOST_CLASSES]),
        *_more(len(found.classes) - _MOST_CLASSES, "class", "classes"),
    ]


def _settings(found: Any) -> list[str]:
    same = {None: "not recorded", True: "the same pictures", False: "other pictures"}
    lines = [f"data: {same[found.same_data]}", ""]
    changes = [*found.settings, *found.environment]
    if not changes:
        return [*lines, "The settings are the same."]
    rows = [["setting", "first", "second"]]
    rows += [[each.name, _text(each.first), _text(each.second)] for each in changes]
    return [*lines, *columns(rows)]


def _table(head: str, changes: Any) -> list[str]:
    rows = [[head, "first", "second", "difference"]]
    for each in changes:
        both = each.first is not None and each.second is not None
        gap = f"{each.second - each.first:+.4f}" if both else "-"
        rows.append([_plain(each.name), _share(each.first), _share(each.second), gap])
    return columns(rows, right=(1, 2, 3))


def _pairs(pairs: Any) -> list[str]:
    if pairs is None:
        return ["They were scored on no picture in common: their difference has no interval."]
    low, high = pairs.interval
    difference = pairs.accuracy_second - pairs.accuracy_first
    verdict = "clear" if pairs.is_clear else "may be chance"
    if not (pairs.gained or pairs.lost):
        verdict = "no picture differs"
    lines = [
        f"on the {counted(pairs.pictures, 'picture')} of both: {pairs.accuracy_first:.4f} and "
        f"{pairs.accuracy_second:.4f}, difference {difference:+.4f} (95 % interval {low:+.4f} to "
        f"{high:+.4f}: {verdict})"
    ]
    left_out = [
        f"{count:,} {what}"
        for count, what in (
            (pairs.only_first, "only in the first"),
            (pairs.only_second, "only in the second"),
            (pairs.other_truth, "with another truth"),
        )
        if count
    ]
    lines += [f"left out: {', '.join(left_out)}"] if left_out else []
    lines.append(f"both right {pairs.both_right:,}, both wrong {pairs.both_wrong:,}")
    for names, which in ((pairs.gained, "second"), (pairs.lost, "first")):
        lines.append(f"only the {which} right {len(names):,}")
        lines += [f"  {_plain(name)}" for name in names[:_MOST_NAMES]]
        lines += _more(len(names) - _MOST_NAMES, "picture", "pictures")
    return lines


def _more(count: int, one: str, several: str) -> list[str]:
    words = counted(count, f"more {one}", f"more {several}")
    return [f"  … and {words} (--json has them all)"] if count > 0 else []


def _plain(name: str) -> str:
    """A name on one line: one that a terminal cannot show is written with its escapes."""
    return name if name.isprintable() else ascii(name)


def _text(value: Any) -> str:
    return "-" if value is None else str(value)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
