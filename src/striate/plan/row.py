"""Row: what one layer of a net costs and sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..shapes import Shape
from ..windows import ReceptiveField, Windows

__all__ = ["Fields", "Row"]

Fields = tuple[ReceptiveField, ReceptiveField]
"""Of height and width."""


@dataclass(frozen=True)
class Row:
    """One layer of a plan; numbers are for one sample.

    Args:
        name: of the layer in the net; those of nets inside by a path.
        kind: its class.
        output_shape: without the batch; a tuple of shapes where there are several.
        parameters: numbers that the layer holds, trained or not; 0 where a row before has them.
        multiply_adds: of the forward pass; None if not known.
        output_bytes: of the result in float32; None if not known.
        kept_bytes: of what the layer makes, in all of its calls, and the backward pass waits for; 0
            where a row before has them.
        fields: what an output position sees of the net's input, (height, width); None where the
            output is no map, or nothing is known.
        windows: what an output position sees of the layer's input, with its padding; None where
            that is the whole map, or no map.
        ignored: (rows, columns) at the far border of the layer's input that no position sees.
    """

    name: str
    kind: str
    output_shape: Shape
    parameters: int
    multiply_adds: int | None
    output_bytes: int | None
    kept_bytes: int = 0
    fields: Fields | None = None
    windows: Windows | None = None
    ignored: tuple[int, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """The row as JSON can hold it; a fraction of a pixel as a number.

        Example:
            >>> Row("out", "Dense", (10,), 7_850, 7_840, 40).to_json()["multiply_adds"]
            7840
        """
        shown = {
            name: getattr(self, name)
            for name in ("name", "kind", "output_shape", "parameters", "multiply_adds")
        }
        shown |= {"output_bytes": self.output_bytes, "kept_bytes": self.kept_bytes}
        shown["receptive_field"] = self.fields and [
            {
                "size_px": _number(axis.size_px),
                "stride_px": _number(axis.stride_px),
                "start_px": _number(axis.start_px),
                "is_whole": axis.is_whole,
            }
            for axis in self.fields
        ]
        shown["padding"] = self.windows and [
            [_number(axis.before), _number(axis.after)] for axis in self.windows
        ]
        shown["ignored"] = self.ignored
        return shown


def _number(value: Any) -> float:
    return value if isinstance(value, int) else float(value)
