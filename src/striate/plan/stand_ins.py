"""Stand-ins: tensors with shapes and types and no numbers, in the place of a net's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

from .shape_memory import ShapeMemory

__all__ = ["StandIns"]


class StandIns:
    """Tensors without numbers that behave as those of their device do.

    `operations` remembers what was made of them, for every `Recorder` that is told.

    Example:
        >>> net, made = nn.Linear(3, 2), StandIns()
        >>> with made.inside(net), made.mode:
        ...     net(torch.empty(10**9, 3)).shape
        torch.Size([1000000000, 2])
        >>> type(net.weight.data) is Tensor
        True
    """

    def __init__(self) -> None:
        self.mode = FakeTensorMode(allow_non_fake_inputs=True)
        self.mode.cache_enabled = False  # `operations` remembers more cheaply
        self.operations = ShapeMemory()
        self.of: dict[int, Any] = {}

    def make(self, tensor: Tensor, *, with_number: bool = False) -> Any:
        """The stand-in of a tensor, the same each time; of the processor for one on meta.

        Args:
            tensor: on whatever device.
            with_number: whether it knows the number that the tensor is. Default False.
        """
        found = self.of.get(id(tensor))
        if found is None:
            device = torch.device("cpu") if tensor.is_meta else tensor.device
            shape, strides = tensor.shape, tensor.stride()
            empty = torch.empty_strided(shape, strides, dtype=tensor.dtype, device="meta")
            number = None
            if with_number:
                with torch._C._DisableTorchDispatch():
                    number = tensor.detach().clone()
            found = FakeTensor(self.mode, empty, device, constant=number)
            if isinstance(tensor, nn.Parameter):
                found = nn.Parameter(found, requires_grad=tensor.requires_grad)
            self.of[id(tensor)] = found
        return found

    @contextmanager
    def inside(self, module: nn.Module) -> Iterator[None]:
        """Within it a module holds stand-ins; afterwards all that it held before."""
        kept = [
            (part, dict(part.__dict__), dict(part._parameters), dict(part._buffers))
            for part in module.modules()
        ]
        try:
            for part, *_ in kept:
                for table in (part._parameters, part._buffers):
                    for name, tensor in table.items():
                        if tensor is not None:
                            table[name] = self.make(tensor)
            yield
        finally:
            for part, own, parameters, buffers in kept:
                part.__dict__.clear()
                part.__dict__.update(own)
                _fill(part._parameters, parameters)
                _fill(part._buffers, buffers)


def _fill(table: dict[str, Any], values: dict[str, Any]) -> None:
    table.clear()
    table.update(values)
