"""A page: valid, closed in itself, with a policy that lets nothing out."""

import re

from striate.io.markup import element
from striate.io.page import page, section, table
from tests.io.test_markup import parsed


def test_the_policy_forbids_scripts_and_requests():
    seen = parsed(page("t", "x"))
    (policy,) = (a for tag, a in seen.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not [tag for tag, _ in seen.tags if tag in ("script", "link", "iframe", "base")]


def test_the_style_asks_for_nothing_and_knows_dark_and_print():
    style = re.search(r"<style>(.*?)</style>", page("t"), re.DOTALL)[1]
    assert not re.search(r"url\(|@import|@font-face", style)
    assert style.count("{") == style.count("}")
    for words in ("prefers-color-scheme: dark", "@media print", "color-scheme: light dark"):
        assert words in style


def test_every_colour_of_the_style_is_set_in_light_dark_and_print():
    style = page("t")
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        assert used <= set(re.findall(r"(--[\w-]+):", block))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_stand_out_in_light_dark_and_print():
    for block in re.findall(r":root \{(.*?)\}", page("t"), re.DOTALL):
        colours = dict(re.findall(r"(--[\w-]+): (#\w{6})", block))
        for ink in ("--ink", "--muted", "--first", "--second", "--good"):
            for paper in ("--paper", "--card"):
                pair = sorted(luminance(colours[name]) for name in (ink, paper))
                assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (ink, paper)


def test_titles_are_escaped_and_anchors_are_set():
    text = page("<b>", section("a & b", element("p", "x"), anchor="here"))
    seen = parsed(text)
    assert "<title>&lt;b&gt;</title>" in text
    assert ("section", {"id": "here"}) in seen.tags
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')


def test_a_table_has_its_numbers_right_and_its_bars_last():
    made = table(["class", "n", ""], [["a", 1, "x"], ["b", 2, "y"]], numbers=[1], bar=True)
    cells = [(tag, attrs.get("class")) for tag, attrs in parsed(made).tags if tag in ("td", "th")]
    assert cells == [(kind, style) for kind in ("th", "td", "td") for style in (None, "n", "bars")]
