"""striate cache: decoded pictures, and features of them, kept for later epochs and runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import striate
import striate.io.unpacked
from striate import _check
from striate.cli.streams import columns, print_json, say

__all__ = ["COMMANDS", "HELP", "ls", "rm"]

HELP = "The cache of decoded pictures and features: what is in it, and how to empty it."

_SHORT = 16
"""As many digits of an archive's hash are its name."""


def ls(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what is cached, the last used first.

    Each line is one way of decoding and fitting pictures, a frozen net whose
    features of pictures are kept, or an archive that was unpacked. The oldest
    ones make room for new ones at the limit, STRIATE_CACHE_GIB for each of the
    three.
    """
    found, unpacked = striate.data.cached_pictures(), striate.io.unpacked.unpacked_archives()
    features = striate.data.cached_pictures(_features())
    folder = striate.settings.cache_folder()
    limit = striate.settings.picture_cache_bytes()
    if json:
        pictures = [asdict(each) for each in found]
        archives = [asdict(each) for each in unpacked]
        lists = {"pictures": pictures, "archives": archives}
        lists["features"] = [asdict(each) for each in features]
        print_json({"folder": str(folder), "limit_bytes": limit, **lists})
        return
    rows = [["name", "pictures", "size", "fit", "MiB", "last used"]]
    for each in found:
        size, fit = each.recipe.get("size", [0, 0]), each.recipe.get("fit", "")
        pixels = " × ".join(map(str, [*size, each.recipe.get("channels", 0)]))
        rows.append([each.name, f"{each.count:,}", pixels, fit, *_size_and_time(each)])
    for each in features:
        pixels = " × ".join(map(str, each.recipe.get("size", [])))
        net = str(each.recipe.get("net", ""))
        rows.append([each.name, f"{each.count:,}", pixels, net, *_size_and_time(each)])
    for archive in unpacked:
        name = archive.name[:_SHORT]
        rows.append([name, f"{archive.files:,}", "unpacked", "", *_size_and_time(archive)])
    if len(rows) > 1:
        print("\n".join(columns(rows, right=(1, 4))))
    sizes = {
        "pictures": sum(each.size_bytes for each in found),
        "features": sum(each.size_bytes for each in features),
        "unpacked archives": sum(each.size_bytes for each in unpacked),
    }
    for what, total in sizes.items():
        say(f"{what}: {total / 2**30:.2f} of {limit / 2**30:.3g} GiB in {folder}")


def _features() -> Path:
    return striate.settings.cache_folder() / "features"


def _size_and_time(entry: Any) -> tuple[str, str]:
    used = datetime.fromtimestamp(entry.used).strftime("%Y-%m-%d %H:%M")
    return f"{entry.size_bytes / 2**20:,.1f}", used


def rm(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="As striate cache ls prints.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Remove everything.")] = False,
) -> None:
    """Remove cached pictures, features and unpacked archives.

    They are made again when they are needed.

    Runs that use them go on.
    """
    if bool(names) == everything:
        rule = "be named, or --all be given, not both"
        _check.fail("cache rm", "NAME", rule, names or [], "striate cache ls lists the names.")
    unpacked = [each.name for each in striate.io.unpacked.unpacked_archives()]
    chosen = unpacked if everything else [u for u in unpacked if u[:_SHORT] in (names or [])]
    features = {each.name for each in striate.data.cached_pictures(_features())}
    known = features if everything else features & set(names or [])
    taken = {*known, *(u[:_SHORT] for u in chosen)}
    others = [name for name in names or [] if name not in taken]
    removed = striate.io.unpacked.remove_archives(chosen)
    removed += striate.data.remove_cached(sorted(known), folder=_features())
    if everything or others:
        removed += striate.data.remove_cached(None if everything else others)
    say(f"Removed {removed / 2**20:,.1f} MiB.")


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "ls": (ls, ("striate cache ls", "striate cache ls --json")),
    "rm": (rm, ("striate cache rm --all", "striate cache rm 0123456789abcdef")),
}
"""name -> (what it does, two examples for its help)."""
