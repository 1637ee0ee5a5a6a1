"""Applications of several widths: MobileNet, V2 and V3 as Keras calls them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _check
from ..models import Backbone
from .application import Application, made
from .pretrained import InputShape

__all__ = ["ScaledWidthApplication", "WidthApplication"]


@dataclass(frozen=True)
class WidthApplication(Application):
    """As `Application`, of a net that there is in several widths.

    Args:
        name: of the function, "MobileNet".
        architecture: of the net of width 1.
        widths: other widths -> their architectures.

    Example:
        >>> MobileNet = WidthApplication("MobileNet", "mobilenet_v1", {0.5: "mobilenet_v1_050"})
        >>> MobileNet((96, 96, 3), 0.5, weights=None, include_top=False).name
        'mobilenet_v1_050'
    """

    widths: Mapping[float, str]

    def __call__(  # type: ignore[override]
        self,
        input_shape: InputShape | None = None,
        alpha: float = 1.0,
        *,
        include_top: bool = True,
        weights: str | os.PathLike[str] | None = "imagenet",
        input_tensor: Any = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: str | None = "softmax",
        name: str | None = None,
    ) -> Backbone:
        """The net.

        Args:
            input_shape: (h, w, c). Default None: as of `Application`.
            alpha: the width: by what the channels of the paper are multiplied.
            include_top, weights, input_tensor, pooling, classes: as of `Application`.
            classifier_activation, name: the same.

        Raises:
            ArgumentError: another width; else as of `Application`.
        """
        return made(
            self,
            weights,
            input_tensor,
            architecture=self.of_width(alpha),
            include_top=include_top,
            input_shape=input_shape,
            pooling=pooling,
            classes=classes,
            classifier_activation=classifier_activation,
            name=name,
        )

    def of_width(self, alpha: float) -> str:
        """The architecture of a width."""
        known = {1.0: self.architecture, **self.widths}
        if alpha not in known:
            words = " or ".join(f"{each:g}" for each in sorted(known, reverse=True))
            _check.fail(self.name, "alpha", f"be {words}", alpha, "Other widths are not here.")
        return known[alpha]


class ScaledWidthApplication(WidthApplication):
    """As `WidthApplication`, of a net that begins with layers which scale the pixels.

    Example:
        >>> MobileNetV3Small = ScaledWidthApplication("MobileNetV3Small", "mobilenet_v3_small", {})
        >>> MobileNetV3Small(weights=None).layers[1].name
        'rescaling'
    """

    def __call__(  # type: ignore[override]
        self,
        input_shape: InputShape | None = None,
        alpha: float = 1.0,
        *,
        minimalistic: bool = False,
        include_top: bool = True,
        weights: str | os.PathLike[str] | None = "imagenet",
        input_tensor: Any = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: str | None = "softmax",
        include_preprocessing: bool = True,
        name: str | None = None,
    ) -> Backbone:
        """The net.

        Args:
            input_shape, alpha: as of `WidthApplication`.
            minimalistic: False; the paper has no such net.
            include_top, weights, input_tensor, pooling, classes: as of `Application`.
            classifier_activation, name: the same.
            include_preprocessing: whether it begins with the layers that scale pixels of 0 to 255.

        Raises:
            ArgumentError: another width, or minimalistic; else as of `Application`.
        """
        if minimalistic:
            rule = "be False, as the paper has no such net"
            _check.fail(self.name, "minimalistic", rule, minimalistic, "Take a smaller net.")
        return made(
            self,
            weights,
            input_tensor,
            architecture=self.of_width(alpha),
            include_top=include_top,
            input_shape=input_shape,
            pooling=pooling,
            classes=classes,
            classifier_activation=classifier_activation,
            include_preprocessing=include_preprocessing,
            name=name,
        )
