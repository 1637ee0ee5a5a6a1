"""TensorBoard: the logs of each epoch as event files. Needs the extra `tensorboard`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import MissingExtraError
from .base import Callback
from .learning_rate import learning_rate

__all__ = ["TensorBoard"]


class TensorBoard(Callback):
    """Writes the logs of each epoch for TensorBoard: runs `train` and `validation`.

    Args:
        log_dir: folder of the event files.

    Raises:
        MissingExtraError: the extra is not installed.
    """

    def __init__(self, log_dir: str | Path = "logs") -> None:
        self.log_dir = Path(log_dir)
        self._writers: dict[str, Any] = {}

    def settings(self) -> None:
        """It only watches."""

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Opens the files."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise MissingExtraError(
                "TensorBoard: the package `tensorboard` must be installed. Got none. "
                "Run: pip install 'striate[tensorboard]'"
            ) from error
        for run in ("train", "validation"):
            folder = str(self.log_dir / run)
            since = self.params.get("resumed_at")  # what is written again takes its place
            self._writers[run] = SummaryWriter(folder, purge_step=since)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Writes the numbers."""
        for name, value in (logs or {}).items():
            run = "validation" if name.startswith("val_") else "train"
            self._writers[run].add_scalar(f"epoch_{name.removeprefix('val_')}", value, epoch)
        rate = learning_rate(self.model.optimizer)
        self._writers["train"].add_scalar("epoch_learning_rate", rate, epoch)
        for writer in self._writers.values():
            writer.flush()

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Closes the files."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()
