"""BatchNormalization: each channel at mean 0 and variance 1 over the batch."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, ops, shapes
from ..shapes import Cost, Shape
from . import initializers, regularizers
from .base import Layer, register_layer

__all__ = ["BatchNormalization"]


@register_layer("BatchNormalization")
class BatchNormalization(Layer):
    """Shifts and scales each channel to mean 0 and variance 1, then by what it learned.

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta. In training, mean and variance are the
    batch's, and running averages are kept: momentum * old + (1 - momentum) * batch, with the
    biased variance, as in Keras. In inference, and whenever the layer is not trainable, they are
    the running ones, which then stay.

    Args:
        momentum: share of the old running average that stays at each step. Default 0.99.
        epsilon: added to the variance. Default 1e-3.
        center: whether beta is learned and added.
        scale: whether gamma is learned and multiplied; not needed before a linear layer or relu.
        beta_initializer, gamma_initializer: names or Initializers.
        moving_mean_initializer, moving_variance_initializer: of the running averages.
        beta_regularizer, gamma_regularizer: names, Regularizers or None.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: a momentum outside 0..1, an epsilon not above 0, or an unknown word.
        ShapeError: an input of one dimension, with unknown channels, or with others than before.

    Example:
        >>> import torch
        >>> layer = BatchNormalization()
        >>> y = layer(torch.tensor([[1.0], [3.0]]), training=True)
        >>> y.mean().item(), layer.running_mean.item()
        (0.0, 0.019999999552965164)

    Reference:
        Ioffe & Szegedy, "Batch normalization", ICML 2015, arXiv 1502.03167, algorithm 1.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {
        "weight": (),
        "bias": (),
        "running_mean": (),
        "running_var": (),
    }
    weight: Tensor | None
    bias: Tensor | None
    running_mean: Tensor
    running_var: Tensor

    def __init__(
        self,
        *,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.momentum = _check.number(place, "momentum", momentum, low=0.0, high=1.0)
        self.epsilon = _check.positive(place, "epsilon", epsilon)
        self.center = _check.flag(place, "center", center)
        self.scale = _check.flag(place, "scale", scale)
        given = {
            "beta_initializer": beta_initializer,
            "gamma_initializer": gamma_initializer,
            "moving_mean_initializer": moving_mean_initializer,
            "moving_variance_initializer": moving_variance_initializer,
        }
        for argument, value in given.items():
            setattr(self, argument, initializers.get(value, place=place, argument=argument))
        self.beta_regularizer = regularizers.get(
            beta_regularizer, place=place, argument="beta_regularizer"
        )
        self.gamma_regularizer = regularizers.get(
            gamma_regularizer, place=place, argument="gamma_regularizer"
        )

    beta_initializer: initializers.Initializer
    gamma_initializer: initializers.Initializer
    moving_mean_initializer: initializers.Initializer
    moving_variance_initializer: initializers.Initializer

    def build(self, input_shape: Shape) -> None:
        """Makes gamma, beta and the running averages for the channels of the input."""
        shape = (self.check_input(input_shape),)
        if self.scale:
            self.add_weight(
                "weight",
                shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
            )
        else:
            self.register_parameter("weight", None)
        if self.center:
            self.add_weight(
                "bias",
                shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
            )
        else:
            self.register_parameter("bias", None)
        self.register_buffer("running_mean", self.moving_mean_initializer(shape))
        self.register_buffer("running_var", self.moving_variance_initializer(shape))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """Normalises by the batch if training and trainable, else by the running averages."""
        if training and self.trainable:
            return ops.batch_norm_training(
                x,
                running_mean=self.running_mean,
                running_var=self.running_var,
                gamma=self.weight,
                beta=self.bias,
                momentum=self.momentum,
                epsilon=self.epsilon,
            )
        return ops.batch_norm(
            x,
            mean=self.running_mean,
            variance=self.running_var,
            gamma=self.weight,
            beta=self.bias,
            epsilon=self.epsilon,
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def cost(self, input_shape: Shape) -> Cost:
        """2 numbers a channel, and gamma and beta; no multiply-adds, since it folds away."""
        output = self.output_shape(input_shape)
        numbers = (2 + self.center + self.scale) * input_shape[-1]
        return Cost(output, numbers, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the size of its last axis."""
        if len(shape) < 2:
            _check.shape_fail(self.place, "have 2 dimensions (n, c) or more", shape)
        channels: int = shape[-1]
        if self.built and channels != self.running_mean.shape[0]:
            rule = f"have {self.running_mean.shape[0]} channels, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if channels is None:
            _check.shape_fail(self.place, "have a known number of channels", shape)
        return channels
