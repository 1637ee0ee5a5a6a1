"""With which weights a net began, in a sentence: for the user, the report and the model card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["base_sentence"]


def base_sentence(base: Mapping[str, Any]) -> str:
    """Where the weights come from, so that they can be found again.

    Args:
        base: net, weights, source, sha256, and where it is known licence and recipe.

    Example:
        >>> base_sentence({"weights": "imagenet", "source": "x.org/a.pth", "sha256": "ab12"})
        'It began with the weights imagenet: x.org/a.pth, SHA-256 ab12.'
    """
    more = [f"{name} {base[name]}" for name in ("licence", "recipe") if base.get(name)]
    facts = [str(base.get("source")), f"SHA-256 {base.get('sha256')}", *more]
    return f"It began with the weights {base.get('weights')}: {', '.join(facts)}."
