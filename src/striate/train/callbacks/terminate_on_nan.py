"""TerminateOnNaN: ends the run quietly when the loss is not finite, and says where it began."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from .base import Callback

__all__ = ["TerminateOnNaN"]


class TerminateOnNaN(Callback):
    """Ends the run, without an error, when the loss is not finite.

    `message` then says epoch, step and the first layer with a value that is not finite; it is
    logged as a warning of the logger "striate". Without this callback `fit` raises DivergedError
    with the same words. In both cases the bad update is not made.
    """

    message: str | None = None

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Forgets an earlier run."""
        self.message = None

    def state_dict(self) -> Mapping[str, Any]:
        """The message, if there is one."""
        return {"message": self.message}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes the message back."""
        self.message = state["message"]

    def on_diverged(self, message: str) -> bool:
        """Keeps the message and ends the run."""
        self.message = message
        self.model.stop_training = True
        logging.getLogger("striate").warning(message)
        return True
