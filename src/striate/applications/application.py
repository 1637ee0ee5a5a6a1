"""Application: a net as Keras' applications give it, called by the name that Keras has for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from .. import _check
from ..architectures import ARCHITECTURES
from ..models import Backbone
from .pretrained import InputShape, pretrained

__all__ = ["Application", "ScaledApplication", "made"]


@dataclass(frozen=True)
class Application:
    """A function that gives a net, with the weights of ImageNet unless others are asked for.

    Args:
        name: of the function, "ResNet50".
        architecture: of the net, "resnet50".

    Example:
        >>> ResNet50 = Application("ResNet50", "resnet50")
        >>> ResNet50(weights=None, input_shape=(64, 64, 3), classes=2).output.shape
        (None, 2)
    """

    name: str
    architecture: str

    def __call__(
        self,
        include_top: bool = True,
        weights: str | os.PathLike[str] | None = "imagenet",
        *,
        input_tensor: Any = None,
        input_shape: InputShape | None = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: str | None = "softmax",
        name: str | None = None,
    ) -> Backbone:
        """The net.

        Args:
            include_top: whether it ends with its classifier.
            weights: "imagenet", the path of a file, or None for random ones.
            input_tensor: None; a net makes its input itself.
            input_shape: (h, w, c). Default None: what the weights were trained on, without the top
                (None, None, 3).
            pooling: without the top: None for the last map, "avg" or "max".
            classes: how many there are; 1,000 with the top and ImageNet's weights.
            classifier_activation: "softmax", or None for logits.
            name: of the net. Default: the architecture's.

        Raises:
            ArgumentError: what does not go together; weights that nobody is known to publish.
            DataError: the file cannot be had.
            WeightsError: a file that does not hold the weights of the net.
            MissingExtraError: the package that holds the weights, or reads them, is not installed.
        """
        return made(
            self,
            weights,
            input_tensor,
            include_top=include_top,
            input_shape=input_shape,
            pooling=pooling,
            classes=classes,
            classifier_activation=classifier_activation,
            name=name,
        )


class ScaledApplication(Application):
    """As `Application`, of a net that begins with layers which scale the pixels.

    Example:
        >>> ConvNeXtTiny = ScaledApplication("ConvNeXtTiny", "convnext_tiny")
        >>> net = ConvNeXtTiny(weights=None, include_preprocessing=False, include_top=False)
        >>> net.layers[1].name
        'stem_conv'
    """

    def __call__(
        self,
        include_top: bool = True,
        weights: str | os.PathLike[str] | None = "imagenet",
        *,
        input_tensor: Any = None,
        input_shape: InputShape | None = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: str | None = "softmax",
        include_preprocessing: bool = True,
        name: str | None = None,
    ) -> Backbone:
        """The net.

        Args:
            include_top, weights, input_tensor, input_shape, pooling, classes: as of `Application`.
            classifier_activation, name: the same.
            include_preprocessing: whether it begins with the layers that scale pixels of 0 to 255.

        Raises:
            ArgumentError, DataError, WeightsError, MissingExtraError: as of `Application`.
        """
        return made(
            self,
            weights,
            input_tensor,
            include_top=include_top,
            input_shape=input_shape,
            pooling=pooling,
            classes=classes,
            classifier_activation=classifier_activation,
            include_preprocessing=include_preprocessing,
            name=name,
        )


def made(
    application: Application,
    weights: str | os.PathLike[str] | None,
    input_tensor: Any,
    *,
    architecture: str | None = None,
    **options: Any,
) -> Backbone:
    """The net of an application, by what its caller says; random weights are Keras' net's.

    Args:
        application: that is called.
        weights: published, of a file, or None.
        input_tensor: None, or it is refused.
        architecture: where it is another than the application's.
        options: of `pretrained`.

    Raises:
        ArgumentError: an input_tensor.
    """
    if input_tensor is not None:
        rule = "be None, as a net makes its input itself"
        fix = f"Call the net on yours: {application.name}(…)(x)."
        _check.fail(application.name, "input_tensor", rule, input_tensor, fix)
    chosen = architecture or application.architecture
    dialects = [each.name for each in ARCHITECTURES.get(chosen).dialects]
    dialect = "keras" if weights is None and "keras" in dialects else None
    return pretrained(chosen, weights, dialect=dialect, **options).net
