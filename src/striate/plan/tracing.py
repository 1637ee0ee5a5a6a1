"""Recorder: notes when each piece of memory begins and ends while a net runs."""

from __future__ import annotations

import functools
import weakref
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensor
from torch.utils._python_dispatch import TorchDispatchMode

from .operations import Work
from .recording import Recording
from .shape_memory import ShapeMemory
from .timeline import WORKSPACE
from .workspace import workspace_bytes

__all__ = ["Recorder"]

_AS_NUMBER = torch.ops.aten._local_scalar_dense.default


class Recorder(TorchDispatchMode):
    """Within it every new storage of a tensor is noted, when it is dropped, and all work.

    Views and results in place are no new storages. It works on tensors with numbers and on
    stand-ins; a stand-in that is asked for its number says 0.

    Args:
        phase: tells the phase of the run that is not the backward pass.
        operations: of the stand-ins. Default None: nothing is remembered yet.

    Example:
        >>> with Recorder() as recorder:
        ...     x = torch.zeros(2, 3)
        ...     y = x.view(3, 2) + 1
        ...     del x
        >>> recorder.events, recorder.sizes
        ([1, 2, -1], [24, 24])
    """

    def __init__(
        self,
        phase: Callable[[], str] = lambda: "forward",
        operations: ShapeMemory | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.events: list[int] = []
        self.sizes: list[int] = []
        self.layers: list[str] = []
        self.phases: list[str] = []
        self.works: list[Work] = []
        self._kinds: dict[int, str] = {}
        self._phase = phase
        self._operations = operations or ShapeMemory()
        self._inside: list[str] = []
        self._numbers: dict[int, int] = {}
        self._watched: dict[int, weakref.ref[Any]] = {}
        self._closed = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is _AS_NUMBER and isinstance(args[0], FakeTensor) and args[0].constant is None:
            return _zero(args[0].dtype)
        result = self._operations.run(func, args, kwargs or {})
        if self._operations.work is not None:
            self.works.append(self._operations.work)
        place = _mask_place(func)
        if place is not None and place < len(args):
            pairs = zip(result, args[place], strict=True)
            result = tuple([part if wanted else None for part, wanted in pairs])
        self._see(result)
        self._work(workspace_bytes(func, args))
        return result

    def hold(self, tensors: Iterable[Any], kind: str) -> None:
        """Notes tensors that are there already, as of a kind; those noted before get the kind."""
        for tensor in tensors:
            if isinstance(tensor, Tensor):
                self._see(tensor)
                number = self._numbers.get(id(tensor.untyped_storage()))
                if number is not None:
                    self._kinds[number] = kind

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """Within it what is made is noted under the name of a layer."""
        self._inside.append(name)
        try:
            yield
        finally:
            self._inside.pop()

    def watch(self, layer: nn.Module, name: str) -> list[Any]:
        """Notes under a name what a layer makes; gives the hooks, which the caller removes.

        The hooks say that they look at nothing: they keep no layer from running as it always does.
        """

        def enter(*_: Any) -> None:
            self._inside.append(name)

        def leave(*_: Any) -> None:
            self._inside.pop()

        enter.looks_at_nothing = leave.looks_at_nothing = True  # type: ignore[attr-defined]

        return [
            layer.register_forward_pre_hook(enter),
            layer.register_forward_hook(leave, always_call=True),
        ]

    def recording(self, *, carried: Sequence[str]) -> Recording:
        """Ends the notes; what is dropped later is not noted.

        Args:
            carried: kinds of what is left behind for the next run to drop.
        """
        self._closed = True
        kept = self._kept()
        kinds = [
            self._kinds.get(number, "kept" if number in kept else "passing")
            for number in range(len(self.sizes))
        ]
        left = [n for n in sorted(self._numbers.values()) if kinds[n] in carried]
        noted = (self.sizes, kinds, self.layers, self.phases, self.events)
        return Recording(*noted, left, self.works)

    def _see(self, result: Any) -> None:
        if isinstance(result, Tensor):
            if result.layout is torch.strided:
                self._note(result.untyped_storage())
        elif isinstance(result, tuple | list):
            for part in result:
                self._see(part)

    def _note(self, storage: Any) -> None:
        key = id(storage)
        if key in self._numbers or self._closed:
            return
        number = len(self.sizes)
        self._numbers[key] = number
        self._watched[key] = weakref.ref(storage, functools.partial(self._gone, key, number))
        self._begin(storage.nbytes())

    def _begin(self, size: int) -> None:
        self.sizes.append(size)
        self.layers.append(self._inside[-1] if self._inside else "")
        backward = torch._C._current_graph_task_id() >= 0
        self.phases.append("backward" if backward else self._phase())
        self.events.append(len(self.sizes))

    def _work(self, size: int) -> None:
        """Notes memory that was there while an operation ran."""
        if size and not self._closed:
            number = len(self.sizes)
            self._kinds[number] = WORKSPACE
            self._begin(size)
            self.events.append(-number - 1)

    def _gone(self, key: int, number: int, _: Any) -> None:
        if not self._closed:
            del self._numbers[key], self._watched[key]
            self.events.append(-number - 1)

    def _kept(self) -> set[int]:
        """The storages of the forward pass that are there while the backward pass runs."""
        backward = [
            place
            for place, event in enumerate(self.events)
            if event > 0 and self.phases[event - 1] == "backward"
        ]
        born = {event - 1: place for place, event in enumerate(self.events) if event > 0}
        died = {-event - 1: place for place, event in enumerate(self.events) if event < 0}
        found = set()
        for number, place in born.items():
            if self.phases[number] in ("forward", "step"):
                after = bisect_right(backward, place)
                if after < len(backward) and backward[after] < died.get(number, len(self.events)):
                    found.add(number)
        return found


def _zero(dtype: torch.dtype) -> bool | int | float:
    if dtype is torch.bool:
        return False
    return 0.0 if dtype.is_floating_point else 0


@functools.cache
def _mask_place(func: Any) -> int | None:
    """The place of the argument that says which gradients are wanted; stand-ins give them all."""
    names = [argument.name for argument in func._schema.arguments]
    return names.index("output_mask") if "output_mask" in names else None
