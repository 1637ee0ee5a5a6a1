"""Which weight of a model is which tensor of a file: by name, then by shape and kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor

from .. import _check

__all__ = ["WeightsReport", "match_weights"]

_WRAPPERS = ("module.", "_orig_mod.")
_HOLDER = "_layers."
_COUNTER = "num_batches_tracked"
_SHOWN = 6
_NEAREST = 20


@dataclass(frozen=True)
class WeightsReport:
    """How the tensors of a file fit the weights of a model.

    Args:
        matched: the model's names -> the file's.
        missing: weights of the model that the file does not have -> the nearest name that is
            left, or "".
        unlike: weights of the model whose tensor has another shape or kind -> (the model's, the
            file's).
        unused: the file's tensors that the model has no place for.
        left_out: what stands in the file beside the weights, and the counters that torch keeps
            and no layer here needs.
    """

    matched: Mapping[str, str]
    missing: Mapping[str, str]
    unlike: Mapping[str, tuple[str, str]]
    unused: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether every weight has its tensor, and every tensor its weight."""
        return not (self.missing or self.unlike or self.unused)

    def lines(self) -> list[str]:
        """One line for each weight and tensor that does not fit."""
        rows = []
        for name, near in self.missing.items():
            rows.append(f"missing  {name}" + (f"  nearest {_printable(near)}" if near else ""))
        for name, (mine, given) in self.unlike.items():
            rows.append(f"unlike   {name}  {mine}, not {given}")
        return rows + [f"unused   {_printable(name)}" for name in self.unused]

    def __str__(self) -> str:
        parts = [f"{len(self.matched)} that fit"]
        for word, names in (("missing", self.missing), ("unlike", self.unlike)):
            parts += _some(word, names)
        return ", ".join([*parts, *_some("unused", self.unused)])


def match_weights(
    wanted: Mapping[str, Tensor], given: Mapping[str, Tensor], *, left_out: Iterable[str] = ()
) -> WeightsReport:
    """Finds for each weight the tensor of its name.

    Names are compared as they are where all agree. Else the part `_layers.`, which striate writes
    before the name of a model's layer, is left out on both sides, and the prefix `module.` or
    `_orig_mod.`, which torch's wrappers write before every name, on the file's.

    Args:
        wanted: the model's weights by state name.
        given: the file's tensors by name.
        left_out: what the file holds besides, for the report.

    Example:
        >>> import torch
        >>> report = match_weights({"_layers.a.weight": torch.ones(2)}, {"a.weight": torch.ones(2)})
        >>> report.matched, report.fits
        ({'_layers.a.weight': 'a.weight'}, True)
    """
    counters = [n for n in given if n.rpartition(".")[2] == _COUNTER and n not in wanted]
    names = [name for name in given if name not in counters]
    mine, theirs = {name: name for name in wanted}, {name: name for name in names}
    if set(mine) != set(theirs):
        plain = _plain(wanted), _plain(_unwrapped(names))
        if len(plain[0]) == len(mine) and len(plain[1]) == len(theirs):
            theirs = {key: names[place] for key, place in plain[1].items()}
            mine = {key: list(wanted)[place] for key, place in plain[0].items()}
    unused = [theirs[key] for key in theirs if key not in mine]
    matched: dict[str, str] = {}
    missing: dict[str, str] = {}
    unlike: dict[str, tuple[str, str]] = {}
    for key, name in mine.items():
        if key not in theirs:
            near = _check.nearest(key, unused, 1) if len(missing) < _NEAREST else []
            missing[name] = near[0] if near else ""
        elif not _alike(wanted[name], given[theirs[key]]):
            unlike[name] = _described(wanted[name]), _described(given[theirs[key]])
        else:
            matched[name] = theirs[key]
    return WeightsReport(matched, missing, unlike, tuple(unused), (*left_out, *counters))


def _plain(names: Iterable[str]) -> dict[str, int]:
    """Each name without the holders of layers -> its place."""
    return {name.replace(_HOLDER, ""): place for place, name in enumerate(names)}


def _unwrapped(names: list[str]) -> list[str]:
    for wrapper in (*_WRAPPERS, *_WRAPPERS):
        if names and all(name.startswith(wrapper) for name in names):
            names = [name.removeprefix(wrapper) for name in names]
    return names


def _alike(mine: Tensor, given: Tensor) -> bool:
    return mine.shape == given.shape and mine.is_floating_point() == given.is_floating_point()


def _described(tensor: Tensor) -> str:
    return f"{str(tensor.dtype).removeprefix('torch.')} {tuple(tensor.shape)}"


def _some(word: str, names: Iterable[str]) -> list[str]:
    listed = list(names)
    if not listed:
        return []
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return [f"{len(listed)} {word} ({', '.join(map(_printable, listed[:_SHOWN]))}{more})"]


def _printable(name: str) -> str:
    """A name from a file, as it may stand on a line."""
    return (name if name.isprintable() else ascii(name))[:80]
