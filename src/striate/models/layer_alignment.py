"""aligned: which layer of one model stands for which of another."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from .layer_facts import LayerFacts

__all__ = ["aligned"]

_FAMILIES = ("Conv", "Pool", "Normalization", "Dense", "ReLU")
_ACTIVATIONS = ("Activation", "ReLU", "LeakyReLU", "Softmax")

Pair = tuple[LayerFacts | None, LayerFacts | None]


def aligned(first: Sequence[LayerFacts], second: Sequence[LayerFacts]) -> list[Pair]:
    """The layers of two models in pairs, in order; None beside one that has no counterpart.

    Layers of one kind that have one name belong together. Between such pairs those pairs are
    chosen, without crossing, that have most in common: kind, settings and shape.

    Args:
        first, second: of the two models.
    """
    pairs: list[Pair] = []
    at, to = 0, 0
    for one, two in [*_anchors(first, second), (len(first), len(second))]:
        pairs += _between(first[at:one], second[to:two])
        if one < len(first):
            pairs.append((first[one], second[two]))
        at, to = one + 1, two + 1
    return pairs


def _anchors(first: Sequence[LayerFacts], second: Sequence[LayerFacts]) -> list[tuple[int, int]]:
    matcher = SequenceMatcher(None, _keys(first), _keys(second), autojunk=False)
    return [(a + n, b + n) for a, b, size in matcher.get_matching_blocks() for n in range(size)]


def _keys(layers: Sequence[LayerFacts]) -> list[str]:
    return [f"{each.kind} {each.name}" for each in layers]


def _between(first: Sequence[LayerFacts], second: Sequence[LayerFacts]) -> list[Pair]:
    """The pairs with the greatest sum of likeness: Needleman and Wunsch, gaps cost nothing."""
    best = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            likeness = alike[i, j] = _likeness(first[i], second[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if likeness:
                best[i][j] = max(best[i][j], likeness + best[i + 1][j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < len(first) and j < len(second):
        if alike[i, j] and best[i][j] == alike[i, j] + best[i + 1][j + 1]:
            pairs.append((first[i], second[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((first[i], None))
            i += 1
        else:
            pairs.append((None, second[j]))
            j += 1
    return [*pairs, *((one, None) for one in first[i:]), *((None, two) for two in second[j:])]


def _likeness(one: LayerFacts, two: LayerFacts) -> float:
    """0 of layers that have nothing to do with each other, up to 4."""
    same_shape = 1.0 if one.output_shape == two.output_shape else 0.0
    if one.kind == two.kind:
        shared: int = sum(value == two.settings.get(key) for key, value in one.settings.items())
        return 2.0 + same_shape + shared / max(len(one.settings), 1)
    if _family(one.kind) == _family(two.kind):
        return 1.0 + same_shape
    is_reshaped = one.input_shape != one.output_shape and two.input_shape != two.output_shape
    return same_shape / 2 if is_reshaped else 0.0


def _family(kind: str) -> str:
    if kind in _ACTIVATIONS:
        return "activation"
    return next((family for family in _FAMILIES if family in kind), kind)
