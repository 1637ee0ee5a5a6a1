"""The net that all predictions are judged by: weights for every library, answers in float64."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.nets.torch_ import build, last_norms

GREY = {"S1", "S2", "F"}
SOFTMAX = GREY
CALM = 0.3
MAP_BEFORE_DENSE = {"S1": ("9", (128, 3, 3))}  # the dense layer that counts the map channel first


class Reference:
    """Writes state.pt, weights.npz, net.onnx, x.npy (NHWC) and y.npy into a folder."""

    def __init__(self, net: str, folder: str, count: int, *, side_px: int, seed: int) -> None:
        torch.manual_seed(seed)
        place = Path(folder)
        shape = (count, 1 if net in GREY else 3, side_px, side_px)
        x = torch.rand(shape)
        model = settled(build(net), x[:8])
        torch.save(model.state_dict(), place / "state.pt")
        np.savez(place / "weights.npz", **keras_arrays(net, model))
        export(Answering(model, softmax=net in SOFTMAX), x[:2], place / "net.onnx")
        np.save(place / "x.npy", x.permute(0, 2, 3, 1).contiguous().numpy())
        answering = Answering(model, softmax=net in SOFTMAX)
        with torch.inference_mode():
            with torch.autocast("cpu", torch.bfloat16):
                rounded = torch.cat([answering(part) for part in x.split(32)])
            answering.double()
            exact = torch.cat([answering(part.double()) for part in x.split(32)])
        np.save(place / "y.npy", exact.numpy())
        self.rounding = float((rounded - exact).abs().max() / exact.abs().max())

    def bfloat16(self) -> float:
        """max|a - b| / max|b| of PyTorch's own bfloat16 to float64."""
        return self.rounding

    def versions(self) -> dict[str, str]:
        return {"onnx": version("onnx")}


class Answering(nn.Module):
    """A net as it is deployed: with its softmax where it has one."""

    def __init__(self, model: nn.Module, *, softmax: bool) -> None:
        super().__init__()
        self.model, self.softmax = model, softmax

    def forward(self, x: Tensor) -> Tensor:
        outputs = self.model(x)
        return F.softmax(outputs, 1) if self.softmax else outputs


def settled(model: nn.Module, x: Tensor) -> nn.Module:
    """The net with statistics of some pictures, and blocks that add little, as trained ones do.

    Random weights as they come make rounding large on the way through a deep net.
    """
    for norm in last_norms(model):
        nn.init.constant_(norm.weight, CALM)
    norms = [each for each in model.modules() if isinstance(each, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        model.train()(x)
    for norm in norms:
        norm.momentum = 0.1
    return model.eval()


def export(model: nn.Module, x: Tensor, path: Path) -> None:
    """ONNX with a free number of pictures, which the engines fix to their batch."""
    shapes = {"x": {0: torch.export.Dim("batch", min=1, max=4096)}}
    torch.onnx.export(
        model.eval(), (x,), path, input_names=["x"], dynamic_shapes=shapes, verbose=False
    )


def keras_arrays(net: str, model: nn.Module) -> dict[str, np.ndarray]:
    """ "layer/number" -> array in Keras' form and order."""
    found = {}
    for name, module in model.named_modules():
        for number, array in enumerate(in_keras_form(net, name, module)):
            found[f"{name.replace('.', '_')}/{number}"] = array.detach().contiguous().numpy()
    return found


def in_keras_form(net: str, name: str, module: nn.Module) -> list[Tensor]:
    if isinstance(module, nn.BatchNorm2d):
        return [module.weight, module.bias, module.running_mean, module.running_var]
    if isinstance(module, nn.Conv2d):
        order = (2, 3, 0, 1) if module.groups > 1 else (2, 3, 1, 0)
        return [module.weight.permute(order), *bias(module)]
    if isinstance(module, nn.Linear):
        weight, (place, shape) = module.weight, MAP_BEFORE_DENSE.get(net, ("", ()))
        if name == place:
            weight = weight.unflatten(1, shape).permute(0, 2, 3, 1).flatten(1)
        return [weight.T, *bias(module)]
    return []


def bias(module: nn.Module) -> list[Tensor]:
    return [] if module.bias is None else [module.bias]
