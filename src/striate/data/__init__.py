"""From arrays and folders of pictures to batches: sources, orders, loaders."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from striate.data import doctor
    from striate.data.balance import Balance
    from striate.data.boxes import Box, BoxTable
    from striate.data.cache import CachedPictures, cached_pictures, remove_cached
    from striate.data.files import FileSource
    from striate.data.formats import FORMATS, open_index, read_class_folders, read_splits
    from striate.data.group_split import class_counts, joined_groups, share_out
    from striate.data.index import PictureIndex
    from striate.data.loader import Loader
    from striate.data.order import permutation, sequential
    from striate.data.paths import PathList
    from striate.data.picture_source import PictureSource
    from striate.data.pictures import fit_picture, read_picture
    from striate.data.ragged import Ragged
    from striate.data.source import ArraySource, Source
    from striate.data.split import stratified_split
    from striate.data.subset import Subset

__all__ = [
    "FORMATS",
    "ArraySource",
    "Balance",
    "Box",
    "BoxTable",
    "CachedPictures",
    "FileSource",
    "Loader",
    "PathList",
    "PictureIndex",
    "PictureSource",
    "Ragged",
    "Source",
    "Subset",
    "cached_pictures",
    "class_counts",
    "doctor",
    "fit_picture",
    "joined_groups",
    "open_index",
    "permutation",
    "read_class_folders",
    "read_picture",
    "read_splits",
    "remove_cached",
    "sequential",
    "share_out",
    "stratified_split",
]

_FROM = {
    "ArraySource": "source",
    "Balance": "balance",
    "Box": "boxes",
    "BoxTable": "boxes",
    "CachedPictures": "cache",
    "FORMATS": "formats",
    "FileSource": "files",
    "Loader": "loader",
    "PathList": "paths",
    "PictureIndex": "index",
    "PictureSource": "picture_source",
    "Ragged": "ragged",
    "Source": "source",
    "Subset": "subset",
    "cached_pictures": "cache",
    "class_counts": "group_split",
    "fit_picture": "pictures",
    "joined_groups": "group_split",
    "open_index": "formats",
    "permutation": "order",
    "read_class_folders": "formats",
    "read_picture": "pictures",
    "read_splits": "formats",
    "remove_cached": "cache",
    "sequential": "order",
    "share_out": "group_split",
    "stratified_split": "split",
}
"""Where a name lives: name -> the file."""


def __getattr__(name: str) -> Any:
    """What is asked for is imported then: who trains on arrays needs no decoder of pictures."""
    if name not in __all__:
        raise AttributeError(f"module 'striate.data' has no attribute {name!r}")
    file = importlib.import_module(f"striate.data.{_FROM.get(name, name)}")
    found = getattr(file, name) if name in _FROM else file
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
