"""The reliability diagram shows the bins, and the words say how the temperature came."""

import re

import numpy as np

from striate.tasks.page.reliability import calibration_part, diagram
from striate.tasks.scoring.calibration import calibrate


def test_a_bar_for_each_bin_that_has_answers(answers):
    said = answers(n=400)
    found = calibrate(said.probabilities, said.truth, part="test")
    filled = [each for each in found.bins if each.count]
    text = diagram(found.bins, "<t>")
    assert text.count("<rect") == len(filled)
    for each in filled:
        assert f"{each.count:,} answers, {each.confidence:.1%} sure" in text
    heights = [float(h) for h in re.findall(r'height="([\d.]+)"', text)]
    shares = [each.share for each in filled]
    tallest = max(heights)
    assert np.allclose(np.array(heights) / tallest, np.array(shares) / max(shares), atol=0.01)
    assert "<title>&lt;t&gt;</title>" in text


def test_the_words_say_how_the_temperature_came(answers):
    said, other = answers(n=400), answers(n=300)
    fit = (other.probabilities, other.truth)
    for found, words in (
        (calibrate(said.probabilities, said.truth, part="test"), "cross-fitted: each fifth"),
        (calibrate(said.probabilities, said.truth, part="test", fit=fit), "on the validation"),
    ):
        text = "".join(calibration_part(found))
        assert words in text
        assert f"temperature of {found.temperature:.3f}" in text
        assert text.count("<svg") == 2
    few = calibrate(said.probabilities[:9], said.truth[:9], part="test")
    text = "".join(calibration_part(few))
    assert "No temperature was fitted" in text
    assert text.count("<svg") == 1
