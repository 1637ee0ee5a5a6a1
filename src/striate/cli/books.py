"""striate books: the listings of the books, and the numbers that they print."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.syntax import Syntax

import striate
from striate import _check
from striate.cli.streams import columns, print_json, say

__all__ = ["COMMANDS", "HELP", "check", "ls", "show"]

HELP = "The books' listings, and the numbers they print."
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def ls(json: _Json = False) -> None:
    """Print the listings, book by book."""
    listings = striate.books.LISTINGS.values()
    if json:
        print_json(
            [
                {"name": each.name, "title": each.title, "book": each.book, "trains": each.trains}
                for each in listings
            ]
        )
        return
    book = ""
    width = max(len(each.name) for each in listings)
    for each in listings:
        if each.book != book:
            print(f"\n{each.book}" if book else each.book)
            book = each.book
        print(f"  {each.name:{width}}  {each.title}" + (" (trains)" if each.trains else ""))


def show(name: Annotated[str, typer.Argument(help="As striate books ls prints it.")]) -> None:
    """Print the code of a listing.

    What it calls by another name than the book goes to standard error.
    """
    listing = striate.books.LISTINGS[
        _check.choice("books show", "name", name, striate.books.LISTINGS)
    ]
    if sys.stdout.isatty():
        Console().print(Syntax(listing.code, "python", background_color="default"))
    else:
        print(listing.code, end="")
    for key in listing.replacements:
        each = striate.books.REPLACEMENTS[key]
        say(f"{each.theirs} is {each.ours}" + (f": {each.note}" if each.note else ""))


def check(
    full: Annotated[bool, typer.Option("--full", help="Train as well; tens of minutes.")] = False,
    out: Annotated[str | None, typer.Option(help="Folder of the pictures.")] = None,
    json: _Json = False,
) -> None:
    """Run the listings, compare every number.

    Without --full nothing is needed but scikit-learn's two photographs, and it takes seconds.
    Ends with 0 only if every number is found.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")  # no window for the pictures of a listing
    striate.train.keep_memory()
    rows: list[striate.books.Row] = []
    try:
        for row in striate.books.check(out, full=full, say=say):
            rows.append(row)
    finally:  # what was found in minutes is said, whatever ends the rest
        _print_rows(rows, json)
    wrong = sum(not row.ok for row in rows)
    say(f"{len(rows) - wrong} of {len(rows)} numbers are the books'.")
    if wrong:
        raise typer.Exit(1)


def _print_rows(rows: list[striate.books.Row], json: bool) -> None:
    if not rows:
        return
    if json:
        print_json([asdict(row) for row in rows])
    else:
        table = [["listing", "what", "book", "here", "ok"]]
        table += [[r.listing, r.what, _book(r), r.here, "ok" if r.ok else "NO"] for r in rows]
        print("\n".join(columns(table)))


def _book(row: striate.books.Row) -> str:
    return row.book if row.rule == "equal" else f"{row.book} ({row.rule})"


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "ls": (ls, ("striate books ls", "striate books ls --json")),
    "show": (
        show,
        ("striate books show 000_1_mnist_convnet", "striate books show 004_4_resnet34 > net.py"),
    ),
    "check": (check, ("striate books check", "striate books check --full --out pictures")),
}
