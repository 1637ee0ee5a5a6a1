"""An optimizer that is made without parameters, as in Keras, and gets them later by `bind`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import torch
from torch import Tensor

from .. import _check
from ..errors import NotBuiltError

__all__ = ["BoundLater"]

Parameters = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]

# What torch's Optimizer sets when it is given parameters; asked for earlier, it is our error.
_AFTER_BIND = frozenset({"defaults", "param_groups", "state"})


class BoundLater(torch.optim.Optimizer):
    """A `torch.optim.Optimizer` whose constructor takes no parameters.

    A subclass writes `group_defaults`, and may not call torch's `__init__`; `bind` does.

    Raises:
        NotBuiltError: used before `bind`.
    """

    def __init__(self) -> None:
        # Nothing yet: torch's own constructor wants the parameters, which come with `bind`.
        pass

    def group_defaults(self) -> dict[str, Any]:
        """What stands in each parameter group beside its parameters."""
        raise NotImplementedError

    def bind(self, parameters: Parameters) -> None:
        """Gives the optimizer the parameters that it will update.

        Binding again to the same parameters changes nothing; one optimizer trains one model.

        Args:
            parameters: tensors, (name, tensor) pairs, or torch's group dicts.

        Raises:
            ArgumentError: no parameters, or bound to others before.
        """
        entries: list[Any] = list(parameters)
        if not entries:
            _check.fail(type(self).__name__, "parameters", "hold at least one tensor", entries)
        if self.bound:
            if _identities(entries) != _identities(self.param_groups):
                given = f"{len(_identities(entries))} tensors, others than those"
                fix = "Make a new optimizer: one optimizer trains one model."
                rule = "be those it was bound to before"
                _check.fail(type(self).__name__, "parameters", rule, given, fix)
            return
        torch.optim.Optimizer.__init__(self, entries, self.group_defaults())

    @property
    def bound(self) -> bool:
        """Whether the optimizer has its parameters."""
        return "param_groups" in self.__dict__

    def __getattr__(self, name: str) -> NoReturn:
        # Reached only for attributes that are not set.
        if name in _AFTER_BIND or name.startswith(("_optimizer_", "_zero_grad_")):
            raise NotBuiltError(
                f"{type(self).__name__}: the optimizer must have parameters first. Call "
                "`optimizer.bind(model.parameters())`, or give it to `model.compile`."
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.bound:
            super().__setstate__(state)


def _identities(entries: list[Any]) -> set[int]:
    """The tensors themselves, in whatever form torch takes parameters."""
    found: set[int] = set()
    for entry in entries:
        if isinstance(entry, dict):
            inner = entry["params"]
            found |= _identities([inner] if isinstance(inner, Tensor) else list(inner))
        else:
            found.add(id(entry[1] if isinstance(entry, tuple) else entry))
    return found
