from benchmarks import drawing, page
from benchmarks.results import Cell, Curve, Line, Measured, Row, Target

CELL = Cell(
    "S1, batch 64",
    [
        Measured("striate", [100.0, 110.0, 120.0], "97.0%", True),
        Measured("striate bf16", [200.0, 220.0, 240.0], "50.0%", False),
        Measured("peer", [200.0, 55.0, 300.0], "97.1%", True),
        Measured("broken", note="ended with 1"),
    ],
    "pictures/s",
)
ROW = Row(
    "training",
    "Training",
    "What it measures.\n",
    {"threads": 2, "versions": {"torch": "2.13", "keras": "3.15"}},
    [CELL],
    [
        Target(CELL.name, "striate", ["peer"], 1.5),
        Target(CELL.name, "striate bf16", ["peer"], 0.5),
        Target(CELL.name, "striate", ["peer"], None),
        Target(CELL.name, "striate", ["broken"], 2),
        Target(CELL.name, "striate", ["peer"], 0.4),
        Target(CELL.name, "striate", ["peer", "broken"], 0.2),
    ],
    [Curve("an epoch", "pictures", "s", [Line("striate", [1000, 2000], [1.0, 2.0])], 1.05)],
)


def test_what_is_lost_and_what_fails_is_printed_like_what_is_won():
    text = page.section(ROW, "benchmarks")
    for line in (
        "| S1, batch 64 | striate | peer | 1.5 × | 0.50 × | missed |",
        "| S1, batch 64 | striate bf16 | peer | 0.5 × | 1.00 × | gate failed |",
        "| S1, batch 64 | striate | peer |  | 0.50 × |  |",
        "| S1, batch 64 | striate | broken | 2 × | not measured |  |",
        "| S1, batch 64 | striate | peer | 0.4 × | 0.50 × | met |",
        "| S1, batch 64 | striate | best of peer (without broken) | 0.2 × | 0.50 × | met |",
        "| peer | 200 | 55 to 300 | 3 | 0.50 | 1.00 | 97.1% |",
        "| striate bf16 | 220 | 200 to 240 | 3 | 0.50 |  | 50.0% **failed** |",
        "| broken | not measured |  |  |  |  | ended with 1 |",
        "| s by pictures | 1,000 | 2,000 | exponent, at most 1.05 wanted |",
        "| striate | 1 | 2 | 1.00 |",
        "threads: 2.",
        "keras 3.15, torch 2.13.",
    ):
        assert line in text.splitlines()


def test_the_page_keeps_rows_that_were_not_run_now(tmp_path):
    out = tmp_path / "benchmarks.md"
    ROW.write(tmp_path / "benchmarks" / "training.json")
    Row("start", "First result", "W.").write(tmp_path / "benchmarks" / "start.json")
    page.write(out)
    text = out.read_text()
    assert text.index("## Training") < text.index("## First result")


def test_the_drawing_names_who_took_part(tmp_path):
    drawing.draw(ROW, tmp_path / "training.svg")
    text = (tmp_path / "training.svg").read_text()
    assert text.startswith("<?xml")
    for name in ("striate bf16", "peer", "S1, batch 64", "an epoch"):
        assert name in text
    assert "broken" not in text
