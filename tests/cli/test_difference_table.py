"""The difference of two runs in lines: every number once, names on one line."""

from striate.cli.difference_table import difference_lines
from striate.tasks.run.run_difference import Change, Pairs, RunDifference


def found(**changes):
    facts = {
        "first": "runs/a",
        "second": "runs/b",
        "same_run": False,
        "settings": (Change("seed", 0, 1),),
        "environment": (Change("torch", "2.8", None),),
        "same_data": True,
        "scores": (Change("accuracy", 0.7, 0.75), Change("micro_f1", None, 0.5)),
        "pairs": Pairs(100, 0, 2, 1, 0.7, 0.75, (0.01, 0.09), ("x\n.png",), (), 69, 30),
        "classes": (Change("cat", 0.5, 1.0),),
    }
    return RunDifference(**{**facts, **changes})


def test_the_lines():
    assert difference_lines(found()) == [
        "first   runs/a",
        "second  runs/b",
        "",
        "data: the same pictures",
        "",
        "setting  first  second",
        "seed     0      1",
        "torch    2.8    -",
        "",
        "score      first  second  difference",
        "accuracy  0.7000  0.7500     +0.0500",
        "micro_f1       -  0.5000           -",
        "",
        "on the 100 pictures of both: 0.7000 and 0.7500, difference +0.0500 "
        "(95 % interval +0.0100 to +0.0900: clear)",
        "left out: 2 only in the second, 1 with another truth",
        "both right 69, both wrong 30",
        "only the second right 1",
        r"  'x\n.png'",
        "only the first right 0",
        "",
        "recall of   first  second  difference",
        "cat        0.5000  1.0000     +0.5000",
    ]


def test_nothing_in_common_and_nothing_changed():
    lines = difference_lines(found(settings=(), environment=(), pairs=None, same_data=None))
    assert "The settings are the same." in lines
    assert "data: not recorded" in lines
    assert any("no picture in common" in line for line in lines)


def test_a_run_beside_itself():
    lines = difference_lines(found(second="runs/../runs/a", same_run=True))
    assert lines == [
        "first   runs/a",
        "second  runs/../runs/a",
        "",
        "They are the same run: nothing differs.",
    ]


def test_runs_that_answer_alike():
    pairs = Pairs(1, 0, 0, 0, 1.0, 1.0, (0.0, 0.0), (), (), 1, 0)
    text = "\n".join(difference_lines(found(pairs=pairs)))
    assert "on the 1 picture of both: 1.0000 and 1.0000, difference +0.0000" in text
    assert "(95 % interval +0.0000 to +0.0000: no picture differs)" in text
    assert "chance" not in text


def test_long_lists_are_cut():
    names = tuple(f"{number}.png" for number in range(15))
    pairs = Pairs(15, 0, 0, 0, 1.0, 0.0, (-1.0, 1.0), (), names, 0, 0)
    classes = tuple(Change(f"c{number}", 1.0, 1.0) for number in range(101))
    lines = difference_lines(found(pairs=pairs, classes=classes))
    assert "  … and 5 more pictures (--json has them all)" in lines
    assert lines[-1] == "  … and 1 more class (--json has them all)"
    assert any("may be chance" in line for line in lines)
