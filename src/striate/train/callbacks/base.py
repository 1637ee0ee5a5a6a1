"""Callback: told of what happens in a run, under Keras' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import DivergedError

__all__ = ["Callback", "CallbackList"]


class Callback:
    """Told of what happens in a run; a subclass writes the methods it wants.

    Setting `self.model.stop_training = True` ends the run after the epoch. `logs` maps names
    (loss, accuracy, val_loss, …) to numbers; those of a batch are read from the device only if
    somebody looks.
    """

    model: Any = None
    params: Mapping[str, Any] = {}

    def set_model(self, model: Any) -> None:
        """The model of the run, before it begins."""
        self.model = model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """epochs, steps (None if not known), validation_epochs (from one to the next), resumed_at.

        `resumed_at` is the number of the epoch at which a saved run goes on; None for a new run.
        """
        self.params = params

    def settings(self) -> Mapping[str, Any] | None:
        """What of this callback decides how the run goes, as JSON can hold it.

        A run is resumed only with the same. None is said by a callback that only watches: it may
        come and go. Default: an empty record, so that the class counts and nothing else.
        """
        return {}

    def state_dict(self) -> Mapping[str, Any]:
        """What the callback must get back when a killed run goes on; saved with every checkpoint.

        None, truth values, numbers, text, lists, tuples, dicts and tensors. Default: nothing.
        """
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes over what `state_dict` gave.

        A run that goes on calls `on_train_begin`, and within an epoch `on_epoch_begin`, and then
        this. Default: nothing.
        """

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """The run begins."""

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """The run ends, in whatever way."""

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """An epoch begins, numbered from 0."""

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """An epoch has ended, its validation included."""

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """A step begins, numbered from 0 in its epoch."""

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """A step has ended; the logs are those of the epoch so far."""

    def on_samples(self, count: int) -> None:
        """A step has trained on so many samples; called after `on_train_batch_end`."""

    def on_note(self, sentence: str) -> None:
        """Something was changed on the way that the reader of the results must know."""

    def on_diverged(self, message: str) -> bool:
        """The loss is not finite; a callback that deals with that returns True."""
        return False


class CallbackList:
    """Tells all callbacks; a step costs only the methods that somebody wrote.

    Args:
        callbacks: in order.
        model: of the run.
        steps: in an epoch, or None.
        epochs: of the run.
        validation_epochs: from one validation to the next.
        resumed_at: epoch at which a saved run goes on; None for a new one.
    """

    def __init__(
        self,
        callbacks: Sequence[Callback],
        model: Any,
        steps: int | None,
        epochs: int,
        validation_epochs: int = 1,
        *,
        resumed_at: int | None = None,
    ) -> None:
        self.callbacks = list(callbacks)
        params = {
            "epochs": epochs,
            "steps": steps,
            "validation_epochs": validation_epochs,
            "resumed_at": resumed_at,
        }
        for callback in self.callbacks:
            callback.set_params(params)
            callback.set_model(model)
        self._batch_begin = self._writers("on_train_batch_begin")
        self._batch_end = self._writers("on_train_batch_end")
        self._samples = self._writers("on_samples")

    def _writers(self, method: str) -> list[Callback]:
        silent = getattr(Callback, method)
        return [one for one in self.callbacks if getattr(type(one), method) is not silent]

    def train_begin(self) -> None:
        """on_train_begin."""
        for callback in self.callbacks:
            callback.on_train_begin({})

    def train_end(self) -> None:
        """on_train_end."""
        for callback in self.callbacks:
            callback.on_train_end({})

    def epoch_begin(self, epoch: int) -> None:
        """on_epoch_begin."""
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, {})

    def epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """on_epoch_end."""
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)

    def batch_begin(self, batch: int) -> None:
        """on_train_batch_begin."""
        for callback in self._batch_begin:
            callback.on_train_batch_begin(batch, {})

    def batch_end(self, batch: int, logs: Mapping[str, float], samples: int) -> None:
        """on_train_batch_end, then on_samples."""
        for callback in self._batch_end:
            callback.on_train_batch_end(batch, logs)
        for callback in self._samples:
            callback.on_samples(samples)

    def diverged(self, message: str) -> None:
        """on_diverged; raises DivergedError with the message if nobody deals with it."""
        taken = [callback.on_diverged(message) for callback in self.callbacks]
        if not any(taken):
            raise DivergedError(message)
