"""Which weights should not decay."""

from __future__ import annotations

from torch import Tensor, nn

from ..layers.affine import Affine

__all__ = ["norms_and_biases"]

_NORMS = (Affine, nn.LayerNorm, nn.RMSNorm)
"""Those whose factors may have several axes; the others' have one."""


def norms_and_biases(model: nn.Module) -> list[Tensor]:
    """The parameters that weight decay does no good: all that are not kernels.

    These are the parameters of the normalisation layers, whatever their shape, and every other
    with fewer than two axes: biases, and what scales channels. A kernel's size may shrink without
    the net computing less; that of a bias or of gamma says what the net computes.

    Args:
        model: any torch module that is built.

    Example:
        >>> from striate.layers import BatchNormalization, Dense
        >>> from striate import optimizers
        >>> dense, norm = Dense(2), BatchNormalization()
        >>> for layer in (dense, norm):
        ...     layer.build((None, 2))
        >>> model = nn.Sequential(dense, norm)
        >>> [tuple(parameter.shape) for parameter in norms_and_biases(model)]
        [(2,), (2,), (2,)]
        >>> optimizer = optimizers.AdamW(1e-3, weight_decay=0.05)
        >>> optimizer.exclude_from_weight_decay(norms_and_biases(model))

    Reference:
        He et al., "Bag of Tricks for Image Classification with Convolutional Neural Networks",
        CVPR 2019, arXiv 1812.01187, section 3.1 "No bias decay".
    """
    of_norms = {
        id(parameter)
        for module in model.modules()
        if isinstance(module, _NORMS)
        for parameter in module.parameters(recurse=False)
    }
    return [p for p in model.parameters() if p.dim() < 2 or id(p) in of_norms]
