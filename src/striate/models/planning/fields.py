"""receptive_fields: which window of the picture each layer of a net sees."""

from __future__ import annotations

from ...plan.row import Fields
from ..network import Network
from .plan_rows import plan_rows
from .planned_step import input_shapes

__all__ = ["receptive_fields"]


def receptive_fields(
    model: Network, size: int | tuple[int, int] | None = None
) -> dict[str, Fields]:
    """The window of the input that a position of each layer's map sees, by height and by width.

    Position i sees the pixels from start_px + i stride_px on, size_px of them; those that lie
    outside the picture are padding. Where branches join, it is the smallest window that holds
    theirs. After a layer that mixes the whole map, such as the gate of squeeze-and-excitation,
    `is_whole` says that every position hangs on every pixel; the window is then that without it.

    Args:
        model: built; the weights are not looked at, so those of `architectures.sketch` will do.
        size: height and width of the input, where the model leaves them open. Default None.

    Returns:
        By the names of the layers, in the order in which they run, the input first; those whose
        output is no map (n, h, w, c) are left out, and those of a net that no graph joins.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: a size that is missing, or not the model's.

    Example:
        >>> import striate
        >>> rows, columns = receptive_fields(striate.architectures.sketch("vgg16"))["block5_pool"]
        >>> rows.size_px, rows.stride_px, rows.start_px
        (212, 32, -90)

    Reference:
        Araujo, Norris, Sim, "Computing receptive fields of convolutional neural networks",
        Distill 2019.
    """
    shapes = input_shapes(model, size, place="receptive_fields")
    return {row.name: row.fields for row in plan_rows(model, shapes) if row.fields is not None}
