"""A folder of numbered durable folders, of which the newest whole one counts: checkpoints.

Generation 12 is the folder `step-0000000012`, written by the rules of `store`. Then the file
`LATEST` is replaced: written beside, flushed, renamed into place, the folder flushed. Only then
are older ones removed. So after a crash at any point the last generation whose write had returned
is whole, or a newer one is. One process writes such a folder at a time.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from striate import _check
from striate.errors import WeightsError
from striate.io.damage import Damaged
from striate.io.latest import LATEST, name_latest, read_latest
from striate.io.manifest import MANIFEST, manifest_hash
from striate.io.step_folders import (
    HIGHEST,
    clear_leftovers,
    gone_name,
    is_folder,
    standing_numbers,
    step_name,
    step_number,
)
from striate.io.store import read_folder, standing, verify_folder, write_folder
from striate.io.strict_json import read_json
from striate.io.tensors import Tensors

__all__ = ["Generation", "Generations"]

_ABOUT = "generation.json"


@dataclass(frozen=True)
class Generation:
    """One generation, read whole.

    Args:
        number: its number.
        folder: where it stands.
        files: name to bytes, or to {tensor name: tensor}, as they were written.
        notes: a sentence for each damaged or missing thing that was passed over to find it.
    """

    number: int
    folder: Path
    files: Mapping[str, Any]
    notes: tuple[str, ...] = ()


class Generations:
    """Numbered states of one run, of which the last few and the best are kept.

    A generation that is damaged is never returned: the one before it is, with a note. One that
    stands is never removed before a newer one is on the disk, was read back and found right.

    Args:
        folder: where they stand; made by the first write.
        keep: how many of the last are kept. Default 2: should the newest be damaged, the one
            before counts. For each of these, the best one until then is kept too.

    Example:
        >>> import tempfile
        >>> run = Generations(tempfile.mkdtemp() + "/checkpoints")
        >>> for number in (10, 20, 30):
        ...     _ = run.write(number, {"state.json": b"%d" % number})
        >>> run.newest().number, sorted(path.name for path in run.folder.iterdir())
        (30, ['LATEST', 'step-0000000020', 'step-0000000030'])
    """

    def __init__(self, folder: str | os.PathLike[str], *, keep: int = 2) -> None:
        self.folder = Path(os.path.abspath(folder))
        self.keep = _check.positive_int("Generations", "keep", keep)
        self._place = f'Folder "{self.folder}"'
        self._after: int | None = None  # the number of the last one read or written
        self._whole: dict[int, int | None] = {}  # found whole by this object: its best one's number

    def write(
        self, number: int, files: Mapping[str, bytes | Tensors], *, best: bool = False
    ) -> Path:
        """Writes one generation, names it in `LATEST`, then removes those that are not kept.

        Where generations stand, `newest` comes first, and the numbers go on from what it returned;
        those that stand behind it and were not returned are removed.

        Args:
            number: of the generation: not below that of the last one read or written.
            files: as `write_folder` takes them; `generation.json` is added.
            best: whether it is the best one so far. Default False.

        Returns:
            Its folder.

        Raises:
            ArgumentError: a number or a file's name breaks its rule.
            WeightsError: others stand there and were not read; the disk is full or refuses.
        """
        number = self._checked(number, files)
        the_best = number if best else self._whole.get(-1 if self._after is None else self._after)
        about = json.dumps({"number": number, "best": the_best}).encode()
        try:
            self._check_read()
            clear_leftovers(self.folder)
            self._whole.pop(number, None)
            target = self._place_new(number, {**files, _ABOUT: about})
            self._whole[number], self._after = the_best, number
            self._remove_old(number)
        except OSError as error:
            self._refuse(error)
        return target

    def newest(self) -> Generation | None:
        """The generation that `LATEST` names, or else the newest whole one; None without any.

        Raises:
            WeightsError: generations stand there and none is whole; the folder cannot be read.
        """
        notes: list[str] = []
        try:
            order = self._order(notes)
        except OSError as error:
            self._refuse(error)
        for number in order:
            try:
                files = self._read(number)
            except WeightsError as error:
                notes.append(f"{step_name(number)} was passed over. {error}")
                continue
            self._after = number
            return Generation(number, self.folder / step_name(number), files, tuple(notes))
        if order:
            fix = "Restore one from a copy, or remove them to begin anew."
            _check.weights_fail(self._place, "hold a whole generation", " ".join(notes), fix)
        return None

    def best(self) -> Generation | None:
        """The best generation until the newest one; None if none was called the best.

        Raises:
            WeightsError: as `newest`; the best one is damaged or missing.
        """
        if self._after is None and self.newest() is None:
            return None
        number = None if self._after is None else self._whole[self._after]
        if number is None:
            return None
        return Generation(number, self.folder / step_name(number), self._read(number))

    def _checked(self, number: int, files: Mapping[str, Any]) -> int:
        place = "Generations.write"
        number = _check.whole(place, "number", number, 0 if self._after is None else self._after)
        if number > HIGHEST:
            _check.fail(place, "number", f"be at most {HIGHEST:,}", number)
        if _ABOUT in files:
            _check.fail(place, "files", f"not hold {_ABOUT}, which is added", _ABOUT)
        return number

    def _check_read(self) -> None:
        found = standing_numbers(self.folder)
        if found and self._after is None:
            rule = "be empty, or be read before it is written"
            got = f"{step_name(found[0])}, which may be of another run"
            fix = "Resume from it, or choose another folder."
            _check.weights_fail(self._place, rule, got, fix)

    def _place_new(self, number: int, files: Mapping[str, bytes | Tensors]) -> Path:
        """The folder, on the disk, read back, and named by LATEST."""
        target = self.folder / step_name(number)
        if is_folder(target) and not (target / MANIFEST).exists():
            shutil.rmtree(target)  # the rest of a damaged one, which the store would not replace
        stood = os.path.lexists(target)
        write_folder(target, files, replace=True)
        try:
            verify_folder(target)
            name_latest(target)
        except (OSError, WeightsError):
            if not stood:  # else it may be the last good one
                shutil.rmtree(target, ignore_errors=True)
            raise
        return target

    def _order(self, notes: list[str]) -> list[int]:
        """In which order they are tried: the one that LATEST names, then by number.

        One that is named, but has another manifest than LATEST says, was changed: it is the last.
        """
        order = standing_numbers(self.folder)
        if not order:
            return order
        try:
            name, wanted = read_latest(self.folder)
            number = step_number(name)
            if number is None or number not in order:
                raise Damaged(f"{name}, which does not stand")
            changed = _changed(self.folder / name, wanted)
            order.remove(number)
            order.insert(len(order) if changed else 0, number)
            if changed:
                raise Damaged(f"{name}, whose {MANIFEST} is another now")
        except (OSError, Damaged) as error:
            reason = getattr(error, "strerror", None) or str(error)
            notes.append(f'File "{self.folder / LATEST}": must name what stands. Got {reason}.')
        return order

    def _read(self, number: int) -> dict[str, Any]:
        """The files of a generation that is whole and is what its name says."""
        folder = self.folder / step_name(number)
        files = read_folder(folder)
        self._whole[number] = _best_of(folder, number, files.pop(_ABOUT, b""))
        return files

    def _is_whole(self, number: int) -> bool:
        if number not in self._whole:
            folder = self.folder / step_name(number)
            try:
                verify_folder(folder)
                about = read_folder(folder, [_ABOUT])[_ABOUT]
                self._whole[number] = _best_of(folder, number, about)
            except WeightsError:
                return False
        return True

    def _remove_old(self, number: int) -> None:
        kept: set[int] = set()
        found = standing_numbers(self.folder)
        for each in found:
            if each <= number and len(kept) < self.keep and self._is_whole(each):
                kept.add(each)
        kept |= {best for each in kept if (best := self._whole[each]) is not None}
        for each in set(found) - kept:
            self._whole.pop(each, None)
            gone = self.folder / gone_name(each)
            os.rename(self.folder / step_name(each), gone)
            shutil.rmtree(gone)

    def _refuse(self, error: OSError) -> NoReturn:
        fix = "Check the rights and the disk; what was saved before still stands."
        name = error.filename2 or error.filename
        reason = (error.strerror or str(error)) + (f" at {name}" if name else "")
        _check.weights_fail(self._place, "be readable and writable", reason, fix)


def _changed(folder: Path, wanted: str) -> bool:
    """Whether a folder's manifest is another than the one of this hash, or gone."""
    try:
        return manifest_hash(standing(folder) or folder) != wanted
    except WeightsError:
        return True


def _best_of(folder: Path, number: int, about: bytes) -> int | None:
    """The number of the best one until this one, as its own file says."""
    try:
        found = read_json(about)
        named, best = found["number"], found["best"]
    except (Damaged, KeyError, TypeError):
        named, best = None, None
    if named != number or not (best is None or (isinstance(best, int) and 0 <= best <= number)):
        rule = f"hold a {_ABOUT} of its own number"
        fix = "Restore it from a copy, or remove it."
        _check.weights_fail(f'Folder "{folder}"', rule, f"number {named}", fix)
    return best
