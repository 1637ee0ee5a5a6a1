"""HTML that is escaped by construction: text is text unless an element made it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

__all__ = ["Attributes", "Child", "Html", "element", "join"]

_EMPTY = {"meta", "img", "br"}
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_DELETE = 0x7F


class Html(str):
    """Text that is HTML already. Only `element` and `join` make it from other text."""

    __slots__ = ()


Child: TypeAlias = "Html | str | int | Iterable[Child] | None"
"""What stands in an element: HTML as it is, other text escaped, None as nothing."""

Attributes: TypeAlias = "dict[str, str | float | bool | None]"
"""Attributes that are made before their element."""


def element(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Html:
    """An element with its attributes and what stands in it.

    Args:
        name: of the element.
        children: HTML, text and numbers, or lists of such; text is escaped.
        attributes: `class_` is class and `font_size` is font-size; True is an attribute without a
            value, None and False are left out.

    Example:
        >>> print(element("td", "a < b", class_="n", title='"c"'))
        <td class="n" title="&quot;c&quot;">a &lt; b</td>
    """
    words = [name]
    for key, value in attributes.items():
        plain = key.rstrip("_").replace("_", "-")
        if value is True:
            words.append(plain)
        elif value is not None and value is not False:
            words.append(f'{plain}="{_escaped(_text(value))}"')
    head = f"<{' '.join(words)}>"
    return Html(head if name in _EMPTY else f"{head}{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Html:
    """Several children one after the other.

    Example:
        >>> print(join(["1 & 2", element("b", "3"), None, ["4", 5]]))
        1 &amp; 2<b>3</b>45
    """
    return Html("".join(map(_child, children)))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str | int):
        return _escaped(str(child))
    return join(child)


def _text(value: str | float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _escaped(text: str) -> str:
    """Text for a page: what HTML cannot hold, of names that are no text, is shown as signs."""
    return html.escape(_UNSEEN.sub(_sign, text))


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == _DELETE:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"
