"""Training: one step, the loop over steps, and who is told. Knows any module and any batches."""

from . import callbacks
from .checkpoint import Checkpoint
from .criterion import Criterion
from .decay import norms_and_biases
from .ema import WeightAverage
from .history import History
from .lr_find import LearningRateSweep, lr_find
from .memory import keep_memory
from .step import TrainStep

__all__ = [
    "Checkpoint",
    "Criterion",
    "History",
    "LearningRateSweep",
    "TrainStep",
    "WeightAverage",
    "callbacks",
    "keep_memory",
    "lr_find",
    "norms_and_biases",
]
