"""A batch of a data set, drawn as a net will see it, before any training."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from striate import _check
from striate.data import PictureIndex, open_index, permutation, read_picture
from striate.data.augment import policy
from striate.data.doctor import refuse_inside
from striate.io.class_numbers import read_class_numbers
from striate.io.new_file import new_file
from striate.records import IGNORED_PIXEL, Batch, Boxes, Masks, Preprocess
from striate.tasks.figures import batch_figure, png
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.picture_data import chosen_preprocess
from striate.tasks.pictures.survey import survey

__all__ = ["seen_batch", "show_batch"]

_MOST = 32
_TITLE = "A batch as the net sees it"


def show_batch(
    data: str | os.PathLike[str],
    file: str | os.PathLike[str],
    *,
    format: str = "auto",
    augment: str = "standard",
    count: int = 16,
    size_px: int | None = None,
    seed: int = 0,
    overwrite: bool = False,
) -> Path:
    """Draws pictures of the part train with their targets, shuffled, fitted and augmented.

    Pictures are fitted as `striate train` fits them; boxes and masks move along.

    Args:
        data: a data set in any format.
        file: PNG that is written, outside the data.
        format: "auto", or one of `striate.data.FORMATS`.
        augment: "none", "light", "standard" or "strong".
        count: how many pictures, 32 at most; where there are boxes or masks 16 are drawn.
        size_px: side. Default: by the pictures.
        seed: of the choice and of the draws.
        overwrite: whether a file that stands there may be replaced.

    Returns:
        the path of the file

    Raises:
        ArgumentError: an argument breaks its rule, the file stands already or lies in the data.
        DataError: the data or one of these pictures cannot be read.
        WeightsError: the file cannot be written.

    Example:
        >>> import PIL.Image
        >>> for name in ("cat/1.png", "dog/2.png"):
        ...     Path("pets", name).parent.mkdir(parents=True)
        ...     PIL.Image.linear_gradient("L").save(Path("pets", name))
        >>> show_batch("pets", "batch.png").name
        'batch.png'
    """
    target = Path(file)
    wanted = _check.positive_int("show_batch", "count", count)
    if wanted > _MOST:
        _check.fail("show_batch", "count", f"be at most {_MOST}", count)
    if target.suffix.lower() != ".png":
        _check.fail("show_batch", "file", "end with .png", str(target))
    refuse_inside("show_batch", "file", target, data)
    if not overwrite and os.path.lexists(target):
        fix = "Name another (--out), or have this one replaced (--overwrite)."
        _check.fail("show_batch", "file", "be a new file", str(target), fix)
    steps = policy(augment)
    options = TrainOptions(size_px=size_px, seed=seed, format=format)
    index = open_index(data, format)["train"]
    numbers = permutation(len(index), seed=options.seed, epoch=0)[:wanted]
    chosen = index.take(numbers)
    preprocess = chosen_preprocess(options, survey(chosen.paths)[0])
    batch = seen_batch(chosen, preprocess, sample_ids=numbers)
    batch = steps(batch, seed=options.seed, epoch=0)
    names = index.class_names or tuple(map(str, range(IGNORED_PIXEL)))
    drawn = png(batch_figure(batch, preprocess, class_names=names, title=_TITLE))
    with new_file(target, overwrite=overwrite) as place:
        place.write_bytes(drawn)
    return target


def seen_batch(
    index: PictureIndex, preprocess: Preprocess, *, sample_ids: npt.NDArray[np.int64]
) -> Batch:
    """Pictures of an index, squashed to one size, with their targets on the same scale.

    Args:
        index: of these pictures alone.
        preprocess: with a size.
        sample_ids: (n,) numbers of the pictures in the data, the key of draws.

    Raises:
        DataError: a picture or mask cannot be read, or a mask's numbers are above 255.
    """
    images = torch.from_numpy(np.stack([read_picture(path, preprocess) for path in index.paths]))
    return Batch(images, _targets(index, images), sample_ids=torch.from_numpy(sample_ids))


def _targets(index: PictureIndex, images: torch.Tensor) -> Any:
    size = (int(images.shape[1]), int(images.shape[2]))
    if index.labels is not None:
        return torch.from_numpy(np.asarray(index.labels, np.int64))
    if index.label_sets is not None:
        rows = torch.zeros(len(index), len(index.class_names))
        for number in range(len(index)):
            rows[number, torch.from_numpy(index.label_sets[number])] = 1.0
        return rows
    if index.masks is not None:
        return Masks(torch.from_numpy(np.stack([_mask(path, size) for path in index.masks])))
    return _boxes(index, size)


def _mask(path: Path, size: Sequence[int]) -> npt.NDArray[np.uint8]:
    """The class number at the centre of each pixel of the fitted picture."""
    numbers = read_class_numbers(path)
    if numbers.max() > IGNORED_PIXEL:
        got, fix = f"numbers up to {numbers.max()}", "striate data check names all such masks."
        _check.data_fail(f'Mask "{path}"', "hold class numbers up to 255", got, fix)
    places = [
        (2 * np.arange(wanted) + 1) * stored // (2 * wanted)
        for stored, wanted in zip(numbers.shape, size, strict=True)
    ]
    fitted: npt.NDArray[np.uint8] = numbers[places[0][:, None], places[1]].astype(np.uint8)
    return fitted


def _boxes(index: PictureIndex, size: Sequence[int]) -> Boxes:
    """Boxes on the scale of the fitted pictures, padded to the same number."""
    table, sizes = index.boxes, index.sizes_px
    if table is None or sizes is None:
        _check.fail("seen_batch", "index", "have labels, boxes or masks", index.kind)
    most = max(1, int(np.diff(table.offsets).max()))
    corners = torch.zeros(len(index), most, 4)
    labels = torch.zeros(len(index), most, dtype=torch.int64)
    valid = torch.zeros(len(index), most, dtype=torch.bool)
    for row in range(len(index)):
        own, (height, width) = table[row], sizes[row]
        count = len(own.labels)
        scale = np.array([size[1] / width, size[0] / height] * 2)
        corners[row, :count] = torch.from_numpy(own.boxes_xyxy * scale).float()
        labels[row, :count] = torch.from_numpy(own.labels)
        valid[row, :count] = True
    return Boxes(corners, labels, valid)
