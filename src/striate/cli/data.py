"""striate data: look at data before a net is trained on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

import striate
from striate.cli.checkup_table import checkup_lines
from striate.cli.counter import Counter
from striate.cli.exit_codes import DATA
from striate.cli.streams import print_json, say

__all__ = ["COMMANDS", "HELP", "check", "show"]

HELP = "What is in a data set: what is wrong with it, and how a net will see it."
_Data = Annotated[str, typer.Argument(metavar="DATA", help="Folder, table, COCO file, archive.")]
_Format = Annotated[str, typer.Option(help="Of the data, where it is not told by itself.")]


def check(
    data: _Data,
    format: _Format = "auto",
    full: Annotated[
        bool, typer.Option("--full/--fast", help="Decode all pixels, or read headers and bytes.")
    ] = True,
    report: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Write report.html and report.json there.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Find what is wrong with a data set.

    Damaged, misnamed and repeated pictures, the same picture in two classes or parts, classes,
    boxes and masks. Ends with exit code 3 where there are errors; warnings and notes give 0.
    Nothing is written into the data.
    """
    if report is not None:
        striate.data.doctor.refuse_inside("data check", "report", report, data)
        striate.data.doctor.refuse_other_files("data check", "report", report)
    with Counter("pictures") as counter:

        def count(done: int, total: int) -> None:
            while counter.count < done:
                counter.add()

        found = striate.data.doctor.check_data(data, format, full=full, progress=count)
    if json:
        print_json(found.to_json())
    else:
        print("\n".join(checkup_lines(found)))
    if report is not None:
        for path in striate.data.doctor.write_checkup(found, report):
            say(f"report    {path}")
    if found.severities["error"]:
        raise typer.Exit(DATA)


def show(
    data: _Data,
    format: _Format = "auto",
    out: Annotated[str, typer.Option(metavar="FILE", help="A new PNG.")] = "batch.png",
    augment: Annotated[str, typer.Option(help="none, light, standard or strong.")] = "standard",
    batch: Annotated[int, typer.Option(help="How many pictures.")] = 16,
    size: Annotated[int | None, typer.Option(help="Side in pixels, as for striate train.")] = None,
    seed: Annotated[int, typer.Option(help="Of the choice and the draws.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace that PNG.")] = False,
) -> None:
    """Draw a batch as the net will see it.

    Shuffled, fitted and augmented, with labels, boxes or masks.
    """
    written = striate.tasks.show_batch(
        data,
        out,
        format=format,
        augment=augment,
        count=batch,
        size_px=size,
        seed=seed,
        overwrite=overwrite,
    )
    print(written)


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "check": (
        check,
        ("striate data check photos/", "striate data check photos/ --fast --report doctor/"),
    ),
    "show": (
        show,
        ("striate data show photos/", "striate data show photos/ --augment strong --out b.png"),
    ),
}
"""name -> (what it does, two examples for its help)."""
