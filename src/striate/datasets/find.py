"""Where a named data set is looked for, and what is done when it is nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from striate import _check, settings
from striate.datasets.batches import read_batches
from striate.datasets.idx import read_idx
from striate.datasets.npz import read_npz
from striate.datasets.record import ARRAYS, Record, Split
from striate.datasets.splits import read_splits
from striate.errors import DataError
from striate.io.fetch import fetch

__all__ = ["at_hand", "find"]

Reader = Callable[[], Split]


def find(record: Record) -> Split:
    """The arrays of a data set, from the first place that has them.

    In this order: our cache; STRIATE_DATA and its folder of the data set's name; Keras' cache;
    where systems install it; the network. In each place: an .npz file, mnist.pkl.gz, the idx
    files or the python batches. Whatever the place, shapes, labels and known hashes are checked,
    so that it cannot change what is learned from it; what does not fit is passed over, and named
    if nothing fits.

    Raises:
        DataError: nothing at hand and nothing fetched; every reason is named.
    """
    reasons: list[str] = []
    split = _first(_places(record), record, reasons)
    if split is None and record.files:
        cache = _cache(record)
        try:
            for file in record.files:
                path = cache / file.name
                fetch(file.urls, path, sha256=file.sha256, size_bytes=file.size_bytes)
            split = _first([cache], record, reasons)
        except DataError as error:
            reasons.append(str(error))
    if split is not None:
        return split
    _check.data_fail(
        f'Data set "{record.name}"',
        "be at hand or be fetched",
        " ".join(reasons).rstrip("."),
        f"Put {_wanted(record)} into a folder and name it in STRIATE_DATA.",
    )


def at_hand(record: Record) -> list[Path]:
    """Where copies of a data set seem to be, in the order of `find`; none is opened."""
    return [path for place in _places(record) for path, _ in _copies(place, record)]


def _first(places: Iterable[Path], record: Record, reasons: list[str]) -> Split | None:
    """The first copy that fits; why others did not is added to the reasons."""
    for place in places:
        for path, read in _copies(place, record):
            try:
                return _checked(path, read(), record)
            except DataError as error:
                reasons.append(str(error))
    return None


def _wanted(record: Record) -> str:
    return f"{record.name}.npz or " + ", ".join(file.name for file in record.files)


def _cache(record: Record) -> Path:
    return settings.cache_folder() / "datasets" / record.name


def _places(record: Record) -> Iterator[Path]:
    yield _cache(record)
    yield _cache(record).parent
    data = settings.data_folder()
    if data is not None:
        yield data / record.name
        yield data / record.name.replace("_", "-")
        yield data
    keras = settings.keras_folder() / "datasets"
    yield keras
    if record.keras:
        yield keras / record.keras
    yield from map(Path, record.folders)


def _copies(place: Path, record: Record) -> Iterator[tuple[Path, Reader]]:
    """What stands in a place under a name that may be this data set, with its reader."""
    npz, pickled = place / f"{record.name}.npz", place / f"{record.name}.pkl.gz"
    if npz.is_file():
        yield npz, lambda: read_npz(npz, record.shapes)
    if record.md5:
        archive = place / record.files[0].name
        for path in (archive, place / "cifar-10-batches-py", place):
            if path.is_file() or (path / next(iter(record.md5))).is_file():
                yield path, lambda path=path: read_batches(path, record)  # type: ignore[misc]
        return
    if pickled.is_file():
        yield pickled, lambda: read_splits(pickled, record.shapes)
    paths = [_idx_file(place, file.name) for file in record.files]
    if all(paths):
        yield place, lambda: _read_four([path for path in paths if path], record)


def _idx_file(place: Path, name: str) -> Path | None:
    """The file, packed or not, also with a dot before idx, as some programs unpack it."""
    bare = name.removesuffix(".gz")
    for other in (name, bare, bare.replace("-idx", ".idx")):
        if (place / other).is_file():
            return place / other
    return None


def _read_four(paths: list[Path], record: Record) -> Split:
    x_train, y_train, x_test, y_test = (
        read_idx(path, record.shapes[array]) for path, array in zip(paths, ARRAYS, strict=True)
    )
    return (x_train, y_train), (x_test, y_test)


def _checked(path: Path, split: Split, record: Record) -> Split:
    place = f'Data set "{record.name}" in "{path}"'
    fix = "Remove that copy."
    arrays = dict(zip(ARRAYS, (*split[0], *split[1]), strict=True))
    for name, array in arrays.items():
        if array.shape != record.shapes[name]:
            rule = f"have {name} of shape {record.shapes[name]}"
            _check.data_fail(place, rule, array.shape, fix)
        if name in record.sha256 and hashlib.sha256(array.data).hexdigest() != record.sha256[name]:
            _check.data_fail(place, f"have the {name} of {record.title}", "other contents", fix)
        if name.startswith("y") and array.max() >= len(record.class_names):
            rule = f"have labels 0..{len(record.class_names) - 1}"
            _check.data_fail(place, rule, f"label {array.max()} in {name}", fix)
    return split
