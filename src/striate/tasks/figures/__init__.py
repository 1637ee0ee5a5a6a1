"""The pictures of a run, as PNG files: curves, confusion, mistakes, features, batches, sweeps.

Drawn by matplotlib's Figure objects on an Agg canvas: no window, no pyplot, no global state.
"""

from striate.tasks.figures.batch import batch_figure
from striate.tasks.figures.canvas import png
from striate.tasks.figures.confusion import confusion_figure
from striate.tasks.figures.curves import curves_figure
from striate.tasks.figures.features import features_figure
from striate.tasks.figures.lr_find import lr_find_figure
from striate.tasks.figures.mistakes import mistakes_figure
from striate.tasks.figures.receptive_field import receptive_field_figure

__all__ = [
    "batch_figure",
    "confusion_figure",
    "curves_figure",
    "features_figure",
    "lr_find_figure",
    "mistakes_figure",
    "png",
    "receptive_field_figure",
]
