"""The listings of the texts as runnable files, and the numbers that the texts print."""

from .check import check
from .claims import CLAIMS
from .listing import Finished, Listing
from .replacements import REPLACEMENTS, Replacement
from .row import Claim, Row
from .table import LISTINGS

__all__ = [
    "CLAIMS",
    "LISTINGS",
    "REPLACEMENTS",
    "Claim",
    "Finished",
    "Listing",
    "Replacement",
    "Row",
    "check",
]
