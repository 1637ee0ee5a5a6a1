"""Which entries of an archive are written, and where: plain names, plain files, within limits."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from striate.io.damage import Damaged
from striate.io.members import Member
from striate.io.suffixes import PICTURES

__all__ = ["LIMITS", "Extraction", "Limits"]

_TEXTS = (".csv", ".json", ".jsonl", ".names", ".tsv", ".txt", ".xml", ".yaml", ".yml")
_WORD_BYTES = 255  # the longest name of a file that common disks take


@dataclass(frozen=True)
class Limits:
    """What an archive may hold at most.

    Args:
        entries: of any kind. Default 500,000.
        total_bytes: when unpacked. Default 128 GiB.
        ratio: unpacked bytes to packed ones, beyond the free bytes. Default 200.
        free_bytes: that may be unpacked whatever the ratio. Default 64 MiB.
        name_bytes: of an entry's path. Default 1000.
    """

    entries: int = 500_000
    total_bytes: int = 1 << 37
    ratio: int = 200
    free_bytes: int = 1 << 26
    name_bytes: int = 1000

    def most_bytes(self, packed_bytes: int) -> int:
        """What an archive of this size may hold when unpacked."""
        return min(self.total_bytes, self.free_bytes + self.ratio * packed_bytes)


LIMITS = Limits()
"""The limits unless others are given."""


class Extraction:
    """Writes the entries of one archive below a folder that is new and empty.

    Args:
        root: the folder.
        limits: what the archive may hold.
        packed_bytes: size of the archive.
    """

    def __init__(self, root: Path, limits: Limits, packed_bytes: int) -> None:
        self.files: list[tuple[str, int]] = []
        self.skipped: list[tuple[str, str]] = []
        self._root, self._limits = root, limits
        self._most = self._left = limits.most_bytes(packed_bytes)
        self._seen: dict[str, tuple[str, bool]] = {}
        self._folders = {""}

    def take(self, member: Member) -> None:
        """Writes one entry, or notes why it is skipped.

        Raises:
            Damaged: why the whole archive must be refused.
        """
        words = self._words(member.name)
        if member.kind not in ("file", "folder"):
            raise Damaged(f"a {member.kind}, {member.name!r}")
        for end in range(1, len(words)):
            self._claim("/".join(words[:end]), False)
        if member.kind == "folder":
            if words:
                self._claim("/".join(words), False)
            return
        name = "/".join(words)
        self._claim(name, True)
        why = _no_use(words)
        if why:
            self.skipped.append((name, why))
        else:
            self._write(name, member)

    def _words(self, name: str) -> list[str]:
        """The folders and the file that a name is made of."""
        words = [word for word in name.split("/") if word not in ("", ".")]
        if any(ord(c) < 32 or ord(c) == 127 for c in name) or "\\" in name:
            raise Damaged(f"a name with a control character or a backslash, {name!r}")
        if name.startswith("/") or name[1:2] == ":" or ".." in words or name == "":
            raise Damaged(f"a name that leads out of the folder, {name[:80]!r}")
        long = len(os.fsencode(name)) > self._limits.name_bytes
        if long or any(len(os.fsencode(word)) > _WORD_BYTES for word in words):
            raise Damaged(f"a name that is too long, {name[:80]!r}…")
        return words

    def _claim(self, name: str, is_file: bool) -> None:
        """Notes a name; another entry of it, or of one that some disks take for it, is refused."""
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        known = self._seen.get(folded)
        if known is None:
            self._seen[folded] = (name, is_file)
        elif known != (name, False) or is_file:
            raise Damaged(f"{known[0]!r} and {name!r}, which some disks take for the same")

    def _write(self, name: str, member: Member) -> None:
        path = self._root / name
        self._make_folder(path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        size = 0
        with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
            for block in member.blocks():
                size += len(block)
                self._left -= len(block)
                if self._left < 0:
                    raise Damaged(f"more than the {self._most:,} bytes that it may hold unpacked")
                file.write(block)
        self.files.append((name, size))

    def _make_folder(self, folder: Path) -> None:
        """Makes a folder where it is really below the root."""
        if str(folder) not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            if not folder.resolve().is_relative_to(self._root.resolve()):
                raise Damaged(f"a folder that lies outside, {str(folder)!r}")
            self._folders.add(str(folder))


def _no_use(words: list[str]) -> str:
    """Why a file is not written; empty if it is."""
    if any(word.startswith(".") for word in words) or words[0] == "__MACOSX":
        return "hidden"
    suffix = os.path.splitext(words[-1])[1]
    if suffix.lower() in (*PICTURES, *_TEXTS):
        return ""
    ending = f'its name ends with "{suffix}"' if suffix else "its name has no ending"
    return f"no picture, text or JSON: {ending}"
