"""A folder of pictures read as Keras' image_dataset_from_directory reads it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn, cast

import numpy as np
import numpy.typing as npt
import torch

from striate import _check
from striate.data.files import FileSource
from striate.data.formats.entries import existing_folder
from striate.data.loader import Loader
from striate.data.order import IndexArray
from striate.io.decode import decode
from striate.ops.resize import INTERPOLATIONS, crop_to_ratio, pad_to_ratio, resize

__all__ = ["image_dataset_from_directory"]

_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_PLACE = "image_dataset_from_directory"
_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}


def image_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: str | Sequence[int] | None = "inferred",
    *,
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int = 32,
    image_size: int | tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
) -> Any:
    """Batches of the pictures in a folder of class folders, with Keras' arguments and values.

    Images are float32, 0 to 255. Files, classes, labels and the members of a split are those of
    Keras for the same seed; the order of each epoch is striate's own. Pictures are resized
    without antialiasing, as there. Two things differ: a picture's EXIF orientation is applied,
    and transparent pixels are laid on white.

    Args:
        directory: holds one folder a class, or, where labels is not "inferred", pictures.
        labels: "inferred" from the class folders; None; or one class number a file, in the order
            of the sorted paths.
        label_mode: "int" gives int32 (n,), "categorical" float32 (n, q), "binary" float32 (n, 1),
            None no labels.
        class_names: the class folders to read, in the order of their numbers. Default: all,
            sorted.
        color_mode: "rgb", "grayscale" or "rgba".
        batch_size: pictures in a batch.
        image_size: (height, width) of the pictures in a batch.
        shuffle: whether files are shuffled, and then every epoch again.
        seed: of the shuffling. Default: drawn from NumPy's global generator.
        validation_split: share of the files, the last ones, that is kept for validation.
        subset: "training", "validation" or "both", which gives two loaders.
        interpolation: "bilinear", "nearest" or "bicubic".
        follow_links: whether links to folders are followed.
        crop_to_aspect_ratio: whether proportions are kept by cutting the longer side.
        pad_to_aspect_ratio: whether proportions are kept by black bars.

    Shape:
        batch: images (n, height, width, channels), labels by label_mode

    Raises:
        DataError: no such folder, no pictures in it; while looping: a picture cannot be decoded.
        ArgumentError: an argument breaks its rule.

    Example:
        >>> import PIL.Image
        >>> for name in ("cat", "dog"):
        ...     os.makedirs(f"animals/{name}", exist_ok=True)
        ...     PIL.Image.new("RGB", (40, 30)).save(f"animals/{name}/1.png")
        >>> pets = image_dataset_from_directory("animals", image_size=(8, 8), shuffle=False)
        >>> pets.class_names, [(tuple(x.shape), y.tolist()) for x, y in pets]
        (['cat', 'dog'], [((2, 8, 8, 3), [0, 1])])
    """
    _check_words(color_mode, label_mode)
    _check_split(validation_split, subset, shuffle and seed is None)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        rule = "be False where crop_to_aspect_ratio=True"
        _check.fail(_PLACE, "pad_to_aspect_ratio", rule, pad_to_aspect_ratio)
    size = _check.pair(_PLACE, "image_size", image_size)
    channels = _CHANNELS[color_mode]
    read = partial(
        _read,
        channels=channels,
        size=size,
        interpolation=_check.choice(_PLACE, "interpolation", interpolation, INTERPOLATIONS),
        keep="crop" if crop_to_aspect_ratio else "pad" if pad_to_aspect_ratio else "",
    )
    paths, targets, names = _index(
        os.fspath(existing_folder(directory)),
        None if label_mode is None else labels,
        class_names=class_names,
        follow_links=follow_links,
    )
    seed = int(np.random.randint(1_000_000)) if seed is None else seed
    order = np.arange(len(paths))
    if shuffle:
        np.random.RandomState(seed).shuffle(order)
    if targets is not None:
        targets = _encoded(targets, label_mode, names or [])

    def loader(part: IndexArray, *, shuffle: bool) -> _DirectoryLoader:
        chosen = [paths[i] for i in part]
        rows = None if targets is None else targets[part]
        source = FileSource(chosen, rows, read=read, shape=(*size, channels), dtype=np.float32)
        return _DirectoryLoader(source, batch_size, shuffle=shuffle, seed=seed, names=names)

    kept, held = _divided(order, validation_split)
    if subset == "both":
        return loader(kept, shuffle=shuffle), loader(held, shuffle=False)
    return loader(held if subset == "validation" else kept, shuffle=shuffle)


class _DirectoryLoader(Loader):
    """A loader that names its files and classes."""

    def __init__(
        self,
        source: FileSource,
        batch_size: int,
        *,
        shuffle: bool,
        seed: int,
        names: list[str] | None,
    ) -> None:
        super().__init__(source, batch_size, shuffle=shuffle, seed=seed)
        self.class_names = names
        self.file_paths = list(source.paths)


def _check_words(color_mode: str, label_mode: str | None) -> None:
    _check.choice(_PLACE, "color_mode", color_mode, _CHANNELS)
    if label_mode is not None:
        _check.choice(_PLACE, "label_mode", label_mode, ("int", "categorical", "binary"))


def _check_split(share: float | None, subset: str | None, changing: bool) -> None:
    if subset is not None:
        _check.choice(_PLACE, "subset", subset, ("training", "validation", "both"))
    if (share is None) != (subset is None):
        rule = "be given together with `validation_split`, or neither"
        _check.fail(_PLACE, "subset", rule, subset, f"Got validation_split={share!r}.")
    if share is None:
        return
    if _check.fraction(_PLACE, "validation_split", share) == 0:
        _check.fail(_PLACE, "validation_split", "be above 0", share, "Leave it out to use all.")
    if changing:
        rule = "be given where shuffled files are split, so that the parts do not overlap"
        _check.fail(_PLACE, "seed", rule, None, "For example seed=0, the same in both calls.")


def _divided(order: IndexArray, share: float | None) -> tuple[IndexArray, IndexArray]:
    """The first and the last files; the last are int(share * n), at least one."""
    held = int((share or 0.0) * len(order))
    if share is not None and held == 0:
        rule = f"leave at least one of the {len(order)} files for validation"
        _check.fail(_PLACE, "validation_split", rule, share)
    return order[: len(order) - held], order[len(order) - held :]


def _index(
    root: str,
    labels: str | Sequence[int] | None,
    *,
    class_names: Sequence[str] | None,
    follow_links: bool,
) -> tuple[list[str], npt.NDArray[np.int64] | None, list[str] | None]:
    """Files, class numbers and class names, in Keras' order."""
    if labels is not None and isinstance(labels, str):
        _check.choice(_PLACE, "labels", labels, ("inferred",))
        return _by_class(root, class_names, follow_links)
    if class_names is not None:
        rule = 'be left out unless labels="inferred" and label_mode is given'
        _check.fail(_PLACE, "class_names", rule, class_names)
    paths = _pictures(root, follow_links)
    if not paths:
        _no_pictures(root)
    if labels is None:
        return paths, None, None
    numbers = np.asarray(labels)
    if numbers.shape != (len(paths),) or numbers.dtype.kind not in "iu":
        rule = f"hold one class number for each of the {len(paths)} files"
        got = f"{numbers.dtype.name} of shape {numbers.shape}"
        _check.fail(_PLACE, "labels", rule, got)
    return paths, numbers.astype(np.int64), [str(label) for label in np.unique(numbers)]


def _by_class(
    root: str, class_names: Sequence[str] | None, follow_links: bool
) -> tuple[list[str], npt.NDArray[np.int64], list[str]]:
    folders = sorted(e.name for e in os.scandir(root) if e.is_dir() and e.name[0] != ".")
    names = folders if class_names is None else list(class_names)
    for name in names:
        if name not in folders:
            near = ", ".join(f'"{folder}"' for folder in _check.nearest(name, folders))
            rule = "name folders of the directory"
            _check.fail(_PLACE, "class_names", rule, name, f"Nearest: {near}.")
    parts = [_pictures(os.path.join(root, name), follow_links) for name in names]
    if not any(parts):
        _no_pictures(root)
    numbers = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return [path for part in parts for path in part], numbers, names


def _no_pictures(root: str) -> NoReturn:
    got = f"no file that ends with {', '.join(_SUFFIXES)}"
    fix = "Name the folder that holds the class folders."
    _check.data_fail(f'Folder "{root}"', "hold pictures", got, fix)


def _pictures(root: str, follow_links: bool) -> list[str]:
    """Pictures below a folder, by the path of their folder, then by name; no folder twice."""
    found: list[tuple[str, list[str]]] = []
    seen: set[str] = set()
    for folder, below, files in os.walk(root, followlinks=follow_links):
        if os.path.realpath(folder) in seen:
            below.clear()
            continue
        seen.add(os.path.realpath(folder))
        found.append((folder, sorted(name for name in files if name.lower().endswith(_SUFFIXES))))
    return [os.path.join(folder, name) for folder, files in sorted(found) for name in files]


def _encoded(
    numbers: npt.NDArray[np.int64], label_mode: str | None, names: list[str]
) -> npt.NDArray[Any]:
    if label_mode == "categorical":
        if not 0 <= numbers.min() <= numbers.max() < len(names):
            rule = f"be class numbers from 0 to {len(names) - 1}, as there are {len(names)} classes"
            got = f"{numbers.min()} to {numbers.max()}"
            _check.fail(_PLACE, "labels", rule, got, 'Number them from 0, or use label_mode="int".')
        return np.eye(len(names), dtype=np.float32)[numbers]
    if label_mode == "binary":
        if len(names) != 2:
            rule = 'be "int" or "categorical" unless there are exactly 2 classes'
            _check.fail(_PLACE, "label_mode", rule, label_mode, f"There are {len(names)} classes.")
        return numbers.astype(np.float32)[:, None]
    return numbers.astype(np.int32)


def _read(
    path: str, *, channels: int, size: tuple[int, int], interpolation: str, keep: str
) -> npt.NDArray[np.float32]:
    """One picture as Keras reads it: float32, resized without antialiasing, not rounded."""
    x = torch.from_numpy(decode(path, channels=channels).astype(np.float32))[None]
    if keep:
        x = crop_to_ratio(x, size) if keep == "crop" else pad_to_ratio(x, size)
    return cast(npt.NDArray[np.float32], resize(x, size, interpolation=interpolation)[0].numpy())
