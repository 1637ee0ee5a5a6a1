"""A program: says whether standard input is a state dict of plain tensors. It has no torch.

It opens nothing, reads the file on standard input, and writes one JSON object to standard output:
{"format": …} or {"refused": the reason}. A Keras archive has the format "keras".
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import BinaryIO

from striate.io.damage import Damaged
from striate.io.foreign.keras_archive import is_keras_archive
from striate.io.foreign.limits import forbid, limit
from striate.io.foreign.refusal import REFUSED_CODE, refusal
from striate.io.foreign.torch_file import ZIP_START, read_contents

__all__ = ["main"]

_MEMORY_BYTES = 1 << 28
_SECONDS = 60


def main() -> None:
    """Reads standard input, writes standard output."""
    warnings.simplefilter("ignore")  # to show one would open files
    limit(memory_bytes=_MEMORY_BYTES, written_bytes=1 << 16, seconds=_SECONDS)
    with open(0, "rb", closefd=False) as file:
        forbid()
        try:
            os.write(1, json.dumps({"format": _format(file)}).encode())
        except (Damaged, MemoryError) as error:
            os.write(1, refusal(error))
            sys.exit(REFUSED_CODE)


def _format(file: BinaryIO) -> str:
    start = file.read(len(ZIP_START))
    if start == ZIP_START and is_keras_archive(file):
        return "keras"
    return read_contents(file).format
