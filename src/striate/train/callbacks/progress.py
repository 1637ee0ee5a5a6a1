"""ProgressBar: a live line on a terminal, one line an epoch in a pipe."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from .base import Callback

__all__ = ["ProgressBar", "numbers"]

_REFRESH_S = 0.1


def numbers(logs: Mapping[str, float]) -> str:
    """The logs in one line: loss 0.1234  accuracy 0.9876."""
    return "  ".join(f"{name} {value:.4f}" for name, value in logs.items())


class ProgressBar(Callback):
    """Shows a run: epoch, bar, losses and metrics, pictures a second, time left.

    On a terminal the line is live; elsewhere one line is written an epoch. NO_COLOR and a dumb
    terminal are honoured.

    Args:
        headline: written once, first: what runs where, in which precision.
        live: whether the line moves. Default None: where the console is a terminal.
        console: where to write. Default: standard output.
    """

    def __init__(
        self, headline: str = "", *, live: bool | None = None, console: Console | None = None
    ) -> None:
        self.headline = headline
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.live = self.console.is_terminal if live is None else live
        self._bar: Progress | None = None

    def settings(self) -> None:
        """It only watches."""

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Writes the headline."""
        if self.headline:
            self.console.print(self.headline)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Starts the line of the epoch."""
        self._samples, self._started, self._shown = 0, time.perf_counter(), 0.0
        if self.live:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.completed}/{task.total}"),
                TimeRemainingColumn(compact=True),
                TextColumn("{task.fields[numbers]}"),
                console=self.console,
                transient=True,
                auto_refresh=False,
            )
            self._bar.start()
            self._task = self._bar.add_task(
                self._title(epoch), total=self.params.get("steps"), numbers=""
            )

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Moves the line, ten times a second at most."""
        now = time.perf_counter()
        if self._bar is not None and now - self._shown >= _REFRESH_S:
            self._shown = now
            text = f"{numbers(logs or {})}  {self._rate()}"
            self._bar.update(self._task, completed=batch + 1, numbers=text, refresh=True)

    def on_samples(self, count: int) -> None:
        """Counts pictures."""
        self._samples += count

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Writes the line of the epoch."""
        self._stop()
        seconds = time.perf_counter() - self._started
        self.console.print(
            f"{self._title(epoch)}  {numbers(logs or {})}  {self._rate()}  {seconds:.1f} s"
        )

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Leaves the terminal as it was."""
        self._stop()

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _title(self, epoch: int) -> str:
        return f"Epoch {epoch + 1}/{self.params.get('epochs', '?')}"

    def _rate(self) -> str:
        seconds: Any = max(time.perf_counter() - self._started, 1e-9)
        return f"{self._samples / seconds:,.0f} pictures/s"
