"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def facts() -> dict[str, Any]:
    """Date, processor, cores, system, Python and the load when it began."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "device": processor(),
        "cores": os.cpu_count(),
        "GPU": "not measured",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "load at the start": round(os.getloadavg()[0], 1),
    }


def processor() -> str:
    """The name that the system gives it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
