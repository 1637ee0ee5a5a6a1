"""Finding where a value that must be finite stopped being so."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .. import structure
from ..records import Batch
from .finiteness import is_finite
from .rehearsal import rehearse, statistics_kept
from .step import TrainStep, forward

__all__ = ["first_bad_gradient", "first_bad_layer", "sentence", "weights_sentence"]

_SHOWN = 5


def first_bad_layer(step: TrainStep, batch: Batch) -> str:
    """The first place, in the order of the run, that holds or makes a value that is not finite.

    The forward pass is run once more with a hook on every module, so that a healthy run pays
    nothing. Moving statistics are put back afterwards.

    Returns:
        A phrase such as 'the images', 'the weight of layer "dense"' or 'the output of layer "x"'.
    """
    for name, part in (("images", batch.images), ("targets", batch.targets)):
        if not _finite(part):
            return f"the {name} of the batch{_first_sample(part, batch.sample_ids)}"
    bad = _bad_parameter(step.model)
    if bad is not None:
        return bad
    found: list[str] = []

    def watch(name: str) -> Any:
        def hook(_: nn.Module, __: Any, output: Any) -> None:
            if not found and not _finite(output):
                found.append(name)

        return hook

    leaves = [(n, m) for n, m in step.model.named_modules() if next(m.children(), None) is None]
    handles = [module.register_forward_hook(watch(name)) for name, module in leaves]
    try:
        with torch.no_grad(), statistics_kept(step.model):
            forward(
                step.model, batch.images, step.precision, step.preprocess, step.device, step.dtype
            )
    finally:
        for handle in handles:
            handle.remove()
    return f'the output of layer "{_plain(found[0])}"' if found else "the loss itself"


def first_bad_gradient(step: TrainStep, batch: Batch, *, epoch: int, number: int) -> str:
    """The parameter whose gradient is not finite and came first on the way back.

    Which gradients are bad is seen from those that the step left; where there are several, the
    batch passes once more, to see in which order gradients come. The gradients are dropped then.

    Args:
        step: whose gradients are there.
        batch: as the step's result holds it.
        epoch, number: of the epoch and the step, from 0.
    """
    names = {id(p): name for name, p in step.model.named_parameters()}
    weights: list[Tensor] = list(step.model.parameters())
    bad = [p for p in weights if p.grad is not None and not is_finite(p.grad)]
    if len(bad) > 1:
        came: list[Tensor] = []
        handles = [p.register_hook(lambda _, p=p: came.append(p)) for p in bad]
        try:
            rehearse(step, batch, epoch=epoch, number=number)
        finally:
            for handle in handles:
                handle.remove()
        bad = came or bad[::-1]
    step.optimizer.zero_grad(set_to_none=True)
    return f"the gradient of {_of_layer(names[id(bad[0])])}" if bad else "a gradient"


def sentence(step: TrainStep, batch: Batch, loss: float, *, epoch: int, number: int) -> str:
    """The sentence of a DivergedError: where in the run, what was found, what to do.

    Args:
        step, batch: whose loss or gradients are not finite.
        loss: of the batch.
        epoch, number: of the epoch and the step, from 0.
    """
    where = f"in epoch {epoch + 1}, step {number + 1}{_samples(batch.sample_ids)}"
    if is_finite(torch.tensor(loss)):
        bad = first_bad_gradient(step, batch, epoch=epoch, number=number)
        found = (
            f"fit: `gradients` must be finite. Got loss={loss:.6g} {where}; on the way back the "
            f"first that is not finite is {bad}."
        )
    else:
        found = (
            f"fit: `loss` must be finite. Got loss={loss} {where}; the first value that is not "
            f"finite is {first_bad_layer(step, batch)}."
        )
        step.optimizer.zero_grad(set_to_none=True)
    return (
        f"{found} The update was not made. Lower the learning rate, clip gradients "
        "(clipnorm=1.0), or mend the data."
    )


def weights_sentence(model: nn.Module, *, epoch: int) -> str | None:
    """The sentence for weights that the epoch's last update spoilt; None where all are finite."""
    bad = _bad_parameter(model)
    if bad is None:
        return None
    return (
        f"fit: `weights` must be finite. Got {bad} after the last update of epoch {epoch + 1}. "
        "Lower the learning rate, or clip gradients (clipnorm=1.0)."
    )


def _bad_parameter(model: nn.Module) -> str | None:
    for name, parameter in model.named_parameters():
        if not _finite(parameter):
            return _of_layer(name)
    return None


def _of_layer(name: str) -> str:
    layer, _, short = name.rpartition(".")
    return f'the {short} of layer "{_plain(layer)}"'


def _finite(part: Any) -> bool:
    return all(is_finite(leaf) for leaf in structure.leaves(part) if isinstance(leaf, Tensor))


def _first_sample(part: Any, ids: Tensor | None) -> str:
    """The first sample of a batch that holds a bad value, where samples are numbered."""
    leaf = next(x for x in structure.leaves(part) if isinstance(x, Tensor) and not is_finite(x))
    if ids is None or leaf.dim() == 0:
        return ""
    rows = torch.isfinite(leaf).reshape(len(leaf), -1).all(dim=1)
    return f", in sample {int(ids[int(rows.logical_not().nonzero()[0])])}"


def _samples(ids: Tensor | None) -> str:
    """Which samples a batch holds; the list is cut."""
    if ids is None:
        return ""
    shown = ", ".join(str(int(each)) for each in ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f", with the {'samples' if len(ids) > 1 else 'sample'} {shown}{more}"


def _plain(name: str) -> str:
    return name.removeprefix("_layers.").replace("._layers.", "/")
