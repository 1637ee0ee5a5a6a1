"""What a net costs and what fits, before anything runs: memory, compute, the largest batch."""

from .plan import Plan
from .remedy import Remedy
from .row import Row
from .table import compare, lines
from .timeline import Peak, Storage, Timeline

__all__ = ["Peak", "Plan", "Remedy", "Row", "Storage", "Timeline", "compare", "lines"]
