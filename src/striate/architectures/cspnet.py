"""CSPNet: Wang, Liao, Yeh, Wu, Chen & Hsieh, 2019, 1911.11929.

"CSPNet: A New Backbone that can Enhance Learning Capability of CNN".

A stage sends only some of its channels through its blocks; the others go past them, and both are
joined at its end. So no gradient is computed twice, and a net needs less work and fewer parameters
for the same accuracy. Each part begins with a 1 × 1 convolution; one after the blocks and one after
the joining are the partial transition.

stage              CSPResNet-50       CSPResNeXt-50      CSPDarknet-53
conv1              128 × 128 ×   64   128 × 128 ×   64   256 × 256 ×   32
stage1              64 ×  64 ×  128    64 ×  64 ×  256   128 × 128 ×   64
stage2              32 ×  32 ×  256    32 ×  32 ×  512    64 ×  64 ×  128
stage3              16 ×  16 ×  512    16 ×  16 × 1024    32 ×  32 ×  256
stage4               8 ×   8 × 1024     8 ×   8 × 2048    16 ×  16 ×  512
stage5             -                  -                    8 ×   8 × 1024
blocks             3, 3, 5, 2         3, 3, 5, 2         1, 2, 8, 8, 4
parameters         21,607,848         20,557,480         27,642,184
parameters, timm   21,616,168         20,569,896         27,642,184
multiply-adds       4.48 billion       3.96 billion       6.53 billion, at 256 × 256

The paper has no table of layers: the nets are those of its code, csresnet50.cfg, csresnext50.cfg
and csdarknet53.cfg, with slope 0.1 of the leaky ReLUs and He's normal weights. In the first stage
of the ResNets the blocks begin with 64 channels, and the shortcut is added to the first 64 of 128.

Differs from the paper: nothing. timm's nets have 128 channels there, pool by 3 × 3, have no
activation where any stage of a ResNet parts, slope 0.01 and momentum 0.9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import Add, Concatenate, Dense, GlobalAveragePooling2D, MaxPooling2D, ZeroChannels
from ..layers.dialect import PAPER, TIMM, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Bottleneck",
    "CSPNet",
    "Dark",
    "Variant",
    "cspdarknet53",
    "cspresnet50",
    "cspresnext50",
]

_LEAKY = "leaky_relu"


def _conv(x: Any, filters: int, kernel_size: int, *, dialect: Dialect, **options: Any) -> Any:
    """A convolution, its normalisation and a leaky ReLU."""
    return dialect.conv_norm(x, filters, kernel_size, activation=_LEAKY, **options)


@dataclass(frozen=True)
class Bottleneck:
    """1 × 1, 3 × 3 and 1 × 1, the shortcut, and the activation after the sum.

    Args:
        inner: channels of the first two.
        filters: of the last, and of the output.
        groups: of the 3 × 3 convolution.
    """

    inner: int
    filters: int
    groups: int = 1

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """leaky_relu(block(x) + x); a narrower x is added to the first channels."""
        y = _conv(x, self.inner, 1, dialect=dialect, name=f"{name}_1")
        y = _conv(y, self.inner, 3, groups=self.groups, dialect=dialect, name=f"{name}_2")
        y = dialect.conv_norm(y, self.filters, 1, activation=None, name=f"{name}_3")
        missing = self.filters - x.shape[-1]
        shortcut = ZeroChannels(0, missing, name=f"{name}_0_pad")(x) if missing else x
        x = Add(name=f"{name}_add")([shortcut, y])
        return dialect.active(x, _LEAKY, name=f"{name}_out")


@dataclass(frozen=True)
class Dark:
    """1 × 1, 3 × 3, and the shortcut.

    Args:
        inner: channels of the first.
        filters: of the second, and of the output.
        groups: of the 3 × 3 convolution.
    """

    inner: int
    filters: int
    groups: int = 1

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The sum; no activation follows it."""
        y = _conv(x, self.inner, 1, dialect=dialect, name=f"{name}_1")
        y = _conv(y, self.filters, 3, groups=self.groups, dialect=dialect, name=f"{name}_2")
        return Add(name=f"{name}_add")([x, y])


@dataclass(frozen=True)
class Variant:
    """One of the nets.

    Args:
        block: its kind.
        stem: filters, kernel and strides of the first convolution.
        pool: side of the pooling after it; None for no pooling, and a first stage that strides.
        blocks: how many in each stage.
        widths: channels at the end of each stage.
        parts: channels of each of the two parts.
        begins: channels with which the blocks of each stage begin.
        inner: channels inside of a block.
        linear: numbers of the stages that have no activation where they part.
        groups: of the 3 × 3 convolutions.
    """

    block: type[Bottleneck] | type[Dark]
    stem: tuple[int, int, int]
    pool: int | None
    blocks: tuple[int, ...]
    widths: tuple[int, ...]
    parts: tuple[int, ...]
    begins: tuple[int, ...]
    inner: tuple[int, ...]
    linear: tuple[int, ...] = ()
    groups: int = 1

    def as_timm(self) -> Variant:
        """How timm has it."""
        linear = (1, 2, 3, 4) if self.linear else ()
        return replace(self, pool=self.pool and 3, begins=self.parts, linear=linear)


_RESNET = Variant(
    Bottleneck,
    stem=(64, 7, 2),
    pool=2,
    blocks=(3, 3, 5, 2),
    widths=(128, 256, 512, 1024),
    parts=(128, 256, 512, 1024),
    begins=(64, 256, 512, 1024),
    inner=(64, 128, 256, 512),
    linear=(2, 3),
)
VARIANTS = {
    "cspresnet50": _RESNET,
    "cspresnext50": replace(
        _RESNET,
        widths=(256, 512, 1024, 2048),
        parts=(128, 256, 512, 1024),
        begins=(64, 256, 512, 1024),
        inner=(128, 256, 512, 1024),
        groups=32,
    ),
    "cspdarknet53": Variant(
        Dark,
        stem=(32, 3, 1),
        pool=None,
        blocks=(1, 2, 8, 8, 4),
        widths=(64, 128, 256, 512, 1024),
        parts=(64, 64, 128, 256, 512),
        begins=(64, 64, 128, 256, 512),
        inner=(32, 64, 128, 256, 512),
    ),
}


class CSPNet(Backbone):
    """A ResNet, a ResNeXt or a Darknet of cross-stage partial stages.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        if dialect.name == "timm":
            variant = variant.as_timm()
        inputs = Input(options.input_shape)
        filters, kernel, strides = variant.stem
        x = _conv(inputs, filters, kernel, strides=strides, dialect=dialect, name="conv1")
        stages = {"conv1": x}
        if variant.pool is not None:
            padding = dialect.padding(3, strides=2) if variant.pool == 3 else "same"
            x = MaxPooling2D(variant.pool, 2, padding=padding, name="pool1_pool")(x)
        for stage in range(len(variant.blocks)):
            name = f"stage{stage + 1}"
            if stage or variant.pool is None:
                filters = variant.widths[stage] if variant.block is Dark else x.shape[-1]
                down = {"strides": 2, "groups": variant.groups, "name": f"{name}_down"}
                x = _conv(x, filters, 3, dialect=dialect, **down)
            x = stages[name] = _parted(x, variant, stage, dialect=dialect, name=name)
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _parted(x: Any, variant: Variant, stage: int, *, dialect: Dialect, name: str) -> Any:
    """What goes past the blocks, what goes through them, and their joining."""
    part = variant.parts[stage]
    activation = None if stage + 1 in variant.linear else _LEAKY
    past = dialect.conv_norm(x, part, 1, activation=activation, name=f"{name}_past")
    x = dialect.conv_norm(
        x, variant.begins[stage], 1, activation=activation, name=f"{name}_through"
    )
    for number in range(1, variant.blocks[stage] + 1):
        block = variant.block(variant.inner[stage], part, variant.groups)
        x = block(x, dialect=dialect, name=f"{name}_block{number}")
    x = _conv(x, part, 1, dialect=dialect, name=f"{name}_after")
    x = Concatenate(name=f"{name}_concat")([past, x])
    return _conv(x, variant.widths[stage], 1, dialect=dialect, name=f"{name}_transition")


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    layer = Dense(
        options.classes,
        options.classifier_activation,
        kernel_initializer="he_normal",
        name="predictions",
    )
    return layer(x)


def _net(name: str) -> Architecture:
    return Architecture(
        name,
        CSPNet,
        VARIANTS[name],
        input_shape=(256, 256, 3),
        dialects=(replace(PAPER, momentum=0.99), replace(TIMM, leak=0.01)),
    )


cspresnet50 = _net("cspresnet50")
cspresnext50 = _net("cspresnext50")
cspdarknet53 = _net("cspdarknet53")
