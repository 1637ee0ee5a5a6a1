"""An optimizer that is made without parameters, as in Keras, and gets them later by `bind`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any, NoReturn

import torch
from torch import Tensor

from .. import _check
from ..errors import NotBuiltError
from .groups import grouped

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

    # torch wraps these so that its compiler leaves them alone, and the wrapper imports the whole
    # compiler at the first call, for a second or two. Nothing here is compiled.
    add_param_group = inspect.unwrap(torch.optim.Optimizer.add_param_group)
    zero_grad = inspect.unwrap(torch.optim.Optimizer.zero_grad)
    state_dict = inspect.unwrap(torch.optim.Optimizer.state_dict)
    load_state_dict = inspect.unwrap(torch.optim.Optimizer.load_state_dict)

    def __init__(self) -> None:
        # torch's own constructor wants the parameters, which come with `bind`.
        self._undecayed: list[Tensor] = []
        self._rate_scales: dict[Tensor, float] = {}

    def group_defaults(self) -> dict[str, Any]:
        """What stands in each parameter group beside its parameters."""
        raise NotImplementedError

    def exclude_from_weight_decay(self, var_list: Iterable[Tensor]) -> None:
        """Leaves parameters out of the weight decay: they come to a group of their own.

        To be called before the optimizer gets its parameters, that is before `fit`. Default
        without the call: every parameter decays, as in Keras.

        Args:
            var_list: the parameters, such as `striate.train.norms_and_biases(model)`.

        Raises:
            ArgumentError: called too late; or, by `bind`, a tensor is not among the parameters.

        Example:
            >>> from striate.optimizers import SGD
            >>> kernel, bias = (torch.ones(1, requires_grad=True) for _ in range(2))
            >>> optimizer = SGD(0.1, weight_decay=0.5)
            >>> optimizer.exclude_from_weight_decay([bias])
            >>> optimizer.bind([kernel, bias])
            >>> (0.0 * kernel + 0.0 * bias).backward()
            >>> optimizer.step()
            >>> round(kernel.item(), 4), bias.item()
            (0.95, 1.0)
        """
        self._require_unbound("be left out")
        self._undecayed = list(var_list)

    def scale_learning_rate(self, var_list: Iterable[Tensor], factor: float) -> None:
        """Gives parameters a part of the learning rate, such as those that are trained already.

        To be called before the optimizer gets its parameters, that is before `fit`; once for each
        factor, and the last call holds for a parameter that is named twice. A schedule, a rate
        that is assigned and the weight decay all follow the factor.

        Args:
            var_list: the parameters, such as `base.trainable_weights`.
            factor: of the learning rate, above 0.

        Raises:
            ArgumentError: called too late, or a factor that is not above 0; or, by `bind`, a
                tensor is not among the parameters.

        Example:
            >>> from striate.optimizers import SGD
            >>> base, head = (torch.ones(1, requires_grad=True) for _ in range(2))
            >>> optimizer = SGD(0.1)
            >>> optimizer.scale_learning_rate([base], 0.5)
            >>> optimizer.bind([base, head])
            >>> (base + head).backward()
            >>> optimizer.step()
            >>> round(base.item(), 4), round(head.item(), 4), optimizer.learning_rate
            (0.95, 0.9, 0.1)
        """
        self._require_unbound("get a factor")
        if not isinstance(factor, bool) and factor == 0:
            rule = "be above 0: what shall not train is frozen"
            fix = "Set trainable = False on its layers."
            _check.fail(type(self).__name__, "factor", rule, factor, fix)
        factor = _check.positive(type(self).__name__, "factor", factor)
        self._rate_scales |= dict.fromkeys(var_list, factor)

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
        if self._undecayed or self._rate_scales:
            place = type(self).__name__
            entries = grouped(entries, self._undecayed, self._rate_scales, place=place)
        torch.optim.Optimizer.__init__(self, entries, self.group_defaults())
        for group in self.param_groups:
            group["lr"] *= group.get("lr_scale", 1.0)

    def _require_unbound(self, what: str) -> None:
        if self.bound:
            fix = "Call it right after the optimizer is made."
            rule = f"{what} before the optimizer gets its parameters"
            _check.fail(type(self).__name__, "var_list", rule, "a call after that", fix)

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
