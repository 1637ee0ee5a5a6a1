import pytest
from benchmarks.results import Cell, Curve, Line, Measured, Row, Target, read
from hypothesis import given
from hypothesis import strategies as st

RATES = Cell(
    "S1",
    [
        Measured("striate", [200.0, 300.0, 400.0], "97.0%", True),
        Measured("fast", [100.0, 100.0, 400.0]),
        Measured("slow", [50.0, 60.0, 70.0]),
        Measured("absent", note="ended with 1"),
    ],
    "pictures/s",
)
positive = st.floats(1e-3, 1e6)


def test_a_ratio_is_the_median_of_the_rounds_own():
    assert RATES.ratio("striate", "fast") == 2.0  # of 2, 3 and 1; the medians' would be 3
    assert RATES.ratio("striate", "absent") is None
    assert RATES.ratio("striate", "nobody") is None


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=9))
def test_a_time_and_the_rate_of_it_have_one_ratio(pairs):
    ours, theirs = (list(each) for each in zip(*pairs, strict=True))
    times = Cell("t", [Measured("a", ours), Measured("b", theirs)], "s", more_is_better=False)
    rates = [Measured(m.contender, [1 / each for each in m.samples]) for m in times.measured]
    assert times.ratio("a", "b") == pytest.approx(Cell("r", rates, "1/s").ratio("a", "b"))


def test_a_target_is_held_against_the_best_of_the_peers():
    cells = [RATES]
    assert Target("S1", "striate", ["slow", "fast"], 1.5).reached(cells) == 2.0
    assert Target("S1", "striate", ["absent"], 1.5).reached(cells) is None
    assert Target("S2", "striate", ["fast"], 1.5).reached(cells) is None


def test_a_row_comes_back_from_its_file(tmp_path):
    row = Row(
        "training", "Training", "What.", {"threads": 2}, [RATES],
        [Target("S1", "striate", ["fast"], None)],
        [Curve("an epoch", "pictures", "s", [Line("striate", [1, 2], [0.1, 0.2])], 1.05)],
    )  # fmt: skip
    row.write(tmp_path / "new" / "training.json")
    assert read(tmp_path / "new" / "training.json") == row


def test_ours_meets_no_target_without_its_gate_and_a_peer_counts_without():
    measured = [
        Measured("striate", [200.0], passed=True),
        Measured("fast", [100.0], passed=False),
        Measured("slow", [50.0], passed=True),
        Measured("wrong", [900.0], passed=False),
    ]
    cells = [Cell("S1", measured, "pictures/s")]
    assert Target("S1", "striate", ["slow", "fast"], 1.5).reached(cells) == 2.0
    assert not Target("S1", "striate", ["slow"], 1.5).failed(cells)
    assert Target("S1", "wrong", ["slow"], 1.5).failed(cells)
