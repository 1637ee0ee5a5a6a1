"""One row per public function of `striate.ops`: a call, and the tensors that it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from striate import ops


@dataclass(frozen=True)
class OpRow:
    """A function of tensors.

    Args:
        name: its public name.
        shapes: of its tensors, in their order.
        call: what it is called with besides. Default: nothing.
    """

    name: str
    shapes: tuple[tuple[int, ...], ...]
    call: Callable[..., Any]

    def __str__(self) -> str:
        return self.name

    def tensors(self, dtype: torch.dtype = torch.float32) -> list[torch.Tensor]:
        """Random tensors of the row's shapes."""
        generator = torch.Generator().manual_seed(1)
        return [torch.rand(shape, generator=generator).to(dtype) for shape in self.shapes]


MAPS, ROWS, CHANNELS = (2, 6, 5, 4), (2, 4), (4,)

ACTIVATIONS = (
    "elu gelu hard_sigmoid hard_swish leaky_relu log_softmax relu relu6 scaled_tanh selu sigmoid "
    "silu softmax softmin softplus softsign tanh"
).split()

OPS = [
    *(OpRow(name, (MAPS,), getattr(ops, name)) for name in ACTIVATIONS),
    OpRow("adjust_brightness", (MAPS, (2,)), lambda x, d: ops.adjust_brightness(x, d)),
    OpRow("adjust_contrast", (MAPS, (2,)), lambda x, f: ops.adjust_contrast(x, f)),
    OpRow("affine_transform", (MAPS, (2, 2, 3)), ops.affine_transform),
    OpRow("avg_pool", (MAPS,), lambda x: ops.avg_pool(x, 2)),
    OpRow(
        "batch_norm",
        (MAPS, CHANNELS, CHANNELS),
        lambda x, m, v: ops.batch_norm(x, mean=m, variance=v),
    ),
    OpRow(
        "batch_norm_training",
        (MAPS, CHANNELS, CHANNELS),
        lambda x, m, v: ops.batch_norm_training(x, running_mean=m, running_var=v),
    ),
    OpRow("center_crop", (MAPS,), lambda x: ops.center_crop(x, (3, 4))),
    OpRow("conv2d", (MAPS, (3, 3, 4, 2)), ops.conv2d),
    OpRow("conv2d_transpose", (MAPS, (3, 3, 2, 4)), ops.conv2d_transpose),
    OpRow(
        "crop_and_resize", (MAPS, (3, 4)), lambda x, b: ops.crop_and_resize(x, b, [0, 1, 1], (2, 2))
    ),
    OpRow("depth_pool", (MAPS,), lambda x: ops.depth_pool(x, 2)),
    OpRow("depthwise_conv2d", (MAPS, (3, 3, 4, 2)), ops.depthwise_conv2d),
    OpRow("flip", (MAPS,), ops.flip),
    OpRow("global_avg_pool", (MAPS,), ops.global_avg_pool),
    OpRow("global_max_pool", (MAPS,), ops.global_max_pool),
    OpRow("group_norm", (MAPS,), lambda x: ops.group_norm(x, 2)),
    OpRow("layer_norm", (MAPS,), ops.layer_norm),
    OpRow("local_response_normalization", (MAPS,), ops.local_response_normalization),
    OpRow("logits_of", (MAPS,), ops.logits_of),
    OpRow("max_pool", (MAPS,), lambda x: ops.max_pool(x, 2)),
    OpRow("pixel_shuffle", (MAPS,), lambda x: ops.pixel_shuffle(x, 2)),
    OpRow("random_crop", (MAPS,), lambda x: ops.random_crop(x, (3, 2))),
    OpRow("resize", (MAPS,), lambda x: ops.resize(x, (4, 7))),
]
