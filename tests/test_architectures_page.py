"""docs/architectures.md: the table is the one of the nets that there are."""

from pathlib import Path

from striate.architectures import list_architectures

PAGE = Path(__file__).resolve().parents[1] / "docs" / "architectures.md"
HEAD = ("net", "year", "input", "parameters", "multiply-adds", "dialects", "paper")


def lines(rows):
    """The table in Markdown."""
    yield f"| {' | '.join(HEAD)} |"
    yield "| --- | --- | --- | ---: | ---: | --- | --- |"
    for row in rows:
        cells = [
            f"`{row.name}`",
            str(row.year),
            " × ".join(map(str, row.input_shape)),
            f"{row.parameters:,}",
            f"{row.multiply_adds:,}",
            ", ".join(row.dialects),
            row.paper,
        ]
        yield f"| {' | '.join(cells)} |"


def test_the_table_has_every_net():
    text = PAGE.read_text(encoding="utf-8")
    written = text[text.index(f"| {HEAD[0]} |") :].strip().splitlines()
    assert written == list(lines(list_architectures()))
