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
    scaled_tanh,
    selu,
    sigmoid,
    silu,
    softmax,
    softmin,
    softplus,
    softsign,
    tanh,
)
from .batch_norm import batch_norm, batch_norm_training
from .color import adjust_brightness, adjust_contrast
from .conv import conv2d
from .conv_transpose import conv2d_transpose
from .crop import crop_and_resize, random_crop
from .depth_pool import depth_pool
from .depthwise import depthwise_conv2d
from .geometry import affine_transform, flip
from .local_response_normalization import local_response_normalization
from .norm import group_norm, layer_norm
from .pixel_shuffle import pixel_shuffle
from .pool import avg_pool, global_avg_pool, global_max_pool, max_pool
from .resize import center_crop, resize

__all__ = [
    "adjust_brightness",
    "adjust_contrast",
    "affine_transform",
    "avg_pool",
    "batch_norm",
    "batch_norm_training",
    "center_crop",
    "conv2d",
    "conv2d_transpose",
    "crop_and_resize",
    "depth_pool",
    "depthwise_conv2d",
    "elu",
    "flip",
    "gelu",
    "global_avg_pool",
    "global_max_pool",
    "group_norm",
    "hard_sigmoid",
    "hard_swish",
    "layer_norm",
    "leaky_relu",
    "local_response_normalization",
    "log_softmax",
    "logits_of",
    "max_pool",
    "pixel_shuffle",
    "random_crop",
    "relu",
    "relu6",
    "resize",
    "scaled_tanh",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmin",
    "softplus",
    "softsign",
    "tanh",
]
