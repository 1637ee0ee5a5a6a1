"""From arrays and folders of pictures to batches: sources, orders, loaders."""

from striate.data.loader import Loader
from striate.data.order import permutation, sequential
from striate.data.source import ArraySource, Source

__all__ = ["ArraySource", "Loader", "Source", "permutation", "sequential"]
