"""From arrays and folders of pictures to batches: sources, orders, loaders."""

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
