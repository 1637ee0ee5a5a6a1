"""A program: says whether standard input is a state dict of plain tensors. It has no torch.

It opens nothing, reads the file on standard input, and writes one JSON object to standard output:
{"format": …} or {"refused": the reason}.
"""

from __future__ import annotations

import json
import os
import warnings

from striate.io.damage import Damaged
from striate.io.foreign.limits import forbid, limit
from striate.io.foreign.torch_file import read_contents

__all__ = ["REASON_LETTERS", "main"]

REASON_LETTERS = 500
"""The longest reason that is handed over."""

_MEMORY_BYTES = 1 << 28
_SECONDS = 60


def main() -> None:
    """Reads standard input, writes standard output."""
    warnings.simplefilter("ignore")  # to show one would open files
    limit(memory_bytes=_MEMORY_BYTES, written_bytes=1 << 16, seconds=_SECONDS)
    with open(0, "rb", closefd=False) as file:
        forbid()
        try:
            said = {"format": read_contents(file).format}
        except Damaged as error:
            said = {"refused": str(error)[:REASON_LETTERS]}
        except MemoryError:
            said = {"refused": "contents that take more memory than a state dict needs"}
    os.write(1, json.dumps(said).encode())
