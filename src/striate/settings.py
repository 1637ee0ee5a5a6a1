"""Where things lie and what is allowed: environment variables, read when asked, never at import."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from . import _check

__all__ = [
    "cache_folder",
    "config_file",
    "data_folder",
    "keras_folder",
    "offline",
    "picture_cache_bytes",
    "reader_environment",
    "threads",
]


def _folder(variable: str) -> Path | None:
    value = os.environ.get(variable, "").strip()
    return Path(os.path.expanduser(value)) if value else None


def cache_folder() -> Path:
    """The folder for what can be fetched or made again.

    STRIATE_CACHE, else the folder `cache` in STRIATE_HOME, else the user's cache folder by the
    rules of the platform. It is named, not made.
    """
    cache, home = _folder("STRIATE_CACHE"), _folder("STRIATE_HOME")
    if cache is not None:
        return cache
    return home / "cache" if home is not None else Path(platformdirs.user_cache_dir("striate"))


def picture_cache_bytes() -> int:
    """How many bytes of decoded pictures may be cached: STRIATE_CACHE_GIB times 2**30, or 16 GiB.

    0 means that nothing is cached.

    Raises:
        ArgumentError: STRIATE_CACHE_GIB holds something else than a number of at least 0.
    """
    value = os.environ.get("STRIATE_CACHE_GIB", "").strip()
    try:
        size: object = float(value or 16)
    except ValueError:
        size = value
    return int(_check.number("settings", "STRIATE_CACHE_GIB", size, 0) * 2**30)


def config_file() -> Path | None:
    """The user's file of settings for training: STRIATE_CONFIG, or None."""
    return _folder("STRIATE_CONFIG")


def data_folder() -> Path | None:
    """The user's own folder of data sets: STRIATE_DATA, or None."""
    return _folder("STRIATE_DATA")


def keras_folder() -> Path:
    """The folder of Keras' downloads, only ever read: KERAS_HOME, else ~/.keras."""
    return _folder("KERAS_HOME") or Path(os.path.expanduser("~/.keras"))


def offline() -> str | None:
    """The setting that forbids the network, such as "STRIATE_OFFLINE=1"; None where it is allowed.

    STRIATE_OFFLINE and HF_HUB_OFFLINE count when they hold anything but "", 0, no, off or false.
    """
    for variable in ("STRIATE_OFFLINE", "HF_HUB_OFFLINE"):
        value = os.environ.get(variable, "").strip()
        if value.lower() not in ("", "0", "no", "off", "false"):
            return f"{variable}={value}"
    return None


def reader_environment() -> dict[str, str]:
    """The environment of a process that reads a foreign file: one thread, no device, no secrets.

    Of this process' variables it gets those without which libraries are not found, and the place
    for temporary files.
    """
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
    here = {name: os.environ[name] for name in kept if name in os.environ}
    return here | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


def threads() -> int | None:
    """How many threads may compute: STRIATE_THREADS, or None where the machine decides.

    Raises:
        ArgumentError: it holds something else than a whole number of at least 1.
    """
    value = os.environ.get("STRIATE_THREADS", "").strip()
    if not value:
        return None
    good = value.isascii() and value.isdigit()
    return _check.positive_int("settings", "STRIATE_THREADS", int(value) if good else value)
