"""Operations: what each operation of a run has to do, in numbers that its time depends on."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .convolution_work import CONVOLUTION_KINDS, Amounts, convolution_work, is_convolution

__all__ = ["KINDS", "Operation", "Work", "operations_of", "work_of"]

_BY_KIND = {
    "product": "mm addmm bmm baddbmm matmul linear _linear_pointwise",
    "batch norm": "native_batch_norm",
    "batch norm backward": "native_batch_norm_backward",
    "layer norm": "native_layer_norm native_group_norm",
    "layer norm backward": "native_layer_norm_backward native_group_norm_backward",
    "max pool": "max_pool2d_with_indices",
    "max pool backward": "max_pool2d_with_indices_backward",
    "average pool": "avg_pool2d _adaptive_avg_pool2d",
    "average pool backward": "avg_pool2d_backward _adaptive_avg_pool2d_backward",
    "sum": "sum mean var var_mean std amax amin max min argmax norm linalg_vector_norm any all",
    "exponential": "sigmoid exp log softplus softplus_backward _softmax _log_softmax "
    "_softmax_backward_data _log_softmax_backward_data silu silu_backward elu mish",
    "power": "pow tanh",
    "unfold backward": "unfold_backward",
    "gelu": "gelu erf",
    "gelu backward": "gelu_backward",
    "pad": "constant_pad_nd",
    "join": "cat stack index gather index_select repeat clone",
    "cast": "_to_copy copy",
    "fill": "zeros ones full zeros_like ones_like full_like zero fill new_zeros new_full",
    "root of weights": "_foreach_sqrt",
    "product of weights": "_foreach_addcmul _foreach_addcdiv",
    "sum of weights": "_foreach_add _foreach_sub _foreach_mul _foreach_div _foreach_lerp "
    "_amp_foreach_non_finite_check_and_unscale _foreach_copy _foreach_norm",
    "": "empty empty_like empty_strided new_empty new_empty_strided detach lift_fresh "
    "_local_scalar_dense",
}
_KIND_OF = {name: kind for kind, names in _BY_KIND.items() for name in names.split()}
_OTHER = "elementwise"
_NO_WORK = ("prim", "profiler")
KINDS = (
    *CONVOLUTION_KINDS,
    "batch norm inference",
    *(kind for kind in _BY_KIND if kind),
    _OTHER,
)
"""Kinds of operations that are told apart: those that take their own time for the same work."""


class Work(NamedTuple):
    """What one operation has to do.

    Args:
        kind: one of `KINDS`; "" for what only makes a view or an empty tensor.
        dtype: number type of its tensors, such as "float32".
        amounts: multiply-adds, with channels rounded up to full vectors; bytes of the first
            tensor, or all that are moved; bytes of the result; bytes of the kernel. Together.
    """

    kind: str
    dtype: str
    amounts: Amounts


class Operation(NamedTuple):
    """The same work, so many times in a run: each amount is fixed + each * samples.

    Args:
        kind, dtype: as of `Work`.
        times: how often.
        fixed, each: the amounts whatever the batch, and more for each sample.
    """

    kind: str
    dtype: str
    times: int
    fixed: Amounts
    each: Amounts


def work_of(function: Any, args: Sequence[Any], result: Any) -> Work | None:
    """What an operation has to do, from its arguments and its result, with numbers or without.

    None for a question to a tensor, or a mark for those who measure.

    Args:
        function: of torch.ops.aten.
        args: as it was called.
        result: that it gave.

    Example:
        >>> x = torch.zeros(10, 20)
        >>> work_of(torch.ops.aten.exp.default, (x,), x.exp())
        Work(kind='exponential', dtype='float32', amounts=(0, 1600, 0, 0))
    """
    if function.namespace in _NO_WORK:
        return None
    name = _name(function)
    if is_convolution(name):
        return Work(*convolution_work(function, args, result))
    kind = _KIND_OF.get(name, _OTHER)
    if not kind or function.is_view:
        return Work("", "", (0, 0, 0, 0))
    given = list(_tensors(args))
    made = list(_tensors(result))
    dtype = str((given or made or [torch.empty(0)])[0].dtype).removeprefix("torch.")
    if kind == "product":
        return _product(given[:2] if "linear" in name else given[-2:], made[0], dtype)
    if kind == "batch norm" and not args[5]:
        kind = "batch norm inference"
    return Work(kind, dtype, (0, sum(map(_bytes, [*given, *made])), 0, 0))


def operations_of(
    works: Sequence[Work], samples: int, *, second: tuple[Sequence[Work], int] | None = None
) -> tuple[Operation, ...]:
    """The works of a run as operations for any batch, equal ones together.

    Args:
        works: of one run, in order.
        samples: of its batch; so many that the rest of a division by them does not depend on the
            batch.
        second: works and samples of another run, which tells what grows. Default None.
    """
    counted: dict[tuple[Work, Work | None], int] = {}
    others: Sequence[Work | None] = second[0] if second else [None] * len(works)
    for pair in zip(works, others, strict=True):
        counted[pair] = counted.get(pair, 0) + 1
    more = second[1] if second else 0
    return tuple(
        Operation(one.kind, one.dtype, count, *_apart(one, samples, other, more))
        for (one, other), count in counted.items()
    )


def _apart(one: Work, samples: int, other: Work | None, more: int) -> tuple[Any, Any]:
    """The amounts that do not depend on the batch, and those of each sample."""
    if other is None:
        each = [amount // samples for amount in one.amounts]
    else:
        pairs = zip(one.amounts, other.amounts, strict=True)
        each = [(b - a) // (more - samples) for a, b in pairs]
    fixed = [amount - k * samples for amount, k in zip(one.amounts, each, strict=True)]
    return tuple(fixed), tuple(each)


@functools.cache
def _name(function: Any) -> str:
    """The name without namespace; the one that works in place is the other's."""
    name: str = function._schema.name.rpartition("::")[2]
    return name.removesuffix("_")


def _product(given: Sequence[Tensor], made: Tensor, dtype: str) -> Work:
    first, second = given
    adds = made.numel() * first.shape[-1]
    return Work("product", dtype, (adds, _bytes(first), _bytes(made), _bytes(second)))


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _tensors(part)


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()
