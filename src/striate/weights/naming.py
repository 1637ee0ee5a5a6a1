"""Templates of names: how a weight here is called in another library, as pairs of words."""

from __future__ import annotations

import functools
import re

__all__ = ["Rules", "covered", "renamed"]

Rules = tuple[tuple[str, str], ...]
"""(a template of our names, the template of theirs), in the order in which they are tried."""

_FIELD = re.compile(r"\{(?:(\d+)\*)?([a-z]\w*)(?::(letter|word))?([+-]\d+)?\}")
_KINDS = {"letter": "[a-z]", "word": r"\w+", None: r"\d+"}


def renamed(name: str, rules: Rules) -> str | None:
    """The other library's name of a weight; None where no rule speaks of it.

    A template of ours holds fields: {b} is a number, {b:letter} one of a, b, c … that stands for
    0, 1, 2 …, {part:word} any word. Theirs holds the same fields, and with numbers of them one
    may count: {b-1}, {2*b+1}. A rule speaks of a whole name, or of all before its last dot. The
    first that speaks counts.

    Args:
        name: of a weight here, "conv2_block1_1_conv.weight".
        rules: pairs of templates.

    Example:
        >>> rules = (("conv{s}_block{b}_{k}_conv", "layer{s-1}.{b-1}.conv{k}"),)
        >>> renamed("conv2_block1_3_conv.weight", rules)
        'layer1.0.conv3.weight'
    """
    layer, dot, last = name.rpartition(".")
    for ours, theirs in rules:
        for text, ending in ((name, ""), (layer, dot + last)):
            found = _pattern(ours).fullmatch(text) if text else None
            if found is not None:
                return _filled(theirs, _values(ours, found)) + ending
    return None


def covered(name: str, rules: Rules) -> bool:
    """Whether another library's name may be the right side of a rule.

    Example:
        >>> covered("layer1.0.conv3.weight", (("c{s}_{b}_{k}", "layer{s-1}.{b-1}.conv{k}"),))
        True
    """
    return _covering(rules).fullmatch(name) is not None


@functools.lru_cache(maxsize=1024)
def _covering(rules: Rules) -> re.Pattern[str]:
    """What the right sides match, with the last part of a name behind them or without."""
    sides = {_expression(theirs, words=_words(ours)) for ours, theirs in rules}
    plain = "|".join(re.sub(r"\(\?P<\w+>", "(?:", side) for side in sorted(sides))
    return re.compile(rf"(?:{plain})(?:\.[^.]*)?")


@functools.lru_cache(maxsize=4096)
def _pattern(template: str) -> re.Pattern[str]:
    """What a template matches."""
    return re.compile(_expression(template))


def _expression(template: str, *, words: frozenset[str] = frozenset()) -> str:
    """What a template matches, as text; fields of the given names are words."""
    parts, at = [], 0
    seen: set[str] = set()
    for field in _FIELD.finditer(template):
        parts.append(re.escape(template[at : field.start()]))
        name = field[2]
        kind = _KINDS["word" if name in words else field[3]]
        plain = field[1] is None and field[4] is None and name not in seen
        parts.append(f"(?P<{name}>{kind})" if plain else kind)
        seen.add(name)
        at = field.end()
    return "".join([*parts, re.escape(template[at:])])


def _words(template: str) -> frozenset[str]:
    return frozenset(field[2] for field in _FIELD.finditer(template) if field[3] == "word")


def _values(template: str, found: re.Match[str]) -> dict[str, str | int]:
    values: dict[str, str | int] = {}
    for field in _FIELD.finditer(template):
        text, kind = found[field[2]], field[3]
        number = ord(text) - ord("a") if kind == "letter" else text
        values[field[2]] = number if kind else int(text)
    return values


def _filled(template: str, values: dict[str, str | int]) -> str:
    def filled(field: re.Match[str]) -> str:
        value = values[field[2]]
        if isinstance(value, str):
            return value
        number = value * int(field[1] or 1) + int(field[4] or 0)
        return chr(ord("a") + number) if field[3] == "letter" else str(number)

    return _FIELD.sub(filled, template)
