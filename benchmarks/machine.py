"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch


def facts() -> dict[str, Any]:
    """Date, processor, cores, system, Python, the commit and the load when it began."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "device": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "commit": commit(),
        "load at the start": round(os.getloadavg()[0], 1),
    }


def processor() -> str:
    """The name that the system gives it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def gpu(device: str) -> str:
    """What the GPU is called where the row runs on it."""
    return torch.cuda.get_device_name() if device == "cuda" else "not measured"


def commit() -> str:
    """The commit of this checkout, with a plus where files differ from it."""
    ask = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(ask, cwd=Path(__file__).parent, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
