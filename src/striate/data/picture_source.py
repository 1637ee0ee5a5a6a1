"""Picture files as a source: decoded and fitted once, by threads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from striate import _check
from striate.data.files import MEMORY_LIMIT_BYTES, FileSource
from striate.data.pictures import read_picture
from striate.records import Preprocess

__all__ = ["PictureSource"]


class PictureSource(FileSource):
    """Picture files, decoded and fitted by threads when they are first fetched.

    Where all fitted pictures together take no more than a limit, each file is read once, and later
    epochs come from memory.

    Args:
        paths: one file a sample.
        targets: one row a sample, in any structure that `ArraySource` takes; None to predict.
        preprocess: with `size` and `channels`; its scale, mean, std and order are not applied.
        weights: weight of each sample in the loss; None for 1 each.
        memory_limit_bytes: greatest size of all fitted pictures that is kept; 0 keeps none.
            Default 1 GiB.

    Raises:
        ArgumentError: preprocess names no size or no channels.
        ShapeError: no path, or targets or weights of another length.
        DataError: from `fetch`: a file cannot be decoded; it is named.

    Example:
        >>> import PIL.Image
        >>> PIL.Image.new("RGB", (40, 30), (255, 0, 0)).save("red.png")
        >>> source = PictureSource(["red.png"], [3], preprocess=Preprocess((2, 2), channels=3))
        >>> images, targets, _ = source.fetch(np.array([0]))
        >>> images.shape, images.dtype, targets
        (torch.Size([1, 2, 2, 3]), torch.uint8, tensor([3]))
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        targets: Any = None,
        *,
        preprocess: Preprocess,
        weights: Any = None,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        if preprocess.size is None or preprocess.channels is None:
            rule = "name size and channels: the pictures of a batch are of one shape"
            fix = "For example Preprocess(size=(128, 128), channels=3)."
            _check.fail("PictureSource", "preprocess", rule, preprocess, fix)
        self.preprocess = preprocess
        super().__init__(
            paths,
            targets,
            read=lambda path: read_picture(path, preprocess),
            shape=(*preprocess.size, preprocess.channels),
            weights=weights,
            memory_limit_bytes=memory_limit_bytes,
        )
