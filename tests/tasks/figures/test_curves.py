"""The curves that are drawn are the history."""

import pytest

from striate.tasks.figures import curves_figure, png

HISTORY = {
    "loss": [2.0, 1.0, 0.5],
    "accuracy": [0.3, 0.6, 0.8],
    "val_loss": [2.1, 1.4, 1.2],
    "val_accuracy": [0.2, 0.5, 0.6],
}


def test_each_line_is_its_numbers():
    figure = curves_figure(HISTORY, title="run-1")
    assert figure.get_suptitle() == "run-1"
    for axes, name in zip(figure.axes, ("loss", "accuracy"), strict=True):
        training, validation = axes.lines
        assert training.get_xdata().tolist() == [1, 2, 3]
        assert training.get_ydata().tolist() == HISTORY[name]
        assert validation.get_ydata().tolist() == HISTORY[f"val_{name}"]
        assert training.get_color() != validation.get_color()
        assert training.get_linestyle() != validation.get_linestyle()  # told apart without colour
        texts = [text.get_text() for text in axes.get_legend().get_texts()]
        assert texts == [
            f"training, last {HISTORY[name][-1]:.3f}",
            f"validation, last {HISTORY[f'val_{name}'][-1]:.3f}",
        ]


@pytest.mark.parametrize("history", [{}, {"loss": [1.0], "accuracy": [0.5]}])
def test_what_is_missing_is_left_out(history):
    figure = curves_figure(history, title="")
    assert [len(axes.lines) for axes in figure.axes] == [len(history) // 2] * 2
    assert png(figure)
