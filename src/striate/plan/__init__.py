"""What a net costs and what fits, before anything runs: memory, compute, the largest batch."""

from .plan import Plan
from .row import Row
from .timeline import Peak, Storage, Timeline

__all__ = ["Peak", "Plan", "Row", "Storage", "Timeline"]
