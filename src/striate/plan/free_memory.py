"""free_memory: what this process may still take, and what sets the limit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

if sys.platform != "win32":
    import resource

__all__ = ["Memory", "free_memory"]

_MACHINE, _GROUP = "free on this machine", "left to the control group"
_LIMITS = (
    ("RLIMIT_AS", "VmSize", "left to the process's address space"),
    ("RLIMIT_DATA", "VmData", "left to the process's data"),
)
_GROUP_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


class Memory(NamedTuple):
    """An amount of memory.

    Args:
        bytes: how much.
        source: what it is, such as "free on this machine".
    """

    bytes: int
    source: str


def free_memory(proc: str = "/proc", groups: str = "/sys/fs/cgroup") -> Memory | None:
    """The memory that this process may still take; None where the system does not tell.

    It is the least of what the machine has free, what the control groups of the process leave, and
    what the limits on its address space and its data leave. Files that are only cached count as
    free. What stands on a graphics card is not looked at.

    Args:
        proc: folder of the facts about processes.
        groups: folder of the control groups.

    Example:
        >>> found = free_memory()
        >>> found is None or found.bytes > 0
        True
    """
    sources = (_of_machine(Path(proc)), _of_limits(Path(proc)), _of_groups(Path(proc), groups))
    found = [memory for source in sources for memory in source]
    return min(found, default=None)


def _of_machine(proc: Path) -> Iterator[Memory]:
    available = _table(proc / "meminfo").get("MemAvailable:")
    if available is not None:
        yield Memory(1024 * available, _MACHINE)


def _of_limits(proc: Path) -> Iterator[Memory]:
    if sys.platform == "win32":
        return
    status = _table(proc / "self" / "status")
    for limit, used, source in _LIMITS:
        most = resource.getrlimit(getattr(resource, limit))[0]
        taken = status.get(f"{used}:")
        if most != resource.RLIM_INFINITY and taken is not None:
            yield Memory(max(0, most - 1024 * taken), source)


def _of_groups(proc: Path, groups: str) -> Iterator[Memory]:
    """Of every group that the process is in, and of those above it."""
    for line in _text(proc / "self" / "cgroup").splitlines():
        _, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if kinds and "memory" not in kinds.split(","):
            continue
        top = Path(groups) / "memory" if kinds else Path(groups)
        inside = top / path.lstrip("/")
        for folder in (inside, *inside.parents):
            yield from _of_group(folder)
            if folder == top:
                break


def _of_group(folder: Path) -> Iterator[Memory]:
    for most_file, used_file, cached in _GROUP_FILES:
        most, used = _text(folder / most_file).strip(), _text(folder / used_file).strip()
        if most.isdecimal() and used.isdecimal():
            taken = int(used) - _table(folder / "memory.stat").get(cached, 0)
            yield Memory(max(0, int(most) - taken), _GROUP)


def _table(path: Path) -> dict[str, int]:
    """The first number of each line, by its first word."""
    lines = [line.split() for line in _text(path).splitlines()]
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdecimal()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
