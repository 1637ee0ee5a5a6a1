"""remedies: what each way to need less memory would save, computed for a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import torch

from ..errors import ShapeError, WeightsError
from ..plan.plan import Plan
from ..plan.remedy import Remedy
from .backbone import Backbone
from .loading import rebuild
from .network import Network
from .planning import plan
from .saving import describe

__all__ = ["remedies"]

_DEVICES = (2, 4)
_PARTS = (2, 4)
_CONVOLUTIONS = ("Conv2D", "SeparableConv2D")


def remedies(
    model: Network, found: Plan, *, optimizer: str | torch.optim.Optimizer | None = None
) -> list[Remedy]:
    """What each remedy would save of a plan's peak.

    A smaller batch and several devices are the same run with fewer samples. Other numbers, parts
    of a batch and a changed net are planned anew. Checkpoints at the stages, or after so many
    layers where there are none, keep the ends of the stages and one stage at a time.

    Args:
        model: of the plan.
        found: its plan.
        optimizer: as in `plan`.

    Example:
        >>> import striate
        >>> net = striate.Sequential(
        ...     [striate.layers.Conv2D(8, 3, input_shape=(28, 28, 1)), striate.layers.Flatten()]
        ... )
        >>> remedies(net, plan(net, 64))[0].name
        'half the batch'
    """
    return list(_found(model, found, optimizer))


def _found(model: Network, found: Plan, optimizer: Any) -> Iterator[Remedy]:
    before = found.peak_bytes

    def remedy(name: str, how: str, peak_bytes: int) -> Remedy:
        return Remedy(name, how, peak_bytes, before - peak_bytes)

    def again(net: Network, **changes: Any) -> int:
        how: dict[str, Any] = {
            "mode": found.mode,
            "precision": found.precision,
            "pixels": found.pixels,
        }
        how |= {"accumulate": found.accumulate, "ema": found.ema, "size": _size(found)}
        return plan(net, found.batch, optimizer=optimizer, **{**how, **changes}).peak_bytes

    batch = found.batch
    if batch > 1:
        half = found.with_batch(batch // 2).peak_bytes
        yield remedy("half the batch", f"batch_size={batch // 2}", half)
    strided = _changed(model, _stride_two)
    if strided is not None:
        text = "strides=2 in the first convolution"
        with suppress(ShapeError):  # where open sizes become too small
            yield remedy("stride 2", text, again(strided))
    name = _costliest(model, found)
    shorter = None if name is None else _changed(model, lambda part: _leave_out(part, name))
    if shorter is not None:
        yield remedy("a layer less", f'without "{name}"', again(shorter))
    if found.precision == "float32":
        peak = again(model, precision="bfloat16")
        yield remedy("16 bits", 'precision="bfloat16"', peak)
    if found.mode == "train":
        for parts in _PARTS:
            if found.accumulate < parts <= batch:
                peak = again(model, accumulate=parts)
                yield remedy(f"{parts} parts", f"accumulate={parts}", peak)
        yield remedy("checkpoints", "recompute each stage", _checkpointed(model, found))
    for devices in _DEVICES:
        if batch >= devices:
            share = found.with_batch(-(-batch // devices)).peak_bytes
            yield remedy(f"{devices} devices", f"a batch of {batch} over {devices} devices", share)


def _size(found: Plan) -> tuple[int, int] | None:
    shape = found.input_shape
    return shape[:2] if len(shape) == 3 and not isinstance(shape[0], tuple) else None


def _changed(model: Network, change: Callable[[dict[str, Any]], bool]) -> Network | None:
    """A copy of a net without numbers, changed; None where it cannot be copied or changed."""
    try:
        description = describe(model)
        if not change(description):
            return None
        with torch.device("meta"):
            twin: Any = rebuild(description)
    except (ShapeError, WeightsError):
        return None
    for word in ("compiled", "optimizer"):
        if hasattr(model, word):
            setattr(twin, word, getattr(model, word))
    return twin  # type: ignore[no-any-return]


def _stride_two(description: dict[str, Any]) -> bool:
    for part in description["layers"]:
        if part["type"] in _CONVOLUTIONS:
            steps = part["config"]["strides"]
            both = steps if isinstance(steps, list | tuple) else (steps, steps)
            part["config"]["strides"] = [2 * step for step in both]
            return True
    return False


def _leave_out(description: dict[str, Any], name: str) -> bool:
    """Puts a layer that does nothing in the place of one."""
    for part in description["layers"]:
        if part.get("name") == name:
            part |= {"type": "Activation", "config": {"activation": "linear"}}
            return True
    return False


def _costliest(model: Network, found: Plan) -> str | None:
    """The layer with weights that makes most, among those that leave the shape as it is."""
    best, most = None, 0
    shapes = dict(zip(model.layer_names, (layer.built_for for layer in model.layers), strict=True))
    for row in found.rows:
        made = row.kept_bytes if found.mode == "train" else row.output_bytes or 0
        given = shapes.get(row.name)
        if row.parameters and isinstance(given, tuple) and _same(given[1:], row.output_shape):
            if made > most:
                best, most = row.name, made
    return best


def _same(given: Sequence[Any], made: Sequence[Any]) -> bool:
    """Whether two shapes are alike where both are known."""
    both = zip(given, made, strict=False)
    return len(given) == len(made) and all(a in (None, b) for a, b in both)


def _checkpointed(model: Network, found: Plan) -> int:
    """The peak with the ends of the stages kept, and all of one stage at a time."""
    peak = found.peak()
    ends = _stage_ends(model, found)
    samples = -(-found.batch // found.accumulate)
    kept, largest, inside = 0, 0, 0
    for row in found.rows:
        inside += row.kept_bytes
        if row.name in ends:
            kept, largest, inside = kept + (row.output_bytes or 0), max(largest, inside), 0
    whole = kept + max(largest, inside)
    return peak.total_bytes - peak.by_kind.get("kept", 0) + whole * samples


def _stage_ends(model: Network, found: Plan) -> set[str]:
    """The names of the layers at which stages end; every so many where there are no stages."""
    names = [row.name for row in found.rows]
    if isinstance(model, Backbone) and model.stages:
        by_id = dict(zip(map(id, model.layers), model.layer_names, strict=True))
        made = [tensor.call.layer for tensor in model._stages.values() if tensor.call]
        return {by_id[id(layer)] for layer in made if id(layer) in by_id}
    each = max(1, round(len(names) ** 0.5))
    return set(names[each - 1 :: each])
