"""The command line: the table of commands, and what is the same for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from striate._version import __version__
from striate.cli import (
    books,
    cache,
    classify,
    data,
    demo,
    doctor,
    evaluate,
    explain,
    exporting,
    importing,
    lr_find,
    models,
    plan,
    predict,
    runs,
    summary,
    train,
    weights,
)
from striate.cli.exit_codes import TABLE, Failures
from striate.cli.process import prepare
from striate.cli.quiet import with_quiet

__all__ = ["COMMANDS", "GROUPS", "app", "main"]

Commands = dict[str, tuple[Callable[..., None], tuple[str, ...]]]

COMMANDS: Commands = {
    "demo": (demo.demo, demo.EXAMPLES),
    "train": (train.train, train.EXAMPLES),
    "lr-find": (lr_find.lr_find, lr_find.EXAMPLES),
    "evaluate": (evaluate.evaluate, evaluate.EXAMPLES),
    "predict": (predict.predict, predict.EXAMPLES),
    "classify": (classify.classify, classify.EXAMPLES),
    "import": (importing.import_weights, importing.EXAMPLES),
    "export-weights": (exporting.export_weights, exporting.EXAMPLES),
    "plan": (plan.plan, plan.EXAMPLES),
    "summary": (summary.summary, summary.EXAMPLES),
    "doctor": (doctor.doctor, doctor.EXAMPLES),
}
"""name -> (what it does, two examples for its help)."""

GROUPS: dict[str, tuple[str, Commands]] = {
    "books": (books.HELP, books.COMMANDS),
    "cache": (cache.HELP, cache.COMMANDS),
    "data": (data.HELP, data.COMMANDS),
    "explain": (explain.HELP, explain.COMMANDS),
    "models": (models.HELP, models.COMMANDS),
    "runs": (runs.HELP, runs.COMMANDS),
    "weights": (weights.HELP, weights.COMMANDS),
}
"""name -> (what its commands are about, the commands as above)."""

_AS_IT_STANDS = "\b\n"  # the mark of a paragraph whose lines are not joined


def _examples(lines: tuple[str, ...]) -> str:
    return _AS_IT_STANDS + "Examples:\n" + "\n".join(f"  {line}" for line in lines)


app = typer.Typer(
    name="striate",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=f"{_examples(('striate demo', 'striate train photos/'))}\n\n"
    f"{_AS_IT_STANDS}Exit codes:\n{TABLE}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
failures = Failures()


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def striate(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
) -> None:
    """Convolutional vision: from a folder of pictures to a trained, honestly evaluated convnet."""
    failures.debug = debug


def _add(group: typer.Typer, commands: Commands) -> None:
    for name, (command, examples) in commands.items():
        group.command(name, epilog=_examples(examples))(failures.guard(with_quiet(command)))


_add(app, COMMANDS)
for name, (about, commands) in GROUPS.items():
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    _add(group, commands)
    app.add_typer(group, name=name, help=about)


def main() -> None:
    """The `striate` command: runs what sys.argv says and ends the process with its exit code."""
    failures.guard(prepare)()
    failures.guard(app)(prog_name="striate")
