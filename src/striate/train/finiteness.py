"""Whether a step may be taken: one look at the loss and at all gradients."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["all_finite", "is_finite", "weights_are_finite"]


def all_finite(loss: Tensor, gradients: Iterable[Tensor]) -> bool:
    """Whether the loss and every number of every gradient are finite.

    Each gradient is read once, where it is; one number a device is read back, for which an
    accelerator is waited for. Nothing overflows on the way, as a norm would.

    Args:
        loss: 0-d.
        gradients: floating point, of any types, on any devices; sparse ones too.

    Example:
        >>> all_finite(torch.tensor(1.0), [torch.full((2,), 1e30)])
        True
        >>> all_finite(torch.tensor(1.0), [torch.tensor([0.0, float("nan")])])
        False
    """
    groups: dict[tuple[torch.device, torch.dtype], list[Tensor]] = {}
    for gradient in gradients:
        values = gradient._values() if gradient.is_sparse else gradient
        groups.setdefault((values.device, values.dtype), []).append(values)
    loss = loss.detach()
    doubts = {loss.device: (loss - loss).float()}  # 0, or NaN
    for (device, _), together in groups.items():
        found, factor = torch.tensor([[0.0], [1.0]], dtype=torch.float32, device=device)
        # The look of mixed precision's scaler. Its factor is 1, which changes no bit.
        torch._amp_foreach_non_finite_check_and_unscale_(together, found, factor)
        doubts[device] = found + doubts.get(device, 0.0)
    return all(doubt.item() == 0.0 for doubt in doubts.values())


def weights_are_finite(model: torch.nn.Module) -> bool:
    """Whether all parameters are finite: an update may spoil them, which the next step finds.

    Example:
        >>> weights_are_finite(torch.nn.Linear(2, 1))
        True
    """
    weights = [p.detach() for p in model.parameters() if p.is_floating_point()]
    return all_finite(torch.zeros(()), weights)


def is_finite(tensor: Tensor) -> bool:
    """Whether every number of a tensor is finite; whole numbers are.

    Example:
        >>> is_finite(torch.tensor([1, 2])), is_finite(torch.tensor([1.0, float("inf")]))
        (True, False)
    """
    if not (tensor.is_floating_point() or tensor.is_complex()):
        return True
    values = tensor._values() if tensor.is_sparse else tensor
    if values.is_complex():
        values = torch.view_as_real(values)
    if values.numel() == 0:
        return True
    least_and_most = torch.stack(torch.aminmax(values))  # reads in place; both are NaN if one is
    return bool(torch.isfinite(least_and_most).all())
