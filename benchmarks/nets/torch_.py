"""The nets of the rows in plain PyTorch, NCHW, with torchvision's names of weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch.nn.functional as F
from torch import Tensor, nn

from .mobilenet_v2 import MOBILENET_V2

Relu = Callable[[], nn.Module]


def build(name: str, *, tuned: bool = False) -> nn.Module:
    """The net of a name, logits out; tuned: relus in place, and made for channels-last memory."""
    relu = partial(nn.ReLU, inplace=tuned)
    model = BUILDERS[name](relu, FlattenChannelsLast() if tuned else nn.Flatten())
    model.apply(begin)
    return model


def begin(module: nn.Module) -> None:
    """The random start of Keras' layers, so that all contenders learn alike; He's before a norm."""
    if isinstance(module, nn.Conv2d | nn.Linear):
        if module.bias is None:
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        else:
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)


class FlattenChannelsLast(nn.Module):
    """(n, c, h, w) in channels-last memory -> (n, h * w * c), which copies nothing."""

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


def s1(relu: Relu, flatten: nn.Module) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3), relu(),
        flatten, nn.Linear(1152, 10),
    )  # fmt: skip


def s2(relu: Relu, flatten: nn.Module) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3), relu(),
        flatten, nn.Linear(576, 64), relu(), nn.Linear(64, 10),
    )  # fmt: skip


def f(relu: Relu, flatten: nn.Module) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 64, 7, padding=3), relu(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), relu(),
        nn.Conv2d(128, 128, 3, padding=1), relu(), nn.MaxPool2d(2),
        nn.Conv2d(128, 256, 3, padding=1), relu(),
        nn.Conv2d(256, 256, 3, padding=1), relu(), nn.MaxPool2d(2),
        flatten, nn.Linear(2304, 128), relu(), nn.Dropout(0.5),
        nn.Linear(128, 64), relu(), nn.Dropout(0.5), nn.Linear(64, 10),
    )  # fmt: skip


class Mean(nn.Module):
    """The mean of each channel."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


def s1_mean(relu: Relu, flatten: nn.Module) -> nn.Module:
    *convolutions, _, _ = s1(relu, flatten)
    return nn.Sequential(*convolutions, Mean(), nn.Linear(128, 10))


class Block(nn.Module):
    """A residual block of ResNet: two 3 × 3 convolutions, or a bottleneck."""

    def __init__(self, inputs: int, width: int, stride: int, *, bottleneck: bool) -> None:
        super().__init__()
        outputs = 4 * width if bottleneck else width
        sizes = [(inputs, width, 1), (width, width, 3), (width, outputs, 1)]
        rows = sizes if bottleneck else [(inputs, width, 3), (width, width, 3)]
        strided = 1 if bottleneck else 0
        for number, (a, b, size) in enumerate(rows):
            step = stride if number == strided else 1
            conv = nn.Conv2d(a, b, size, step, size // 2, bias=False)
            self.add_module(f"conv{number + 1}", conv)
            self.add_module(f"bn{number + 1}", nn.BatchNorm2d(b))
        names = range(1, len(rows) + 1)
        self.steps = [(getattr(self, f"conv{n}"), getattr(self, f"bn{n}")) for n in names]
        self.downsample: nn.Module | None = None
        if stride != 1 or inputs != outputs:
            conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        *first, (conv, norm) = self.steps
        for each, its_norm in first:
            x = F.relu_(its_norm(each(x)))
        x = norm(conv(x))
        x += shortcut
        return F.relu_(x)


def last_norms(model: nn.Module) -> list[nn.BatchNorm2d]:
    """The normalisation at the end of each residual block."""
    blocks = [each.steps[-1][1] for each in model.modules() if isinstance(each, Block)]
    inverted = [each.conv[-1] for each in model.modules() if isinstance(each, InvertedResidual)]
    return [*blocks, *inverted]


class ResNet(nn.Module):
    def __init__(self, blocks: tuple[int, ...], classes: int, *, bottleneck: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage, count in enumerate(blocks):
            width, made = 64 * 2**stage, []
            for number in range(count):
                stride = 2 if stage and not number else 1
                made.append(Block(inputs, width, stride, bottleneck=bottleneck))
                inputs = 4 * width if bottleneck else width
            self.add_module(f"layer{stage + 1}", nn.Sequential(*made))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu_(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


def conv_norm_relu6(inputs: int, outputs: int, size: int, stride: int, groups: int) -> nn.Module:
    conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        parts = [conv_norm_relu6(inputs, wide, 1, 1, 1)] if expansion > 1 else []
        parts.append(conv_norm_relu6(wide, wide, 3, stride, wide))
        parts += [nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*parts)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x) if self.shortcut else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        inputs, parts = 32, [conv_norm_relu6(3, 32, 3, 2, 1)]
        for expansion, outputs, blocks, stride in MOBILENET_V2:
            for number in range(blocks):
                step = 1 if number else stride
                parts.append(InvertedResidual(inputs, outputs, step, expansion))
                inputs = outputs
        parts.append(conv_norm_relu6(inputs, 1280, 1, 1, 1))
        self.features = nn.Sequential(*parts)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).mean((2, 3)))


BUILDERS = {
    "S1": s1,
    "S1, mean": s1_mean,
    "S2": s2,
    "F": f,
    "ResNet-18, 10 classes": lambda relu, flatten: ResNet((2, 2, 2, 2), 10, bottleneck=False),
    "ResNet-18": lambda relu, flatten: ResNet((2, 2, 2, 2), 1000, bottleneck=False),
    "ResNet-50": lambda relu, flatten: ResNet((3, 4, 6, 3), 1000, bottleneck=True),
    "MobileNetV2": lambda relu, flatten: MobileNetV2(1000),
}
