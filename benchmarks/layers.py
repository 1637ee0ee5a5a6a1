"""Each layer beside the plain torch call that it wraps: what Keras' manners cost a call.

    python benchmarks/layers.py [--only Conv2D] [--blocks 40] [--threads 1]

Both run in one process, block by block in turn; the fastest block of each counts, since what
disturbs a block only makes it slower. Three measurements a layer: inference on a tiny input, where
the call itself is all there is; inference and forward + backward on a real one. The bound: at most
10 microseconds a call, and 5 %.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from striate import layers
from striate.layers import Layer
from striate.layers.drawing import set_draws

BOUND_US, BOUND_PART = 10.0, 0.05
TINY, REAL = (1, 8, 8, 8), (8, 28, 28, 64)


@dataclass(frozen=True)
class Pair:
    """A layer, and the call on its weights that a hand-written net would make instead.

    Args:
        make: makes the layer.
        call: (layer) -> a function of the NHWC input, in plain torch.
        training: the mode of both.
        inputs: how many tensors the layer takes.
        in_step: whether draws are keyed, as inside a training step.
    """

    make: Callable[[], Layer]
    call: Callable[[Layer], Callable[..., torch.Tensor]]
    training: bool = False
    inputs: int = 1
    in_step: bool = False


def nchw(function):
    """A function of NCHW tensors as one of NHWC tensors: two views."""
    return lambda x: function(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def conv(layer, **more):
    w, b = layer.weight, layer.bias
    return nchw(lambda x: F.conv2d(x, w, b, **more))


def conv_relu(layer):
    w, b = layer.weight, layer.bias
    return nchw(lambda x: F.relu_(F.conv2d(x, w, b, padding=1)))


def depthwise(layer):
    w, b = layer.weight, layer.bias
    return nchw(lambda x: F.conv2d(x, w, b, groups=len(w)))


def separable(layer):
    d, p, b = layer.depthwise_weight, layer.pointwise_weight, layer.bias
    return nchw(lambda x: F.conv2d(F.conv2d(x, d, groups=len(d)), p, b))


def transposed(layer):
    w, b = layer.weight, layer.bias
    return nchw(lambda x: F.conv_transpose2d(x, w, b, 2))


def take_channels(layer):
    places = layer.places
    return lambda x: x.index_select(-1, places)


def dense(layer):
    w, b = layer.weight, layer.bias
    return lambda x: F.linear(x, w, b)


def batch_norm(layer):
    mean, var, w, b = layer.running_mean, layer.running_var, layer.weight, layer.bias
    momentum, eps, training = 1 - layer.momentum, layer.epsilon, layer.training
    return nchw(lambda x: F.batch_norm(x, mean, var, w, b, training, momentum, eps))


def layer_norm(layer):
    w, b, eps = layer.weight, layer.bias, layer.epsilon
    return lambda x: F.layer_norm(x, w.shape, w, b, eps)


def layer_scale(layer):
    w = layer.weight
    return lambda x: x * w


def group_norm(layer):
    w, b, groups, eps = layer.weight, layer.bias, layer.groups, layer.epsilon
    return nchw(lambda x: F.group_norm(x, groups, w, b, eps))


def response_norm(layer):
    size = 2 * layer.depth_radius + 1
    alpha, beta, k = layer.alpha * size, layer.beta, layer.bias
    return nchw(lambda x: F.local_response_norm(x, size, alpha, beta, k))


def squeeze_excite(layer):
    a, b = layer.squeeze, layer.excite

    def call(x):
        seen = F.relu(F.linear(x.mean(dim=(1, 2)), a.weight, a.bias))
        return x * torch.sigmoid(F.linear(seen, b.weight, b.bias))[:, None, None]

    return call


def middle(x, size):
    top, left = (x.shape[1] - size) // 2, (x.shape[2] - size) // 2
    return x[:, top : top + size, left : left + size]


def plain(function):
    return lambda layer: function


PAIRS: dict[str, Pair] = {
    "Activation": Pair(lambda: layers.Activation("relu"), plain(F.relu)),
    "Add": Pair(layers.Add, plain(lambda a, b: a + b), inputs=2),
    "Average": Pair(layers.Average, plain(lambda a, b: (a + b) / 2), inputs=2),
    "AdaptiveAveragePooling2D": Pair(
        lambda: layers.AdaptiveAveragePooling2D(4),
        plain(nchw(lambda x: F.adaptive_avg_pool2d(x, 4))),
    ),
    "AveragePooling2D": Pair(
        lambda: layers.AveragePooling2D(2), plain(nchw(lambda x: F.avg_pool2d(x, 2)))
    ),
    "BatchNormalization": Pair(layers.BatchNormalization, batch_norm),
    "BatchNormalization training": Pair(layers.BatchNormalization, batch_norm, training=True),
    "CenterCrop": Pair(lambda: layers.CenterCrop(4, 4), plain(lambda x: middle(x, 4))),
    "Concatenate": Pair(layers.Concatenate, plain(lambda a, b: torch.cat([a, b], -1)), inputs=2),
    "Conv2D": Pair(lambda: layers.Conv2D(64, 3), conv),
    "Conv2D dilated": Pair(
        lambda: layers.Conv2D(64, 3, dilation_rate=2), lambda layer: conv(layer, dilation=2)
    ),
    "Conv2D groups": Pair(
        lambda: layers.Conv2D(64, 3, groups=4), lambda layer: conv(layer, groups=4)
    ),
    "Conv2D same": Pair(
        lambda: layers.Conv2D(64, 3, padding="same"), lambda layer: conv(layer, padding=1)
    ),
    "Conv2D same relu": Pair(
        lambda: layers.Conv2D(64, 3, padding="same", activation="relu"), conv_relu
    ),
    "Conv2DTranspose": Pair(lambda: layers.Conv2DTranspose(32, 2, 2), transposed),
    "Cropping2D": Pair(lambda: layers.Cropping2D(1), plain(lambda x: x[:, 1:-1, 1:-1])),
    "DepthPooling2D": Pair(
        lambda: layers.DepthPooling2D(2), plain(lambda x: x.unflatten(-1, (-1, 2)).amax(-1))
    ),
    "DepthwiseConv2D": Pair(lambda: layers.DepthwiseConv2D(3), depthwise),
    "Dense": Pair(lambda: layers.Dense(64), dense),
    "Dropout training": Pair(
        lambda: layers.Dropout(0.5), plain(lambda x: F.dropout(x, 0.5)), training=True
    ),
    "Dropout in a step": Pair(
        lambda: layers.Dropout(0.5),
        plain(lambda x: F.dropout(x, 0.5)),
        training=True,
        in_step=True,
    ),
    "Flatten": Pair(layers.Flatten, plain(lambda x: x.flatten(1))),
    "GlobalAveragePooling2D": Pair(
        layers.GlobalAveragePooling2D, plain(lambda x: x.mean(dim=(1, 2)))
    ),
    "GlobalMaxPooling2D": Pair(layers.GlobalMaxPooling2D, plain(lambda x: x.amax(dim=(1, 2)))),
    "GroupNormalization": Pair(lambda: layers.GroupNormalization(4), group_norm),
    "LayerNormalization": Pair(layers.LayerNormalization, layer_norm),
    "LayerScale": Pair(layers.LayerScale, layer_scale),
    "LeakyReLU": Pair(layers.LeakyReLU, plain(lambda x: F.leaky_relu(x, 0.3))),
    "MaxPooling2D": Pair(lambda: layers.MaxPooling2D(2), plain(nchw(lambda x: F.max_pool2d(x, 2)))),
    "MaxPooling2D 3 2": Pair(
        lambda: layers.MaxPooling2D(3, 2, padding=1),
        plain(nchw(lambda x: F.max_pool2d(x, 3, 2, 1))),
    ),
    "LocalResponseNormalization": Pair(
        lambda: layers.LocalResponseNormalization(2, 2.0, alpha=1e-4, beta=0.75), response_norm
    ),
    "Maximum": Pair(layers.Maximum, plain(torch.maximum), inputs=2),
    "Multiply": Pair(layers.Multiply, plain(lambda a, b: a * b), inputs=2),
    "Normalization": Pair(
        lambda: layers.Normalization(mean=0.5, variance=4.0), plain(lambda x: (x - 0.5) / 2.0)
    ),
    "Permute": Pair(lambda: layers.Permute((2, 1, 3)), plain(lambda x: x.permute(0, 2, 1, 3))),
    "PixelShuffle": Pair(
        lambda: layers.PixelShuffle(2), plain(nchw(lambda x: F.pixel_shuffle(x, 2)))
    ),
    "ReLU": Pair(layers.ReLU, plain(F.relu)),
    "Rescaling": Pair(lambda: layers.Rescaling(1 / 255, -1.0), plain(lambda x: x * (1 / 255) - 1)),
    "Reshape": Pair(lambda: layers.Reshape((-1, 8)), plain(lambda x: x.reshape(len(x), -1, 8))),
    "Resizing": Pair(
        lambda: layers.Resizing(14, 14),
        plain(nchw(lambda x: F.interpolate(x, (14, 14), mode="bilinear"))),
    ),
    "SeparableConv2D": Pair(lambda: layers.SeparableConv2D(64, 3), separable),
    "SpatialDropout2D training": Pair(
        lambda: layers.SpatialDropout2D(0.5),
        plain(nchw(lambda x: F.dropout2d(x, 0.5))),
        training=True,
    ),
    "StochasticDepth training": Pair(
        lambda: layers.StochasticDepth(0.5),
        plain(lambda x: x * F.dropout(x.new_ones((len(x), 1, 1, 1)), 0.5)),
        training=True,
    ),
    "SqueezeExcite": Pair(lambda: layers.SqueezeExcite(4), squeeze_excite),
    "Softmax": Pair(layers.Softmax, plain(lambda x: F.softmax(x, -1))),
    "Subtract": Pair(layers.Subtract, plain(lambda a, b: a - b), inputs=2),
    "TakeChannels": Pair(lambda: layers.TakeChannels((0, 2, 4, 6)), take_channels),
    "UpSampling2D": Pair(
        lambda: layers.UpSampling2D(2), plain(nchw(lambda x: F.interpolate(x, scale_factor=2)))
    ),
    "UpSampling2D bilinear": Pair(
        lambda: layers.UpSampling2D(2, interpolation="bilinear"),
        plain(nchw(lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"))),
    ),
    "ZeroPadding2D": Pair(layers.ZeroPadding2D, plain(lambda x: F.pad(x, (0, 0, 1, 1, 1, 1)))),
    "ZeroChannels": Pair(
        lambda: layers.ZeroChannels(1, 2), plain(lambda x: F.pad(x, (0, 0, 0, 0, 1, 2)))
    ),
}


WITHOUT: dict[str, str] = {
    "Lambda": "wraps the user's function",
    "RadialBasis": "its centres fit one length of input, and two are timed",
    "RandomBrightness": "torch has no such call",
    "RandomContrast": "torch has no such call",
    "RandomCrop": "torch has no such call",
    "RandomFlip": "torch has no such call",
    "RandomRotation": "torch has no such call",
    "RandomTranslation": "torch has no such call",
    "RandomZoom": "torch has no such call",
}
"""Layers that stand beside no torch call, and why."""


def contenders(pair, shape):
    """(ours, theirs, inputs): two functions of the same tensors on the same weights."""
    torch.manual_seed(0)
    inputs = [torch.rand(shape) for _ in range(pair.inputs)]
    layer = pair.make()
    layer(inputs if pair.inputs > 1 else inputs[0])
    layer.train(pair.training)
    ours = (lambda *x: layer(list(x))) if pair.inputs > 1 else layer
    if pair.in_step:
        set_draws(layer, 7, torch.arange(shape[0]))

        def ours(x):
            layer._draw_calls = 0  # each call is the first of its step
            return layer(x)

    return ours, pair.call(layer), inputs


def fastest(functions, blocks, calls):
    """Seconds a call in the fastest of the blocks, for each function; they run in turn."""
    best = [float("inf")] * len(functions)
    for _ in range(blocks):
        for place, function in enumerate(functions):
            started = time.perf_counter()
            for _ in range(calls):
                function()
            best[place] = min(best[place], (time.perf_counter() - started) / calls)
    return best


def measure(pair, kind, blocks):
    """(ours, theirs) in microseconds a call."""
    ours, theirs, inputs = contenders(pair, TINY if kind == "tiny" else REAL)
    if kind == "backward":
        inputs = [x.requires_grad_() for x in inputs]
        gradient = torch.ones_like(ours(*inputs))

        def run(function):
            return lambda: function(*inputs).backward(gradient)

    else:

        def run(function):
            return lambda: function(*inputs)

    functions = [run(ours), run(theirs)]
    with torch.set_grad_enabled(kind == "backward"):
        once = max(fastest(functions, 3, 3))
        calls = max(1, int((2e-3 if kind == "tiny" else 5e-3) / once))
        return [1e6 * seconds for seconds in fastest(functions, blocks, calls)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--blocks", type=int, default=40)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {arguments.threads} threads, best of {arguments.blocks}")
    print(f"{'microseconds a call':32}{'torch':>10}{'striate':>10}{'more':>8}{'bound':>8}")
    for name, pair in PAIRS.items():
        if arguments.only not in name:
            continue
        for kind in ("tiny", "real", "backward"):
            ours, theirs = measure(pair, kind, arguments.blocks)
            bound = BOUND_US + BOUND_PART * theirs
            late = "" if ours - theirs <= bound else "  LATE"
            row = f"{name:23} {kind:8}{theirs:10.1f}{ours:10.1f}{ours - theirs:8.1f}{bound:8.1f}"
            print(row + late, flush=True)


if __name__ == "__main__":
    main()
