"""What weights are called elsewhere, which net a file is of, and where published ones are.

It knows names, shapes and facts, and no model.
"""

from .matching import Match, WeightsReport, match_weights
from .name_maps import NameMap

__all__ = ["Match", "NameMap", "WeightsReport", "match_weights"]
