"""Checks array annotations, Float[Tensor, "n h w c"], at every call that the tests make.

Three rules make it fit the package:
- after, not before: a function's own error (its words are tested) comes first; what it accepted
  and returned must then fit its annotations;
- only arrays: `int` takes whatever counts as a whole number, as `_check` says;
- not while a graph is traced: there, sizes are symbols, and comparing them would fix them.
"""

from __future__ import annotations

import typing

import beartype
import jaxtyping
import torch


def install(modules):
    """Checks these modules, and what is inside them, from their first import on."""
    jaxtyping.config.__class__ = _OffWhileTracing
    jaxtyping.install_import_hook(modules, "tests.array_types.checked")


def checked(function):
    """The type checker that jaxtyping applies, to the arguments, then to all and the result."""
    arguments_only = function.__annotations__.get("return") is typing.Any
    if arguments_only:
        return function
    hints = {name: hint for name, hint in function.__annotations__.items() if _has_array(hint)}
    function.__annotations__ = hints
    return beartype.beartype(function)


def _has_array(hint):
    if isinstance(hint, type) and issubclass(hint, jaxtyping.AbstractArray):
        return True
    return any(_has_array(part) for part in typing.get_args(hint))


class _OffWhileTracing(type(jaxtyping.config)):
    @property
    def jaxtyping_disable(self):
        return torch.compiler.is_compiling()
