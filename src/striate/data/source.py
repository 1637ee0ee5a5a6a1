"""Where batches come from: the Source contract, and the source of data that is in memory."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from striate import _check, structure
from striate.data.order import IndexArray

__all__ = ["ArraySource", "Source", "as_tensors", "as_weights", "rows_of"]

_GATHERED = {
    torch.bool,
    torch.uint8,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.float16,
    torch.float32,
    torch.float64,
}
_WIDER = {"u2": np.int32, "u4": np.int64, "u8": np.int64}


class Source(Protocol):
    """Samples by number, whole batches at a time.

    A source whose batches cost so much that they should be fetched ahead, in threads, has
    `slow = True`; its `fetch` may be called by several threads at once.
    """

    @property
    def slow(self) -> bool:
        """Whether batches should be fetched ahead."""
        ...

    def __len__(self) -> int:
        """How many samples there are."""
        ...

    def fetch(self, indices: IndexArray) -> tuple[Any, Any, Any]:
        """(images, targets, weights) of the samples with these numbers, in this order.

        Tensors, or structures of tensors, of first dimension len(indices); targets and weights
        may be None.
        """
        ...


class ArraySource:
    """Arrays, tensors, numbers in lists, or structures of them, in memory.

    NumPy's floating-point arrays come as torch's default type, as Keras does; integers and
    booleans stay what they are (uint8 pictures stay uint8), but for unsigned types wider than
    8 bits, which torch cannot compute with. A tensor stays as it is. No array is copied unless
    its type must change. Batches of consecutive samples are views of the data: do not write into
    them.

    Args:
        images: (n, …) what the model takes; a tuple, list or dict of such for several inputs. A
            list of numbers, however nested, is one array.
        targets: what the loss takes, of the same first dimension; None to predict.
        weights: weight of each sample in the loss; None for 1 each.

    Raises:
        ShapeError: a part has no first dimension, or parts differ in it, or there is no sample.
        ArgumentError: a part holds no numbers.

    Example:
        >>> source = ArraySource(np.arange(6).reshape(3, 2), [0, 1, 1])
        >>> source.fetch(np.array([2, 0]))[:2]
        (tensor([[4, 5],
                [0, 1]]), tensor([1, 0]))
    """

    slow = False

    def __init__(self, images: Any, targets: Any = None, *, weights: Any = None) -> None:
        self.images = as_tensors(images, "images")
        self.targets = None if targets is None else as_tensors(targets, "targets")
        self.weights = None if weights is None else as_weights(weights)
        self._count = self._common_count()
        parts = structure.leaves((images, targets, weights))
        self._read_only = any(isinstance(p, np.ndarray) and not p.flags.writeable for p in parts)

    def _common_count(self) -> int:
        shapes: dict[str, tuple[int, ...]] = {}
        for part in ("images", "targets", "weights"):
            value = getattr(self, part)
            if value is not None:
                leaves = structure.leaves(value)
                shapes |= {
                    name if name.startswith(part) else f"{part} {name}": tuple(leaf.shape)
                    for name, leaf in zip(structure.names(value, part), leaves, strict=True)
                }
        for name, shape in shapes.items():
            argument = name.split()[0].split("_")[0]
            if not shape:
                rule = "have a first dimension that counts the samples"
                _check.shapes_fail("ArraySource", argument, rule, {name: shape})
            if shape[0] != next(iter(shapes.values()))[0]:
                fix = "The first dimension counts the samples: it must be the same everywhere."
                rule = "hold as many samples as every other part"
                _check.shapes_fail("ArraySource", argument, rule, shapes, fix)
        count = next(iter(shapes.values()))[0] if shapes else 0
        if count == 0:
            _check.shapes_fail("ArraySource", "images", "hold at least one sample", shapes)
        return count

    def __len__(self) -> int:
        return self._count

    def fetch(self, indices: IndexArray) -> tuple[Any, Any, Any]:
        """(images, targets, weights) of the samples with these numbers, in this order."""
        first, count = int(indices[0]) if len(indices) else 0, len(indices)
        if count > 0 and int(indices[-1]) - first == count - 1 and _consecutive(indices):

            def take(leaf: Tensor) -> Tensor:
                view = leaf[first : first + count]
                return view.clone() if self._read_only else view

        else:

            def take(leaf: Tensor) -> Tensor:
                return rows_of(leaf, indices)

        parts = (self.images, self.targets, self.weights)
        images, targets, weights = (
            None if part is None else structure.map_leaves(take, part) for part in parts
        )
        return images, targets, weights


def rows_of(leaf: Tensor, indices: IndexArray) -> Tensor:
    """Rows of a tensor by number, in a tensor of their own.

    NumPy gathers by one thread. torch wakes its threads for every batch, which on a machine that
    does other work takes ten times as long.

    Example:
        >>> rows_of(torch.arange(6).reshape(3, 2), np.array([2, 0]))
        tensor([[4, 5],
                [0, 1]])
    """
    if leaf.device.type == "cpu" and leaf.dtype in _GATHERED and leaf.is_contiguous():
        return torch.from_numpy(leaf.numpy().take(indices, axis=0))
    return leaf.index_select(0, torch.from_numpy(indices).to(leaf.device))


def _consecutive(indices: IndexArray) -> bool:
    return bool((np.diff(indices) == 1).all())


def as_tensors(value: Any, argument: str, *, place: str = "ArraySource") -> Any:
    """Tensors from arrays, tensors or numbers in lists, in the structure in which they come.

    Args:
        value: an array, a tensor, a number or numbers in lists; or a tuple, list or dict of them.
        argument: what the messages call it.
        place: whose argument the messages say it is.

    Raises:
        ArgumentError: a part holds no numbers.

    Example:
        >>> as_tensors({"a": [1.0, 2.0], "b": np.zeros((1, 2), np.uint8)}, "images")
        {'a': tensor([1., 2.]), 'b': tensor([[0, 0]], dtype=torch.uint8)}
    """
    if isinstance(value, dict):
        return {key: as_tensors(part, argument, place=place) for key, part in value.items()}
    if isinstance(value, tuple | list) and not _all_numbers(value):
        parts = [as_tensors(part, argument, place=place) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    return _tensor(value, argument, place)


def as_weights(value: Any, *, place: str = "ArraySource") -> Any:
    """Floating-point tensors from weights of samples, as `as_tensors`.

    Raises:
        ArgumentError: a part holds no numbers, or one that is below 0 or not finite.

    Example:
        >>> as_weights([1, 2])
        tensor([1., 2.])
    """

    def floating(leaf: Tensor) -> Tensor:
        bad = leaf[~((leaf >= 0) & (leaf < math.inf))]
        if len(bad):
            _check.fail(place, "weights", "be finite and not below 0", bad[0].item())
        return leaf if leaf.is_floating_point() else leaf.to(torch.get_default_dtype())

    return structure.map_leaves(floating, as_tensors(value, "weights", place=place))


def _all_numbers(value: Sequence[Any]) -> bool:
    """Whether a list holds nothing but plain numbers, however nested."""
    return len(value) > 0 and all(
        _all_numbers(part) if isinstance(part, tuple | list) else _is_number(part) for part in value
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.generic)


def _tensor(value: Any, argument: str, place: str) -> Tensor:
    if isinstance(value, Tensor):
        return value.detach()
    try:
        array = np.asarray(value)
    except ValueError:
        rule = "hold rows of equal length"
        _check.fail(place, argument, rule, "lists of different lengths")
    kind, bits = array.dtype.kind, array.dtype.str[1:]
    if kind not in "biuf" or array.dtype.itemsize > 8:
        rule = "hold numbers: arrays, tensors or lists of numbers"
        found = array.dtype.name if array.dtype != object else type(value).__name__
        _check.fail(place, argument, rule, found, "Convert it with numpy.asarray first.")
    if kind == "f":
        default = torch.empty(0).numpy().dtype
        array = array.astype(default, copy=False)
    else:
        array = array.astype(_WIDER.get(bits, array.dtype.newbyteorder("=")), copy=False)
    if min(array.strides, default=0) < 0:
        array = array.copy()
    if array.flags.writeable:
        return torch.from_numpy(array)
    with warnings.catch_warnings():  # it is only read, and `fetch` gives no view of it
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(array)
