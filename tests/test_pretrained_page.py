"""docs/pretrained.md: the table is the one of the records that there are."""

from pathlib import Path

from striate.weights.catalogue import published_weights
from striate.weights.records import Hub, Web

PAGE = Path(__file__).resolve().parents[1] / "docs" / "pretrained.md"
HEAD = ("net", "weights", "dialect", "side", "top 1", "top 5", "licence", "hash", "from")


def lines(records):
    """The table in Markdown, a line a file with a classifier."""
    yield f"| {' | '.join(HEAD)} |"
    yield "| --- | --- | --- | ---: | ---: | ---: | --- | --- | --- |"
    for record in records:
        if not record.include_top:
            continue
        scores = ["" if each is None else f"{each:.1%}" for each in (record.top1, record.top5)]
        known = "stated by the hub" if isinstance(record.place, Hub) else str(record.digest or "")
        if isinstance(record.place, Web) and record.digest is None:
            known = "stated by the server"
        cells = [
            f"`{record.architecture}`",
            f"`{record.full_name}`",
            record.dialect,
            str(record.preprocess.size[0]),
            *scores,
            record.licence,
            known[:20],
            f"[origin]({record.recipe})",
        ]
        yield f"| {' | '.join(cells)} |"


def test_the_table_has_every_file():
    text = PAGE.read_text(encoding="utf-8")
    written = text[text.index(f"| {HEAD[0]} |") :].strip().splitlines()
    assert written == list(lines(published_weights()))
