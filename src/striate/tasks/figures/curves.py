"""Loss and accuracy of each epoch, of training and validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from striate.tasks.figures.canvas import BLUE, INK, ORANGE, plain_axes, sheet

__all__ = ["curves_figure"]


def curves_figure(history: Mapping[str, Sequence[float]], *, title: str) -> Figure:
    """Two panels: the loss and the accuracy over the epochs.

    Args:
        history: "loss", "accuracy" and perhaps "val_loss", "val_accuracy", one number an epoch.
        title: above the panels.
    """
    figure = sheet(10.0, 4.0, title)
    panels = figure.subplots(1, 2)
    for axes, name in zip(panels, ("loss", "accuracy"), strict=True):
        plain_axes(axes, x_label="epoch", y_label=name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        for key, label, colour, style in (
            (name, "training", BLUE, "-"),
            (f"val_{name}", "validation", ORANGE, "--"),
        ):
            values = history.get(key)
            if values:
                epochs = range(1, len(values) + 1)
                text = f"{label}, last {values[-1]:.3f}"
                axes.plot(epochs, values, style, color=colour, marker="o", markersize=3, label=text)
        if axes.lines:
            axes.legend(frameon=False, fontsize=9, labelcolor=INK)
    return figure
