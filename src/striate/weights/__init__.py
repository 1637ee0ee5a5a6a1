"""What weights are called elsewhere, which net a file is of, and where published ones are.

It knows names, shapes and facts, and no model.
"""

from .catalogue import find_published, published_weights
from .matching import Match, WeightsReport, match_weights
from .name_maps import NameMap
from .records import PublishedWeights

__all__ = [
    "Match",
    "NameMap",
    "PublishedWeights",
    "WeightsReport",
    "find_published",
    "match_weights",
    "published_weights",
]
