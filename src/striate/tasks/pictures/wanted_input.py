"""WantedInput: what a net asks of its pictures before any was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from striate import _check
from striate.records import Preprocess

__all__ = ["WantedInput"]


@dataclass(frozen=True)
class WantedInput:
    """What a net asks of its pictures; by default nothing.

    Args:
        net: its name, for the words.
        least_px: the smallest side that it takes.
        preprocess: with which its weights were trained; None for a net without weights.
    """

    net: str = "convnet"
    least_px: int = 1
    preprocess: Preprocess | None = None

    def fitted(self, side_px: int, channels: int) -> Preprocess:
        """The weights' preprocessing at another size and for other channels.

        The middle that is cut grows with the size. Where the channels are not as many as there
        are means, each has the mean of all.

        Args:
            side_px: of the pictures.
            channels: 1 or 3.

        Example:
            >>> own = Preprocess((224, 224), fit="crop", channels=3, short_side_px=256)
            >>> WantedInput("resnet50", preprocess=own).fitted(112, 3).short_side_px
            128
        """
        own = self.preprocess or Preprocess(scale=1 / 255)
        short = own.short_side_px
        if short is not None and own.size is not None:
            short = max(side_px, round(short * side_px / min(own.size)))
        return replace(
            own,
            size=(side_px, side_px),
            channels=channels,
            short_side_px=short,
            mean=_for(own.mean, channels),
            std=_for(own.std, channels),
            order="rgb" if channels == 1 else own.order,
        )

    def check_side(self, side_px: int) -> int:
        """The side, if the net takes it.

        Raises:
            ArgumentError: it is smaller than the least.
        """
        if side_px < self.least_px:
            rule = f"be at least {self.least_px} for {self.net}"
            _check.fail("train", "size_px", rule, side_px, f"Say --size {self.least_px}.")
        return side_px


def _for(numbers: tuple[float, ...], channels: int) -> tuple[float, ...]:
    """Numbers for so many channels: as they are, or their mean."""
    return numbers if len(numbers) in (1, channels) else (sum(numbers) / len(numbers),)
