"""Finding where a value that must be finite stopped being so."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .. import structure
from ..records import Batch
from .step import TrainStep, forward

__all__ = ["first_bad_layer", "sentence", "weights_sentence"]


def first_bad_layer(step: TrainStep, batch: Batch) -> str:
    """The first place, in the order of the run, that holds or makes a value that is not finite.

    The forward pass is run once more with a hook on every module, so that a healthy run pays
    nothing. Moving statistics are put back afterwards.

    Returns:
        A phrase such as 'the images', 'the weight of layer "dense"' or 'the output of layer "x"'.
    """
    for name, part in (("images", batch.images), ("targets", batch.targets)):
        if not _finite(part):
            return f"the {name} of the batch"
    bad = _bad_parameter(step.model)
    if bad is not None:
        return bad
    found: list[str] = []

    def watch(name: str) -> Any:
        def hook(_: nn.Module, __: Any, output: Any) -> None:
            if not found and not _finite(output):
                found.append(name)

        return hook

    kept = {name: value.clone() for name, value in step.model.named_buffers()}
    leaves = [(n, m) for n, m in step.model.named_modules() if next(m.children(), None) is None]
    handles = [module.register_forward_hook(watch(name)) for name, module in leaves]
    try:
        with torch.no_grad():
            forward(
                step.model, batch.images, step.precision, step.preprocess, step.device, step.dtype
            )
    finally:
        for handle in handles:
            handle.remove()
        with torch.no_grad():
            for name, value in step.model.named_buffers():
                value.copy_(kept[name])
    return f'the output of layer "{_plain(found[0])}"' if found else "the loss itself"


def sentence(step: TrainStep, batch: Batch, loss: float, *, epoch: int, number: int) -> str:
    """The sentence of a DivergedError: where in the run, what was found, what to do.

    Args:
        step, batch, loss: what was not finite.
        epoch, number: of the epoch and the step, from 0.
    """
    return (
        f"fit: `loss` must be finite. Got loss={loss} in epoch {epoch + 1}, step {number + 1}; the "
        f"first value that is not finite is {first_bad_layer(step, batch)}. The update was not "
        "made. Lower the learning rate, clip gradients (clipnorm=1.0), or mend the data."
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
            layer, _, short = name.rpartition(".")
            return f'the {short} of layer "{_plain(layer)}"'
    return None


def _finite(part: Any) -> bool:
    tensors = [x for x in structure.leaves(part) if isinstance(x, Tensor) and x.is_floating_point()]
    return all(bool(torch.isfinite(tensor).all()) for tensor in tensors)


def _plain(name: str) -> str:
    return name.removeprefix("_layers.").replace("._layers.", "/")
