"""striate cache: the decoded pictures that are kept for later epochs and runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

import striate
from striate import _check
from striate.cli.streams import columns, print_json, say

__all__ = ["COMMANDS", "HELP", "ls", "rm"]

HELP = "The cache of decoded pictures: what is in it, and how to empty it."


def ls(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what is cached, the last used first.

    Each line is one way of decoding and fitting pictures. The oldest ones
    make room for new ones at the limit, STRIATE_CACHE_GIB.
    """
    found = striate.data.cached_pictures()
    folder = striate.settings.cache_folder() / "pictures"
    limit = striate.settings.picture_cache_bytes()
    if json:
        pictures = [asdict(each) for each in found]
        print_json({"folder": str(folder), "limit_bytes": limit, "pictures": pictures})
        return
    rows = [["name", "pictures", "size", "fit", "MiB", "last used"]]
    for each in found:
        size, fit = each.recipe.get("size", [0, 0]), each.recipe.get("fit", "")
        pixels = " × ".join(map(str, [*size, each.recipe.get("channels", 0)]))
        used = datetime.fromtimestamp(each.used).strftime("%Y-%m-%d %H:%M")
        mib = f"{each.size_bytes / 2**20:,.1f}"
        rows.append([each.name, f"{each.count:,}", pixels, fit, mib, used])
    if found:
        print("\n".join(columns(rows, right=(1, 4))))
    total = sum(each.size_bytes for each in found)
    say(f"{total / 2**30:.2f} of {limit / 2**30:.3g} GiB in {folder}")


def rm(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="As striate cache ls prints.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Remove all pictures.")] = False,
) -> None:
    """Remove cached pictures. They are decoded again when they are needed.

    Runs that use them go on.
    """
    if bool(names) == everything:
        rule = "be named, or --all be given, not both"
        _check.fail("cache rm", "NAME", rule, names or [], "striate cache ls lists the names.")
    removed = striate.data.remove_cached(None if everything else names)
    say(f"Removed {removed / 2**20:,.1f} MiB.")


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "ls": (ls, ("striate cache ls", "striate cache ls --json")),
    "rm": (rm, ("striate cache rm --all", "striate cache rm 0123456789abcdef")),
}
"""name -> (what it does, two examples for its help)."""
