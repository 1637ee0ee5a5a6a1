"""Digest: what is known beforehand of a file's bytes, whole or in part."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from striate import _check

__all__ = ["Digest"]

_DIGITS = {"sha256": (8, 64), "md5": (32, 32)}  # fewest and most
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Digest:
    """The hexadecimal digits with which the hash of a file begins.

    Some publishers name only the first 8 digits of a sha256, or an md5. Both tell a damaged file
    from a good one; only a whole sha256 withstands somebody who makes another file on purpose.

    Args:
        algorithm: "sha256" or "md5".
        digits: the first 8 to 64 of a sha256, or the 32 of an md5.

    Raises:
        ArgumentError: another algorithm, too few digits or too many, or other letters.

    Example:
        >>> Digest("sha256", "ba7816bf").fits(hashlib.sha256(b"abc").hexdigest())
        True
    """

    algorithm: str
    digits: str

    def __post_init__(self) -> None:
        _check.choice("Digest", "algorithm", self.algorithm, tuple(_DIGITS))
        fewest, most = _DIGITS[self.algorithm]
        if not re.fullmatch(f"[0-9a-fA-F]{{{fewest},{most}}}", str(self.digits)):
            count = f"{most}" if fewest == most else f"{fewest} to {most}"
            _check.fail("Digest", "digits", f"be {count} hexadecimal digits", self.digits)
        object.__setattr__(self, "digits", self.digits.lower())

    def __str__(self) -> str:
        whole = len(self.digits) == _DIGITS[self.algorithm][1]
        return f"{self.algorithm} {self.digits}{'' if whole else '…'}"

    def fits(self, found: str | None) -> bool:
        """Whether a file's hash, None where there is no file, begins with these digits."""
        return found is not None and found.startswith(self.digits)

    def of_file(self, path: Path, *, alive: Callable[[], None] | None = None) -> str | None:
        """The whole hash of a regular file by this algorithm, or None where there is none.

        Args:
            path: of the file.
            alive: called after every MiB.
        """
        if not path.is_file():
            return None
        found = hashlib.new(self.algorithm, usedforsecurity=False)
        with open(path, "rb") as file:
            while block := file.read(_BLOCK_BYTES):
                found.update(block)
                if alive is not None:
                    alive()
        return found.hexdigest()
