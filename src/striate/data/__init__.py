"""From arrays and folders of pictures to batches: sources, orders, loaders."""

from striate.data.files import FileSource
from striate.data.formats import FolderIndex, read_class_folders, read_splits
from striate.data.loader import Loader
from striate.data.order import permutation, sequential
from striate.data.pictures import PictureSource, fit_picture, read_picture
from striate.data.source import ArraySource, Source
from striate.data.split import stratified_split

__all__ = [
    "ArraySource",
    "FileSource",
    "FolderIndex",
    "Loader",
    "PictureSource",
    "Source",
    "fit_picture",
    "permutation",
    "read_class_folders",
    "read_picture",
    "read_splits",
    "sequential",
    "stratified_split",
]
