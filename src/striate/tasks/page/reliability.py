"""The reliability diagram: of the answers of some confidence, how many are right."""

from __future__ import annotations

from striate.io.markup import Attributes, Child, Html, element
from striate.tasks.page.axes import Axes
from striate.tasks.scoring.calibration import BINS, Bin, Calibration

__all__ = ["calibration_part", "diagram"]

_SIDE = 340
_HOW = {
    "validation": "fitted on the validation pictures",
    "cross-fitted": "cross-fitted: each fifth of these pictures was scaled with the temperature of "
    "the other four",
}


def calibration_part(found: Calibration) -> list[Child]:
    """Diagrams before and after the temperature, and what they say in words."""
    words = (
        f"Expected calibration error {found.error:.3f} in {BINS} bins: by so much the confidence "
        "and the share of right answers differ, in the mean. "
    )
    if found.temperature is None or found.scaled_error is None:
        words += "No temperature was fitted: that takes 50 pictures with 10 mistakes among them."
    else:
        words += (
            f"Divided by a temperature of {found.temperature:.3f} ({_HOW[found.fitted_on]}), the "
            f"logits give an error of {found.scaled_error:.3f}. No answer changes by it."
        )
    charts = [_figure(found.bins, "as the net answers", found.error)]
    if found.scaled_bins and found.scaled_error is not None:
        charts.append(_figure(found.scaled_bins, "with the temperature", found.scaled_error))
    return [element("p", words), element("div", charts, class_="side")]


def diagram(bins: tuple[Bin, ...], title: str) -> Html:
    """Bars of the share that is right, and a line of how sure the net was.

    Args:
        bins: of the confidences.
        title: for those who cannot see it.
    """
    axes = Axes(_SIDE + 90, _SIDE, (0.0, 1.0), (0.0, 1.0), "confidence", "share that is right")
    most = max(each.count for each in bins)
    drawn: list[Html] = []
    for each in bins:
        if each.share is None or each.confidence is None:
            continue
        left, top = axes.at(each.low, each.share)
        right, floor = axes.at(each.high, 0.0)
        text = (
            f"{each.low:.2f} to {each.high:.2f}: {each.count:,} answers, {each.confidence:.1%} "
            f"sure, {each.share:.1%} right"
        )
        box: Attributes = {
            "x": left + 1,
            "y": top,
            "width": right - left - 2,
            "height": floor - top,
        }
        weight = 0.35 + 0.65 * each.count / most
        bar = element("rect", element("title", text), class_="fill", fill_opacity=weight, **box)
        x, y = axes.at(each.confidence, each.confidence)
        drawn += [bar, element("circle", cx=x, cy=y, r=3, class_="gap")]
    ideal = element("polyline", points=axes.path([(0, 0), (1, 1)]), class_="line second dashed")
    return axes.chart(title, axes.frame(), drawn, ideal)


def _figure(bins: tuple[Bin, ...], label: str, error: float) -> Html:
    title = f"Reliability {label}, expected calibration error {error:.3f}"
    caption = [
        element("b", f"{label[0].upper()}{label[1:]}: error {error:.3f}"),
        element("small", "Darker bars hold more answers; on the dashed line lies perfect trust."),
    ]
    return element("figure", diagram(bins, title), element("figcaption", caption))
