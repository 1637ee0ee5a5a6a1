"""What the names of pictures end with, in small or capital letters."""

from __future__ import annotations

__all__ = ["PICTURES"]

PICTURES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
"""The endings of the formats that are decoded unless others are asked for."""
