"""The drawn matrix is the counted one."""

import re

import numpy as np
import pytest

from striate.tasks.page.confusion import confusion_drawing


def test_numbers_shades_and_words_are_the_counts(answers):
    scores = answers(n=300).scores()
    text = confusion_drawing(scores)
    shown = re.findall(
        r"<title>(\w+) (?:taken for (\w+)|recognised): ([\d,]+) \((\d+)%\)</title></rect>", text
    )
    names = [each.name for each in scores.classes]
    found = np.zeros((3, 3), int)
    for true, answer, number, _ in shown:
        found[names.index(true), names.index(answer or true)] = int(number)
    assert np.array_equal(found, scores.confusion)
    opacities = [float(x) for x in re.findall(r'fill-opacity="([\d.]+)"', text)]
    shares = np.array(scores.confusion) / np.sum(scores.confusion, axis=1, keepdims=True)
    assert opacities == pytest.approx(shares[shares > 0].ravel(), rel=1e-5)
    assert sorted(re.findall(r'pointer-events="none"[^>]*>(\d+)<', text)) == sorted(
        str(n) for n in np.ravel(scores.confusion) if n
    )


@pytest.mark.parametrize(
    ("count", "numbered", "named", "drawn"),
    [
        (25, True, True, True),
        (26, False, True, True),
        (61, False, False, True),
        (151, False, False, False),
    ],
)
def test_many_classes_lose_numbers_names_and_the_drawing(answers, count, numbered, named, drawn):
    names = [f"class{number}x" for number in range(count)]
    text = confusion_drawing(answers(classes=names, n=900).scores())
    assert ('pointer-events="none"' in text) == numbered
    assert (">class0x</text>" in text) == named
    assert ("<svg" in text) == drawn


def test_long_names_are_cut(answers):
    text = confusion_drawing(answers(classes=["x" * 50, "b"]).scores())
    assert f">{'x' * 19}…</text>" in text
