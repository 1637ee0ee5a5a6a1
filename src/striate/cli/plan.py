"""striate plan: what a net costs and what fits, before anything runs."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

import striate
from striate.cli.calibrated import calibration_there
from striate.cli.memory_size import memory_there
from striate.cli.planned import planned
from striate.cli.streams import print_json, printable, say
from striate.io.new_file import check_replaceable

__all__ = ["EXAMPLES", "plan"]
EXAMPLES = (
    "striate plan resnet50 --batch 32 --memory 8GB",
    "striate plan resnet50:keras --against mobilenet_v2 --json",
)


def plan(
    model: Annotated[
        str,
        typer.Argument(
            metavar="NET[:DIALECT]|MODEL|RUN|FILE.py:NAME", help="Net's name, folder, or file."
        ),
    ],
    size: Annotated[int | None, typer.Option(help="Side of the pictures.")] = None,
    batch: Annotated[
        str | None,
        typer.Option(metavar="N|auto", help="Samples a step, or the most that fit. Default: 32."),
    ] = None,
    precision: Annotated[str | None, typer.Option(help="float32 (default) or bfloat16.")] = None,
    optimizer: Annotated[str | None, typer.Option(help="Its name. Default: rmsprop.")] = None,
    train: Annotated[
        bool, typer.Option("--train/--predict", help="Training and prediction, or the latter.")
    ] = True,
    memory: Annotated[
        str | None, typer.Option(metavar="8GB", help="Default: what this machine has free.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Another, to compare with.")
    ] = None,
    remedies: Annotated[
        bool,
        typer.Option("--remedies/--no-remedies", help="Ways to need less; not with --against."),
    ] = True,
    time: Annotated[bool, typer.Option(help="Predict times; calibrates once, some 5 s.")] = True,
    recalibrate: Annotated[bool, typer.Option("--recalibrate", help="Calibrate again.")] = False,
    samples: Annotated[int | None, typer.Option(help="Of an epoch, to tell its time.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    html: Annotated[str | None, typer.Option(metavar="FILE", help="Write a page.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace that page.")] = False,
) -> None:
    """Print what a net costs layer by layer, the memory it needs, and the largest batch that fits.

    The memory is calculated, not measured: all tensors of a step that is run on shapes alone, and
    as "resident" what the process is expected to take for it in all. An architecture's weights are
    not made. A RUN is planned with its own settings, but for what is said here. Bytes of layers are
    of one sample; 1 MB is 1,000,000 bytes. Times are predicted, by how long this machine took for
    small operations once; their error is stated.
    """
    room = memory_there("plan", memory)
    if html is not None:
        check_replaceable(html, overwrite=overwrite)
    how: dict[str, Any] = {"size": size, "batch": batch, "precision": precision}
    how |= {"optimizer": optimizer, "mode": "train" if train else "predict"}
    net, found = planned(model, room, **how)
    beside = planned(against, room, **how)[1] if against else None
    report = striate.plan.Report(found, room, against=beside, samples=samples)
    calibration = calibration_there(wanted=time, recalibrate=recalibrate)
    if calibration is not None:
        report = report.timed(calibration)
    if not json:
        print(*map(printable, report.lines()), sep="\n", flush=True)
    if remedies and not against:
        ways = striate.models.remedies(net, found, optimizer=optimizer)
        report = dataclasses.replace(report, remedies=ways)
        if not json:
            print("", *map(printable, striate.plan.remedy_lines(ways)), sep="\n")
    if json:
        print_json(report.to_json())
    if html is not None:
        striate.plan.write_page(report, html, overwrite=overwrite)
        say(f"Page: {html}")
