"""Freed memory: the C library keeps it for the next step, or hands it back to the system."""

from __future__ import annotations

import ctypes
import platform

__all__ = ["give_back_memory", "keep_memory"]

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3  # malloc.h of glibc
_LARGEST_BLOCK_BYTES = 2**25
_PAD_BYTES = 2**28


def keep_memory() -> bool:
    """Lets glibc keep freed memory for the process, where glibc is the C library.

    By default it gives large freed tensors back to the system, and the next step pays for their
    pages anew. After this call blocks of up to 32 MiB stay with the process once they are freed: as
    much as its largest step took, but no more than 2 GiB at the end of the heap, until
    `give_back_memory` or the end of the process. Larger blocks go back as ever.

    The switch holds for the whole process and works best before the first step; so the library
    never throws it by itself, but the commands that train do. Where another C library or allocator
    is in use nothing happens.

    Returns whether the C library took the settings.

    Example:
        >>> keep_memory() in (True, False)
        True
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    wishes = (
        (_M_MMAP_THRESHOLD, _LARGEST_BLOCK_BYTES),
        (_M_TRIM_THRESHOLD, 2**31 - 1),
        (_M_TOP_PAD, _PAD_BYTES),
    )
    taken = [mallopt(option, value) == 1 for option, value in wishes]
    return all(taken)


def give_back_memory() -> bool:
    """Lets glibc hand freed memory back to the system now; elsewhere nothing happens.

    Returns whether some was handed back.

    Example:
        >>> give_back_memory() in (True, False)
        True
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).malloc_trim(0))
