"""Pillow's warnings, silenced while pictures are read, in any number of threads."""

from __future__ import annotations

import threading
import warnings
from typing import Any, cast

__all__ = ["quiet"]


class _Quiet:
    """Silences Pillow's warnings while any thread is inside, and nothing else.

    One filter is put into the list in use and taken out by the last thread to leave.
    `warnings.catch_warnings` would swap the whole list, under the feet of other threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filter: Any = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            filters = cast(list[Any], warnings.filters)
            if self._filter is None or self._filter not in filters:
                warnings.filterwarnings("ignore", module=r"PIL\.")
                self._filter = warnings.filters[0]

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._inside -= 1
            filters = cast(list[Any], warnings.filters)
            if self._inside == 0 and self._filter in filters:
                filters.remove(self._filter)


quiet = _Quiet()
"""The context inside which Pillow does not warn."""
