"""What an output position sees of the input: windows of layers, receptive fields of nets.

Arithmetic like that of shapes.py, for one axis: no torch, and no branch on a size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .shapes import AxisPadding, Size, kernel_extent, same_padding

__all__ = [
    "PIXEL",
    "ReceptiveField",
    "Window",
    "Windows",
    "enlarging_window",
    "painted_window",
    "sliding_windows",
]


@dataclass(frozen=True)
class Window:
    """What the positions of an output see of an input, along one axis.

    Position i sees the pixels from i stride - before to i stride - before + extent - 1. Where a
    map becomes larger the stride is a fraction, and the pixels are the whole numbers in between.

    Args:
        kernel: taps from the first to the last, without the gaps between them.
        stride: input pixels from one position to the next.
        dilation: input pixels from one tap to the next.
        before, after: pixels that are added at the two ends.
    """

    kernel: Size = 1
    stride: Size = 1
    dilation: int = 1
    before: Size = 0
    after: Size = 0

    @property
    def extent(self) -> Size:
        """Pixels from the first to the last that a position sees."""
        return kernel_extent(self.kernel, self.dilation)

    def ignored(self, size: int) -> int:
        """Pixels at the far end of an input of this size that no position sees.

        Example:
            >>> Window(kernel=2, stride=2).ignored(7), Window(kernel=3, stride=2).ignored(7)
            (1, 0)
        """
        padding = (self.before, self.after)
        positions = (size + sum(padding) - self.extent) // self.stride + 1
        inside = (size - 1 + self.before) // self.stride  # the last that does not begin beyond
        last = min(positions - 1, inside) * self.stride - self.before + self.extent - 1
        return int(max(0, size - 1 - math.floor(last)))


Windows = tuple[Window, Window]
"""Of height and width."""
PIXEL: Windows = (Window(), Window())
"""Where each output position sees the one pixel at its place."""


def sliding_windows(
    sizes: Sequence[Size],
    *,
    kernel: Sequence[int],
    strides: Sequence[int] = (1, 1),
    dilation: Sequence[int] = (1, 1),
    padding: Sequence[AxisPadding],
) -> Windows:
    """The windows of a convolution or a pooling on an input of (h, w).

    The padding of "same" depends on the size where it strides; a size that is None counts as one
    that the stride divides.

    Example:
        >>> sliding_windows(
        ...     (9, 8), kernel=(3, 3), strides=(2, 2), padding=("same", "same")
        ... )[1]
        Window(kernel=3, stride=2, dilation=1, before=0, after=1)
    """
    found = []
    for size, k, s, d, p in zip(sizes, kernel, strides, dilation, padding, strict=True):
        sides = (0, 0) if p == "valid" else p
        if isinstance(sides, str):
            known = s * kernel_extent(k, d) if size is None else size
            sides = same_padding(known, kernel=k, stride=s, dilation=d)
        found.append(Window(k, s, d, *sides))
    return found[0], found[1]


def enlarging_window(factor: int, *, reach: Size = 0) -> Window:
    """What a picture that is enlarged by a factor sees of the smaller one.

    Args:
        factor: of the enlargement.
        reach: pixels on either side of its place that a position mixes; 0 repeats pixels.

    Example:
        >>> enlarging_window(2).extent
        Fraction(3, 2)
    """
    step = Fraction(1, factor)
    aside = reach - step / 2  # a position stands half a pixel inside its own
    extent = 2 * aside + 1 if reach else 2 - step
    before = aside - step / 2 + Fraction(1, 2) if reach else 1 - step
    return Window(extent, step, before=before, after=extent - before - step)


def painted_window(
    kernel: int, *, stride: int, dilation: int = 1, cut: tuple[int, int] = (0, 0)
) -> Window:
    """What a transposed convolution sees: the inputs whose painted window holds the position.

    Args:
        kernel, stride, dilation: of the convolution.
        cut: positions that are cut off at the two ends.

    Example:
        >>> painted_window(4, stride=2, cut=(1, 1)).stride
        Fraction(1, 2)
    """
    step = Fraction(1, stride)
    reach = (kernel_extent(kernel, dilation) - 1) * step
    return Window(reach + 1, step, before=reach - cut[0] * step, after=reach - cut[1] * step)


@dataclass(frozen=True)
class ReceptiveField:
    """The window of the input that one output position sees, along one axis.

    Args:
        size_px: pixels from the first to the last.
        stride_px: distance from one position's window to the next one's, in input pixels.
        start_px: where the window of position 0 begins; negative inside the padding.
        is_whole: whether every position sees the whole input.

    Example:
        >>> three = ReceptiveField().then(kernel=3).then(kernel=3).then(kernel=3)
        >>> three.size_px
        7
    """

    size_px: Size = 1
    stride_px: Size = 1
    start_px: Size = 0
    is_whole: bool = False

    def then(
        self, *, kernel: Size, stride: Size = 1, dilation: int = 1, padding_before: Size = 0
    ) -> ReceptiveField:
        """The field after one more sliding window."""
        return ReceptiveField(
            size_px=_plain(self.size_px + (kernel_extent(kernel, dilation) - 1) * self.stride_px),
            stride_px=_plain(self.stride_px * stride),
            start_px=_plain(self.start_px - padding_before * self.stride_px),
            is_whole=self.is_whole,
        )

    def through(self, window: Window | None) -> ReceptiveField:
        """The field after one more layer; None where that sees the whole map.

        Example:
            >>> ReceptiveField().through(Window(kernel=3)).through(None).is_whole
            True
        """
        if window is None:
            return ReceptiveField(self.size_px, self.stride_px, self.start_px, is_whole=True)
        return self.then(
            kernel=window.kernel,
            stride=window.stride,
            dilation=window.dilation,
            padding_before=window.before,
        )

    def joined(self, other: ReceptiveField) -> ReceptiveField:
        """The smallest window that holds those of two branches of the same stride.

        Example:
            >>> five = ReceptiveField().then(kernel=5, padding_before=2)
            >>> ReceptiveField().joined(five) == five
            True
        """
        start = min(self.start_px, other.start_px)
        end = max(self.start_px + self.size_px, other.start_px + other.size_px)
        stride = max(self.stride_px, other.stride_px)
        whole = self.is_whole or other.is_whole
        return ReceptiveField(_plain(end - start), stride, start, is_whole=whole)


def _plain(size: Size) -> Size:
    """A fraction that is a whole number as one."""
    return int(size) if isinstance(size, Fraction) and size.denominator == 1 else size
