"""One optimisation step: forward, loss, backward, update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from .. import _check, structure
from ..layers.base import Layer
from ..layers.drawing import drawing_layers, set_draws
from ..ops.random import fold
from ..records import Batch, Preprocess
from ..world import OneProcess, World
from .accumulation import Gradients, parts_of
from .criterion import CriterionFunction, Sums, shares_of, total_loss
from .finiteness import all_finite
from .precision import autocast

__all__ = [
    "Augment",
    "StepResult",
    "TrainStep",
    "device_of",
    "dtype_of",
    "forward",
    "penalised_layers",
    "to_device",
]


@dataclass(frozen=True)
class StepResult:
    """What a step computed.

    Args:
        loss: the total that was minimised, a 0-d tensor.
        sums: the parts of the loss, each as (sum, count).
        outputs: of the model, detached.
        batch: on the model's device.
        is_finite: whether the loss and all gradients are finite; if not, there was no update.
    """

    loss: Tensor
    sums: Sums
    outputs: Any
    batch: Batch
    is_finite: bool


class Augment(Protocol):
    """What changes the batches of training, such as a `striate.data.augment.Policy`."""

    def __call__(self, batch: Batch, *, seed: int, epoch: int, step: int) -> Batch:
        """The batch as it is trained on, a function of what is given."""
        ...


class TrainStep:
    """Forward, loss, backward, update for one batch.

    No update is made from a loss or a gradient that is not finite. An accelerator is waited for
    before the update, so that this holds there too.

    The loss is (sum over the batch) / (count over the batch in all processes) plus the penalties
    of the regularisers, in float32 whatever the forward pass ran in. The draws of the layers
    (Dropout) are a function of (seed, epoch, step, sample).

    Args:
        model: in training mode; any torch module.
        criterion: (outputs, targets, weights) -> {name: (sum, count)}.
        optimizer: holds the model's parameters.
        precision: "float32" or "bfloat16" for the forward pass.
        preprocess: applied to the images on the model's device. Default None: none.
        seed: of the draws.
        world: the processes of the run.
        forward: called instead of the model, such as its compiled form.
        accumulate: parts in which a batch passes through the model, one after the other. Their
            gradients are added up, so the update is the whole batch's but for rounding, in less
            memory; BatchNormalization alone takes the statistics of each part. A criterion of
            several losses then pays a backward pass for each. Default 1.
        augment: changes each batch on the model's device, before `preprocess`. Default None.

    Raises:
        ArgumentError: accumulate is not a whole number of at least 1; augment cannot be called.
    """

    updating = False
    """Whether an update has begun and not ended: what breaks it off leaves it half made."""

    def __init__(
        self,
        model: nn.Module,
        criterion: CriterionFunction,
        optimizer: torch.optim.Optimizer,
        *,
        precision: str = "float32",
        preprocess: Preprocess | None = None,
        seed: int = 0,
        world: World | None = None,
        forward: Any = None,
        accumulate: int = 1,
        augment: Augment | None = None,
    ) -> None:
        self.model = model
        self.criterion = criterion
        self.optimizer = optimizer
        self.precision = precision
        self.preprocess = preprocess
        self.seed = seed
        self.world = world or OneProcess()
        self.device, self.dtype = device_of(model), dtype_of(model)
        self.accumulate = _check.positive_int("fit", "accumulate", accumulate)
        if augment is not None and not callable(augment):
            fix = 'For example striate.data.augment.policy("standard").'
            _check.fail("fit", "augment", "be a policy", augment, fix)
        self.augment = augment
        self._forward = model if forward is None else forward
        self._drawing = drawing_layers(model)
        self._penalised = penalised_layers(model)

    def __call__(self, batch: Batch, *, epoch: int, step: int) -> StepResult:
        """Trains on one batch.

        Args:
            batch: images, targets, weights and sample ids.
            epoch, step: the place in the run, which keys the draws.
        """
        batch = self.prepared(batch, epoch=epoch, step=step)
        result = self.differentiate(batch, epoch=epoch, step=step)
        if result.is_finite:
            self.updating = True
            self.optimizer.step()
            self.updating = False
        return result

    def prepared(self, batch: Batch, *, epoch: int, step: int) -> Batch:
        """The batch on the model's device, augmented."""
        batch = to_device(batch, self.device)
        if self.augment is not None:
            batch = self.augment(batch, seed=self.seed, epoch=epoch, step=step)
        return batch

    def differentiate(self, batch: Batch, *, epoch: int, step: int) -> StepResult:
        """All of a step but the update: the gradients are in the parameters.

        Args:
            batch: from `prepared`.
            epoch, step: as for the step.
        """
        if self.accumulate > 1:
            return self._in_parts(batch, epoch, step)
        return self._result(*self._passed(batch, epoch, step), batch)

    def _passed(self, batch: Batch, epoch: int, step: int) -> tuple[Tensor, Sums, Any]:
        """Forward and backward: (loss, sums, outputs); the gradients are in the parameters."""
        outputs, sums = self._judged(batch, epoch, step)
        loss = total_loss(self.criterion, sums, self.world)
        if self._penalised:
            loss = loss + self._penalty()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        parts = {name: (_detached(total), count) for name, (total, count) in sums.items()}
        return loss.detach(), parts, structure.map_leaves(_detached, outputs)

    def _in_parts(self, batch: Batch, epoch: int, step: int) -> StepResult:
        """The same update from the gradients of several parts of the batch."""
        gradients = Gradients(self.optimizer, scale=len(batch))
        sums: dict[str, tuple[Tensor, Any]] = {}
        outputs = []
        for part in parts_of(batch, self.accumulate):
            given, of_part = self._judged(part, epoch, step)
            gradients.add(of_part)
            for name, (total, count) in of_part.items():
                before = sums.get(name, (0.0, 0))
                sums[name] = (before[0] + total.detach(), before[1] + count)
            outputs.append(structure.map_leaves(_detached, given))
        loss, penalty = total_loss(self.criterion, sums, self.world), self._penalty()
        whole = loss + (penalty.detach() if isinstance(penalty, Tensor) else penalty)
        shares = shares_of(self.criterion, sums, self.world)
        gradients.put_back(
            {
                name: sums[name][0].new_tensor(factor) / count
                for name, (count, factor) in shares.items()
            }
        )
        if isinstance(penalty, Tensor):
            penalty.backward()
        return self._result(whole, sums, _joined(outputs), batch)

    def _result(self, loss: Tensor, sums: Sums, outputs: Any, batch: Batch) -> StepResult:
        groups = self.optimizer.param_groups
        held = (parameter.grad for group in groups for parameter in group["params"])
        good = all_finite(loss, [gradient for gradient in held if gradient is not None])
        return StepResult(loss.detach(), sums, outputs, batch, good)

    def _judged(self, batch: Batch, epoch: int, step: int) -> tuple[Any, Sums]:
        """The outputs for a batch on the model's device, and the sums of their losses."""
        if self._drawing and batch.sample_ids is not None:
            set_draws(self._drawing, fold(self.seed, epoch, step), batch.sample_ids)
        outputs = forward(
            self._forward, batch.images, self.precision, self.preprocess, self.device, self.dtype
        )
        return outputs, self.criterion(outputs, batch.targets, batch.weights)

    def _penalty(self) -> Tensor | float:
        """The penalties of the regularisers; 0.0 where nothing that trains has one."""
        terms = (layer.regularization() for layer in self._penalised)
        return sum((term for term in terms if term is not None), 0.0)


def forward(
    model: Any,
    images: Any,
    precision: str,
    preprocess: Preprocess | None,
    device: torch.device,
    dtype: torch.dtype | None = None,
) -> Any:
    """The outputs of a model for images, preprocessed on the device, floating point as `dtype`."""
    if preprocess is not None and not preprocess.is_identity:
        images = structure.map_leaves(preprocess.apply, images)
    if dtype is not None:
        images = structure.map_leaves(
            lambda leaf: leaf.to(dtype) if leaf.is_floating_point() else leaf, images
        )
    with autocast(precision, device):
        return model(images)


def penalised_layers(model: nn.Module) -> list[Any]:
    """The layers inside that have regularisers."""
    return [m for m in model.modules() if isinstance(m, Layer) and m._regularizers]


def device_of(model: nn.Module) -> torch.device:
    """Where the model's parameters are; the processor for a model without any."""
    first = next(model.parameters(), None)
    return torch.device("cpu") if first is None else first.device


def dtype_of(model: nn.Module) -> torch.dtype | None:
    """The number type of the model's first floating-point parameter; None without any."""
    return next((p.dtype for p in model.parameters() if p.is_floating_point()), None)


def to_device(batch: Batch, device: torch.device) -> Batch:
    """The batch on a device; the very same batch if it is there already."""
    if device.type == "cpu":
        return batch

    def move(leaf: Any) -> Any:
        return leaf.to(device, non_blocking=True) if isinstance(leaf, Tensor) else leaf

    parts = (batch.images, batch.targets, batch.weights, batch.sample_ids)
    return Batch(*(structure.map_leaves(move, part) for part in parts))


def _detached(output: Any) -> Any:
    return output.detach() if isinstance(output, Tensor) else output


def _joined(outputs: list[Any]) -> Any:
    """The outputs for the parts of a batch as the outputs for the batch."""
    parts = zip(*(structure.leaves(each) for each in outputs), strict=True)
    whole = [torch.cat(each) if isinstance(each[0], Tensor) else each[0] for each in parts]
    return structure.pack_like(outputs[0], iter(whole))
