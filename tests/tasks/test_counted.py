"""Numbers of things in words."""

from striate.tasks.counted import counted


def test_one_and_several():
    assert [counted(n, "step") for n in (0, 1, 2, 1200)] == [
        "0 steps",
        "1 step",
        "2 steps",
        "1,200 steps",
    ]
