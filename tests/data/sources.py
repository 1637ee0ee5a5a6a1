"""A source of small pictures, and what it fetches."""

import numpy as np

from striate.data.picture_source import PictureSource
from striate.records import Preprocess

RECORD = Preprocess((24, 32), channels=3)
SIZE = 24 * 32 * 3


def source_of(paths, **options):
    return PictureSource(paths, np.arange(len(paths)), preprocess=RECORD, **options)


def fetched(source, indices=None):
    return source.fetch(np.arange(len(source)) if indices is None else np.array(indices))[0].numpy()
