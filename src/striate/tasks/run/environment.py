"""What a run stands on: versions, machine, threads, folders, data sets at hand."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from striate import datasets, settings
from striate._version import __version__
from striate.datasets.find import at_hand
from striate.train.precision import resolve

__all__ = ["best_device", "data_sets_at_hand", "environment", "folders", "run_environment"]

_PACKAGES = (
    "torch",
    "numpy",
    "pillow",
    "safetensors",
    "scikit-learn",
    "matplotlib",
    "typer",
    "rich",
    "pydantic",
    "simplejpeg",
    "tensorboard",
)


def best_device() -> torch.device:
    """The first CUDA device where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def environment() -> dict[str, Any]:
    """Versions and machine, as JSON can hold them; a package that is not installed is None.

    Example:
        >>> sorted(environment())[:4]
        ['cores', 'device', 'packages', 'precision']
    """
    device = best_device()
    on_gpu = device.type == "cuda"
    return {
        "striate": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "device": torch.cuda.get_device_name(device) if on_gpu else "cpu",
        "processor": platform.processor() or platform.machine(),
        "cores": _cores(),
        "threads": torch.get_num_threads(),
        "precision": resolve("auto", device, place="environment"),
    }


def run_environment() -> dict[str, Any]:
    """The environment with the time at which a run begins, and the words that began it.

    Example:
        >>> sorted(set(run_environment()) - set(environment()))
        ['command', 'started']
    """
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return {"started": started, "command": [Path(sys.argv[0]).name, *sys.argv[1:]], **environment()}


def folders() -> dict[str, Any]:
    """Where striate looks and keeps: cache, own data, and what is free on the cache's disk."""
    cache = settings.cache_folder()
    there = next(path for path in (cache, *cache.parents) if path.exists())
    data = settings.data_folder()
    return {
        "cache": str(cache),
        "data": None if data is None else str(data),
        "keras": str(settings.keras_folder()),
        "offline": settings.offline(),
        "free_bytes": shutil.disk_usage(there).free,
        "free_bytes_here": shutil.disk_usage(Path.cwd()).free,
    }


def data_sets_at_hand() -> dict[str, str | None]:
    """Each named data set with the first place that has a copy of it, or None; nothing is read."""
    found: dict[str, str | None] = {}
    for name in datasets.NAMES:
        record = getattr(datasets, name).RECORD
        paths = at_hand(record) if record.files else []
        inside = None if record.files else "comes with scikit-learn"
        found[name] = str(paths[0]) if paths else inside
    return found


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
