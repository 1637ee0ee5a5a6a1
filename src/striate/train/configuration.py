"""What a run is by its settings, written down, so that another run is not taken for it."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import types
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from .. import _check
from ..errors import StriateError
from ..optimizers import Optimizer
from ..records import Batch
from .callbacks.base import Callback
from .step import TrainStep
from .totals import OutputMetrics

__all__ = ["batch_hash", "configuration_of", "differences", "plain", "require_same"]

_MOST_SHOWN = 8
_OF_ONE_VERSION = ("model.sha256", "graph")


def configuration_of(
    step: TrainStep,
    metrics: OutputMetrics,
    callbacks: Sequence[Callback],
    *,
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """The settings that decide what a run computes, as JSON can hold them.

    Args:
        step: model, loss, optimizer, precision, accumulation, augmentation and seed.
        metrics: of the training batches.
        callbacks: those that watch only are left out, see `Callback.settings`.
        more: what the step does not know, such as the data.
    """
    criterion = step.criterion
    losses = getattr(criterion, "losses", [criterion])
    factors = getattr(criterion, "factors", [])
    settings = [(type(each).__name__, each.settings()) for each in callbacks]
    return {
        "model": _model(step.model),
        "loss": [plain(each) for each in losses],
        "loss_weights": list(factors),
        "metrics": [[name, plain(metric)] for name, _, metric in metrics.entries],
        "optimizer": _optimizer(step.optimizer),
        "precision": step.precision,
        "preprocess": plain(step.preprocess),
        "augment": plain(step.augment),
        "accumulate": step.accumulate,
        "seed": step.seed,
        "callbacks": [[name, plain(each)] for name, each in settings if each is not None],
        **plain(dict(more)),
    }


def plain(value: Any) -> Any:
    """A setting as JSON can hold it: a record by its fields, code by its name, data by its hash.

    Example:
        >>> from striate.records import Preprocess
        >>> plain(Preprocess(scale=0.5))["scale"], plain(len), plain((1, 2))
        (0.5, 'len', [1, 2])
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, torch.Tensor):
        return f"tensor {_digest([value])}"
    if isinstance(value, functools.partial):
        return {"class_name": plain(value.func), "arguments": plain([value.args, value.keywords])}
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return value.__qualname__
    if isinstance(value, types.MethodType):
        return {"class_name": value.__func__.__qualname__, "of": plain(value.__self__)}
    name = {"class_name": type(value).__name__}
    if hasattr(value, "get_config"):
        return name | plain(value.get_config())
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return name | {each.name: plain(getattr(value, each.name)) for each in fields}
    return name


def batch_hash(batch: Batch) -> str:
    """The first digits of the SHA-256 of a batch: other data have others.

    Example:
        >>> batch_hash(Batch(torch.zeros(2))) == batch_hash(Batch(torch.ones(2)))
        False
    """
    return _digest([batch.images, batch.targets, batch.weights])


def differences(
    was: Mapping[str, Any], now: Mapping[str, Any], *, same_version: bool = True
) -> list[str]:
    """One row for each setting that is another: "name: was → is".

    A learning rate that one of the two leaves out, as it was changed on the way, is not compared.

    Args:
        was, now: from `configuration_of`.
        same_version: whether both were written by one version. Settings that only one version
            knows, and hashes of what it writes about a model, are not compared else.

    Example:
        >>> differences({"seed": 1, "a": {"b": 2}}, {"seed": 1, "a": {"b": 3}})
        ['a.b: 2 → 3']
    """
    before, after = _flat(was), _flat(now)
    rows = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        rate = name.endswith("learning_rate")
        one_sided = (rate or not same_version) and None in (old, new)
        hashed = name in _OF_ONE_VERSION and not same_version
        if old != new and not one_sided and not hashed:
            rows.append(f"{name}: {_text(old)} → {_text(new)}")
    return rows


def require_same(
    place: str, was: Mapping[str, Any], now: Mapping[str, Any], *, same_version: bool = True
) -> None:
    """Refuses to go on with other settings.

    Args:
        place: the checkpoint, for the message.
        was, now, same_version: as for `differences`.

    Raises:
        ArgumentError: they differ; each setting is named as it was and as it is.
    """
    rows = differences(was, now, same_version=same_version)
    if rows:
        shown = "; ".join(rows[:_MOST_SHOWN])
        more = f"; and {len(rows) - _MOST_SHOWN} more" if len(rows) > _MOST_SHOWN else ""
        fix = "Give the settings that were, or begin a new run in another folder."
        _check.fail("fit", "resume", f"go on with the settings of {place}", f"{shown}{more}", fix)


def _model(model: torch.nn.Module) -> dict[str, Any]:
    """The layers with their arguments, as one hash, and what of it a reader understands."""
    rows = [f"{name} {json.dumps(_layer(part))}" for name, part in model.named_modules()]
    held = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    saved = model.state_dict()
    shapes = {n: [list(t.shape), str(t.dtype)] for n, t in held.items() if n in saved}
    trains = [name for name, tensor in model.named_parameters() if tensor.requires_grad]
    text = json.dumps([rows, shapes, trains]).encode()
    return {
        "class_name": type(model).__name__,
        "layers": len(rows),
        "parameters": sum(tensor.numel() for tensor in model.parameters()),
        "trainable": len(trains),
        "sha256": hashlib.sha256(text).hexdigest()[:16],
    }


def _layer(part: torch.nn.Module) -> Any:
    """A module by its class and arguments, where it tells them; torch's own do in extra words."""
    if hasattr(part, "get_config") and not hasattr(part, "_graph"):
        with contextlib.suppress(StriateError):
            return plain(part)
    return [type(part).__name__, part.extra_repr()]


def _optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Class and arguments; no rate that is no setting any more, as the run has changed it."""
    name = {"class_name": type(optimizer).__name__}
    if isinstance(optimizer, Optimizer):
        config: dict[str, Any] = name | plain(optimizer.get_config())
        if optimizer.schedule is None and optimizer.iterations:
            config["learning_rate"] = None
        scales = [group.get("lr_scale", 1.0) for group in optimizer.param_groups]
        return config if set(scales) == {1.0} else {**config, "rate_factors": scales}
    groups = []
    for group in optimizer.param_groups:
        own = {key: plain(value) for key, value in group.items() if not key.startswith("param")}
        own["learning_rate"] = None if optimizer.state else own.pop("lr", None)
        own.pop("lr", None)
        groups.append({**own, "parameters": len(group["params"])})
    return {**name, "groups": groups}


def _digest(parts: Sequence[Any]) -> str:
    found = hashlib.sha256()
    for part in parts:
        for leaf in _tensors(part):
            array = leaf.detach().cpu().contiguous()
            found.update(f"{array.dtype}{tuple(array.shape)}".encode())
            found.update(array.reshape(-1).view(torch.uint8).numpy().data)
    return found.hexdigest()[:16]


def _tensors(part: Any) -> list[torch.Tensor]:
    if isinstance(part, torch.Tensor):
        return [part]
    if isinstance(part, Mapping):
        return [leaf for each in part.values() for leaf in _tensors(each)]
    if isinstance(part, list | tuple):
        return [leaf for each in part for leaf in _tensors(each)]
    if dataclasses.is_dataclass(part):
        values = (getattr(part, each.name) for each in dataclasses.fields(part))
        return [leaf for value in values for leaf in _tensors(value)]
    return []


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """The settings by their full names; lists by the places of their entries."""
    if isinstance(value, Mapping):
        items = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, list) and any(isinstance(each, list | dict) for each in value):
        items = [(str(place), each) for place, each in enumerate(value)]
    else:
        return {name: value}
    found: dict[str, Any] = {}
    for key, each in items:
        found |= _flat(each, f"{name}.{key}" if name else key)
    return found


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "none" if value is None else text if len(text) <= 60 else f"{text[:57]}…"
