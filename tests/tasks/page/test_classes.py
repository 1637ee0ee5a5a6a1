"""The table of the classes and of the confused pairs."""

import re

from striate.tasks.page.classes import class_table, confused_table
from tests.io.test_markup import parsed


def test_every_class_with_its_numbers(answers):
    for several in (False, True):
        scores = answers(several=several).scores()
        text = "".join(class_table(scores))
        words = parsed(text).text
        for each in scores.classes:
            row = f"{each.name}{each.pictures}{each.precision:.3f}{each.recall:.3f}{each.f1:.3f}"
            assert row in words
            if several:
                assert f"{row}{each.average_precision:.3f}" in words
        widths = [float(w) for w in re.findall(r"width:([\d.]+)%", text)]
        best = [each.average_precision if several else each.f1 for each in scores.classes]
        assert widths == [round(100 * value, 1) for value in best]


def test_what_is_unknown_is_a_dash_and_many_classes_are_cut(answers):
    names = [f"c{number}" for number in range(203)]
    text = "".join(class_table(answers(classes=names, n=20).scores()))
    assert "–" in text
    assert "And 3 more: scores.json has them." in text
    assert ">c199<" in text
    assert ">c200<" not in text


def test_the_confused_pairs(answers):
    scores = answers(right=0.5).scores()
    words = parsed(confused_table(scores)).text
    for true, answer, times in scores.most_confused():
        pictures = next(each.pictures for each in scores.classes if each.name == true)
        assert f"{true}{answer}{times}{times / pictures:.1%}" in words
    assert "No picture was taken for another class." in confused_table(answers(right=1.1).scores())
