"""Training or inference for the length of one call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

__all__ = ["mode"]


@contextmanager
def mode(module: nn.Module, training: bool) -> Iterator[None]:
    """Puts a module and all inside into a mode, and each back into its own afterwards.

    Example:
        >>> net = nn.Dropout()
        >>> with mode(net, False):
        ...     net.training
        False
        >>> net.training
        True
    """
    before = [part for part in module.modules() if part.training is not training]
    if before:
        module.train(training)
    try:
        yield
    finally:
        for part in before:
            part.training = not training
