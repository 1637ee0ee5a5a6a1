"""What a net costs and what fits, before anything runs: memory, compute, the largest batch."""

from .calibration import Calibration, Check, Machine
from .free_memory import Memory, free_memory
from .page import report_page, write_page
from .plan import Plan
from .remedy import Remedy
from .report import Report, remedy_lines
from .row import Row
from .step_time import StepTime
from .table import compare, lines
from .timeline import Peak, Storage, Timeline

__all__ = [
    "Calibration",
    "Check",
    "Machine",
    "Memory",
    "Peak",
    "Plan",
    "Remedy",
    "Report",
    "Row",
    "StepTime",
    "Storage",
    "Timeline",
    "compare",
    "free_memory",
    "lines",
    "remedy_lines",
    "report_page",
    "write_page",
]
