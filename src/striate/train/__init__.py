"""Training: one step, the loop over steps, and who is told. Knows any module and any batches."""

from . import callbacks
from .criterion import Criterion
from .decay import norms_and_biases
from .ema import WeightAverage
from .history import History
from .memory import keep_memory
from .step import TrainStep

__all__ = [
    "Criterion",
    "History",
    "TrainStep",
    "WeightAverage",
    "callbacks",
    "keep_memory",
    "norms_and_biases",
]
