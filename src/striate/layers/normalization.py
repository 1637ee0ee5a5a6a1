"""BatchNormalization: each channel at mean 0 and variance 1 over the batch."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check
from ..ops.batch_norm import batch_norm_by, batch_norm_training_by
from ..shapes import Cost, Shape
from . import initializers
from .affine import Affine
from .base import register_layer

__all__ = ["BatchNormalization"]


@register_layer("BatchNormalization")
class BatchNormalization(Affine):
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

    sees_pixels = True

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {
        "weight": (),
        "bias": (),
        "running_mean": (),
        "running_var": (),
    }
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
        super().__init__(
            epsilon=epsilon,
            center=center,
            scale=scale,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
            **base,
        )
        place = self.place
        self.momentum = _check.number(place, "momentum", momentum, low=0.0, high=1.0)
        self.moving_mean_initializer = initializers.get(
            moving_mean_initializer, place=place, argument="moving_mean_initializer"
        )
        self.moving_variance_initializer = initializers.get(
            moving_variance_initializer, place=place, argument="moving_variance_initializer"
        )

    def build(self, input_shape: Shape) -> None:
        """Makes gamma, beta and the running averages for the channels of the input."""
        shape = (self.check_input(input_shape),)
        self.add_affine(shape)
        self.register_buffer("running_mean", self.moving_mean_initializer(shape))
        self.register_buffer("running_var", self.moving_variance_initializer(shape))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """Normalises by the batch if training and trainable, else by the running averages."""
        if training and self.trainable:
            return batch_norm_training_by(
                x,
                self.running_mean,
                self.running_var,
                self.weight,
                self.bias,
                self.momentum,
                self.epsilon,
            )
        return batch_norm_by(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.epsilon
        )

    def cost(self, input_shape: Shape) -> Cost:
        """2 numbers a channel, and gamma and beta; no multiply-adds, since it folds away."""
        return self.affine_cost(input_shape, input_shape[-1], statistics=2)

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
