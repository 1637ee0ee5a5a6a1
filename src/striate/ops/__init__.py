"""Pure functions on NHWC tensors: the maths under the layers."""

from .activation import (
    elu,
    gelu,
    hard_sigmoid,
    hard_swish,
    leaky_relu,
    log_softmax,
    logits_of,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
    tanh,
)
from .conv import conv2d
from .conv_transpose import conv2d_transpose
from .depth_pool import depth_pool
from .depthwise import depthwise_conv2d
from .norm import batch_norm, batch_norm_training
from .pixel_shuffle import pixel_shuffle
from .pool import avg_pool, global_avg_pool, global_max_pool, max_pool
from .resize import center_crop, resize

__all__ = [
    "avg_pool",
    "batch_norm",
    "batch_norm_training",
    "center_crop",
    "conv2d",
    "conv2d_transpose",
    "depth_pool",
    "depthwise_conv2d",
    "elu",
    "gelu",
    "global_avg_pool",
    "global_max_pool",
    "hard_sigmoid",
    "hard_swish",
    "leaky_relu",
    "log_softmax",
    "logits_of",
    "max_pool",
    "pixel_shuffle",
    "relu",
    "relu6",
    "resize",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]
