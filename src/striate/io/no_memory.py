"""How the system, Python and the libraries say that memory does not suffice: each in its words."""

from __future__ import annotations

import errno

__all__ = ["lacks_memory"]

_WORDS = (
    "DefaultCPUAllocator",
    "bad_alloc",
    "out of memory",
    "ALLOC_FAILED",
    "can't start new thread",  # it has no memory for the stack of one
    "could not create a memory",
    "annot allocate memory",
)
_LAST_WORDS = "could not create a primitive"  # the processor's library, of code it cannot place
_LOADING_WORDS = ("failed to map segment", "cannot allocate memory")


def lacks_memory(error: BaseException) -> bool:
    """Whether an error says that memory does not suffice.

    Example:
        >>> lacks_memory(MemoryError()), lacks_memory(RuntimeError("a shape"))
        (True, False)
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error)
    if isinstance(error, RuntimeError):
        return text.endswith(_LAST_WORDS) or any(word in text for word in _WORDS)
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, ImportError) and any(word in text.lower() for word in _LOADING_WORDS)
