"""The virtual environments of the peers, built when they are first needed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

KEEP = "requirements.json"
PACKAGES = ("striate", "torch", "keras", "tensorflow-cpu", "jax", "onnxruntime", "openvino")
VERSIONS = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def requirements() -> dict[str, list[str]]:
    """Environment -> what pip installs there; PyTorch is the very one that striate runs on."""
    torch = f"torch=={version('torch').split('+')[0]}"
    return {
        "tensorflow": ["keras", "tensorflow-cpu"],
        "jax": ["keras", "jax"],
        "torch": ["keras", torch, "onnx", "onnxscript"],
        "onnxruntime": ["onnxruntime"],
        "openvino": ["openvino"],
    }


class Environments:
    """Interpreters by name, under one folder.

    Args:
        folder: which holds them; made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: dict[str, str] = {}

    def versions(self) -> dict[str, str]:
        """Package -> version, in the environments that were asked for so far."""
        found: dict[str, str] = {}
        for python in dict.fromkeys(self._used.values()):
            done = subprocess.run(
                [python, "-c", VERSIONS, *PACKAGES], capture_output=True, text=True, check=True
            )
            found |= json.loads(done.stdout)
        return dict(sorted(found.items()))

    def python(self, name: str) -> str:
        """The interpreter of an environment, built with the newest packages if it does not stand.

        "own" is the interpreter that this runs on. What pip could not install the contender will
        miss, and its line in the table says so; the next run tries again.
        """
        self._used[name] = python = self._python(name)
        return python

    def _python(self, name: str) -> str:
        if name == "own":
            return sys.executable
        place = self.folder.expanduser().resolve() / name
        python, kept = place / "bin" / "python", place / KEEP
        wanted = requirements()[name]
        if not kept.is_file() or json.loads(kept.read_text()) != wanted:
            print(f"builds {place}: {' '.join(wanted)}", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
            done = subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted])
            if done.returncode == 0:
                kept.write_text(json.dumps(wanted))
        return str(python)
