"""A page in one file: its style inside, no script, nothing asked from elsewhere.

Its content policy forbids scripts and every request, so that a name in the data that is written
to do harm does none, wherever the page is opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from striate.io.markup import Child, Html, element

__all__ = ["page", "section", "table"]

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f7f8fa; --ink: #1d2433; --muted: #5f6b7c; --line: #dfe3e9;
  --first: #0072b2; --second: #b84a00; --on-first: #ffffff; --good: #00704f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #13161b; --card: #1b2027; --ink: #e7eaf0; --muted: #9aa5b5; --line: #303742;
    --first: #56b4e9; --second: #f39a5f; --on-first: #0b1118; --good: #4fc79b;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 64rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-top: 1rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
.muted, figcaption small { color: var(--muted); }
.note { background: var(--card); border-left: .25rem solid var(--second); padding: .5rem 1rem;
  max-width: 46rem; }
nav { font-size: .9rem; margin: 1rem 0; }
nav a { margin-right: 1rem; white-space: nowrap; }
a { color: var(--first); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem;
  margin: 1.25rem 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .75rem 1rem; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.3; font-weight: 650; }
.tiles.small { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); }
.small .tile b { font-size: 1.35rem; }
.tile span { display: block; font-size: .85rem; color: var(--muted); }
.side { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
.side > * { flex: 1 1 20rem; min-width: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; max-width: 30rem; overflow-wrap: break-word; unicode-bidi: isolate; }
th { font-weight: 600; color: var(--muted); white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
.bar { display: block; height: .6rem; margin-top: .45rem; min-width: 1px; border-radius: .15rem;
  background: var(--first); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bars { width: 35%; }
table.full { width: 100%; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin: 0;
  padding: .75rem 1rem; overflow-x: auto; font-size: .85rem; line-height: 1.45; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr));
  gap: 1rem; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
.gallery img { width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--card);
  border: 1px solid var(--line); border-radius: .4rem; }
img.pixels { image-rendering: pixelated; }
img.sheet { max-width: 100%; height: auto; border-radius: .4rem; }
figcaption { font-size: .85rem; line-height: 1.35; margin-top: .3rem; overflow-wrap: anywhere;
  unicode-bidi: isolate; }
figcaption b, figcaption span, figcaption small { display: block; unicode-bidi: isolate; }
.wrong { color: var(--second); } .right { color: var(--good); }
.key { display: inline-block; width: 1.8rem; vertical-align: middle; border-top: 2px solid; }
.key.first { color: var(--first); } .key.second { color: var(--second); }
.key.dashed { border-top-style: dashed; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
svg .tick { fill: var(--muted); font-size: 11px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .first { stroke: var(--first); } svg .second { stroke: var(--second); }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg .dashed { stroke-dasharray: 5 3; }
svg .fill { fill: var(--first); } svg .gap { fill: var(--second); }
svg .on { fill: var(--on-first); }
@media print {
  :root { --paper: #ffffff; --card: #ffffff; --ink: #000000; --muted: #444444; --line: #bbbbbb;
    --first: #0072b2; --second: #b84a00; --on-first: #ffffff; --good: #00704f; }
  body { padding: 0; max-width: none; font-size: 11pt; }
  nav { display: none; }
  h2, h3, h2 + p { break-after: avoid; }
  .gallery { grid-template-columns: repeat(5, 1fr); }
  tr, .tile, svg { break-inside: avoid; }
  pre { white-space: pre-wrap; }
  .wide { overflow: visible; }
}
"""


def page(title: str, *children: Child) -> str:
    """The whole text of an HTML file.

    Args:
        title: of the page.
        children: what stands on it, such as `section`s.

    Example:
        >>> page("<1>", element("p", "2 > 1")).count("&lt;1&gt;")
        1
    """
    policy = {"http-equiv": "Content-Security-Policy"}
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", content=_POLICY, **policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Html(_STYLE)),
    )
    whole = element("html", head, "\n", element("body", children), "\n", lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"


def section(title: str, *children: Child, anchor: str) -> Html:
    """A part of a page with its heading.

    Args:
        title: the heading.
        children: what follows it.
        anchor: its name in the page's own links.
    """
    return element("section", element("h2", title), children, "\n", id=anchor)


def table(
    head: Sequence[Child],
    rows: Sequence[Sequence[Child]],
    *,
    numbers: Sequence[int] = (),
    bar: bool = False,
) -> Html:
    """A table.

    Args:
        head: the names of the columns.
        rows: the cells.
        numbers: the columns that are flush right.
        bar: whether the last column holds bars, and takes the room that is left.

    Example:
        >>> table(["class", "n"], [["a<b", 12]], numbers=[1]).count('class="n"')
        2
    """

    def row(cells: Sequence[Child], kind: str) -> Html:
        last = len(cells) - 1
        styles = ["n" if number in numbers else None for number in range(len(cells))]
        if bar:
            styles[last] = "bars"
        made = [element(kind, c, class_=style) for c, style in zip(cells, styles, strict=True)]
        return element("tr", made)

    body = [element("thead", row(head, "th")), element("tbody", [row(r, "td") for r in rows])]
    whole = element("table", body, class_="full" if bar else None)
    return element("div", whole, class_="wide")
