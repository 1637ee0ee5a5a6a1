"""Text never becomes HTML: payloads that are written to do harm are read back as text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.io.markup import Html, element, join

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></table><iframe src=javascript:alert(1)>",
    "</style><script>alert(1)</script>",
    "&lt;script&gt;",
    "<!--",
    "]]>",
    "javascript:alert(1)",
]


class Seen(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def parsed(text):
    seen = Seen()
    seen.feed(text)
    seen.close()
    return seen


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_stays_text_and_attribute(payload):
    seen = parsed(element("td", payload, title=payload))
    assert seen.tags == [("td", {"title": payload})]
    assert seen.text == payload


@given(st.text(), st.text())
def test_any_text_comes_back(text, value):
    seen = parsed(element("p", text, title=value))
    assert [tag for tag, _ in seen.tags] == ["p"]
    shown = "".join(c for c in text if c.isprintable() and c != "\ufffd")
    assert "".join(c for c in seen.text if c in shown) == shown


def test_what_a_page_cannot_hold_is_shown_as_a_sign():
    assert element("p", "a\0b\x1bc\x7fd\udcffe\nf") == "<p>a␀b␛c␡d\ufffde\nf</p>"
    element("p", "\udcff").encode()


def test_html_stays_html_and_lists_are_joined():
    inner = element("b", "1 < 2")
    assert inner == "<b>1 &lt; 2</b>"
    assert isinstance(inner, Html)
    assert element("p", [inner, " & ", [3, None]]) == "<p><b>1 &lt; 2</b> &amp; 3</p>"
    assert join(["<", inner]) == "&lt;<b>1 &lt; 2</b>"


def test_attributes():
    made = element("input", class_="a b", font_size=1.5, disabled=True, id=None, hidden=False)
    assert made == '<input class="a b" font-size="1.5" disabled></input>'
    assert element("img", src="x") == '<img src="x">'
