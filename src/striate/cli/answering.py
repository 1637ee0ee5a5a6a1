"""Answers about pictures, written as they come; used by predict and classify."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

import typer

import striate
from striate.cli.counter import Counter
from striate.cli.exit_codes import DATA
from striate.cli.named_files import named_files
from striate.cli.prediction_writer import Writer
from striate.cli.streams import say

__all__ = ["answer"]


def answer(
    classifier: Any,
    files: list[str],
    writer: Writer,
    *,
    null: bool = False,
    keep_going: bool = False,
    **options: Any,
) -> None:
    """Asks a classifier about files, writes what it says, and ends the process by its exit code.

    Args:
        classifier: that is asked.
        files: as the user named them; "-" is standard input.
        writer: takes the answers.
        null: whether names on standard input end with NUL.
        keep_going: whether files that cannot be read are no failure.
        options: of `predict_each`.
    """
    stdin = sys.stdin.buffer if sys.stdin else io.BytesIO()  # closed: it holds nothing
    names = named_files(files, stdin, null=null)
    answers = striate.tasks.classify.predict_each(classifier, names, say=say, **options)
    failed = 0
    with Counter("pictures") as counter, contextlib.closing(answers):
        try:
            for each in answers:
                writer.add(each)
                if each.error is not None:
                    failed += 1
                    counter.wipe()
                    say(each.error, error=True)
                elif each.note is not None:
                    counter.wipe()
                    say(f'Picture "{each.file}" {each.note}.')
                counter.add()
        except KeyboardInterrupt:
            writer.flush()
            raise
    writer.end(failed)
    if failed:
        say(f"{failed} of {counter.count} files could not be read.", error=True)
        raise typer.Exit(0 if keep_going else DATA)
