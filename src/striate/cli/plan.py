"""striate plan: what a net costs and what fits, before anything runs."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

import striate
from striate.cli.calibrated import calibration_there
from striate.cli.memory_size import memory_there
from striate.cli.named_model import named_sketch
from striate.cli.streams import print_json, printable, say

__all__ = ["EXAMPLES", "plan"]
EXAMPLES = (
    "striate plan resnet50 --batch 32 --memory 8GB",
    "striate plan resnet50:keras --against mobilenet_v2 --json",
)
_SHORT = {"bf16": "bfloat16"}


def plan(
    model: Annotated[
        str, typer.Argument(metavar="NET[:DIALECT]|MODEL|RUN", help="Net's name, or folder.")
    ],
    size: Annotated[int | None, typer.Option(help="Side of the pictures.")] = None,
    batch: Annotated[int, typer.Option(help="Samples a step.")] = 32,
    precision: Annotated[str, typer.Option(help="float32 or bf16.")] = "float32",
    optimizer: Annotated[
        str | None, typer.Option(help="Its name. Default: the model's, or rmsprop.")
    ] = None,
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

    The memory is calculated, not measured: all tensors of a step that is run on shapes alone. What
    Python, PyTorch's kernels and the allocator take beside them is not in it. An architecture's
    weights are not made. Bytes of layers are of one sample; 1 MB is 1,000,000 bytes. Times are
    predicted, by how long this machine took for small operations once; their error is stated.
    """
    room = memory_there("plan", memory)

    def planned(text: str) -> tuple[Any, Any]:
        net = named_sketch("plan", text, size=size)
        how: dict[str, Any] = {"optimizer": optimizer, "mode": "train" if train else "predict"}
        how["precision"] = _SHORT.get(precision, precision)
        found = striate.models.plan(net, batch, size=size, **how)
        return net, dataclasses.replace(found, net=text, calibration=calibration)

    calibration = calibration_there(wanted=time, recalibrate=recalibrate)
    net, found = planned(model)
    beside = planned(against)[1] if against else None
    report = striate.plan.Report(found, room, against=beside, samples=samples)
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
