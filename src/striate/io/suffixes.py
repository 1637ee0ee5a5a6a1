"""What the names of pictures end with, in small or capital letters."""

from __future__ import annotations

__all__ = ["OTHER_PICTURES", "PICTURES"]

PICTURES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
"""The endings of the formats that are decoded unless others are asked for."""

OTHER_PICTURES = (".avif", ".heic", ".heif", ".jp2", ".jxl", ".tif", ".tiff")
"""The endings of pictures that are not decoded: somebody may think that they are."""
