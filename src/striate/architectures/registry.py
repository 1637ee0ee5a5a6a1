"""The table of all architectures, and what builds one by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import _check
from .._registry import Registry
from ..layers.dialect import PAPER, Dialect
from ..models import Backbone
from ..models.origin import Origin

__all__ = ["ARCHITECTURES", "Architecture", "Options"]

ARCHITECTURES: Registry[Architecture] = Registry("architecture")
"""name -> Architecture: all that there are."""

Preprocessing = Callable[[Any], Any]
"""(a picture (n, h, w, c), symbolic) -> the same, at the values that a net was trained on."""


@dataclass(frozen=True)
class Options:
    """What the user says of any net.

    Args:
        input_shape: (h, w, c); h and w may be None where the net has no dense layer on a map.
        classes: how many there are.
        include_top: whether the net ends with its classifier.
        pooling: without the top: None for the last map, "avg" or "max".
        classifier_activation: "softmax", or None for logits.
        dialect: in which it is written.
        name: of the net.
        preprocessing: layers through which the picture goes before the net, None for none.
    """

    input_shape: tuple[int | None, int | None, int]
    classes: int
    include_top: bool
    pooling: str | None
    classifier_activation: str | None
    dialect: Dialect
    name: str
    preprocessing: Preprocessing | None = None

    def entered(self, inputs: Any) -> Any:
        """The picture as the stem gets it."""
        return inputs if self.preprocessing is None else self.preprocessing(inputs)


@dataclass(frozen=True)
class Architecture:
    """One variant of a paper's net, which builds it when it is called.

    Args:
        name: of the variant, "resnet50".
        make: (variant, options) -> net.
        variant: the row of the paper's table.
        input_shape: (h, w, c) of the paper.
        classes: of the paper.
        dialects: in which it can be written, the paper's first.
        least_px: the smallest side that leaves a pixel to the last map.
        takes_preprocessing: whether layers may stand between input and stem.
    """

    name: str
    make: Callable[[Any, Options], Backbone]
    variant: Any
    input_shape: tuple[int, int, int] = (224, 224, 3)
    classes: int = 1000
    dialects: tuple[Dialect, ...] = (PAPER,)
    least_px: int = 32
    takes_preprocessing: bool = False

    def __post_init__(self) -> None:
        ARCHITECTURES.register(self.name)(self)

    def __call__(
        self,
        input_shape: tuple[int | None, int | None, int] | None = None,
        classes: int | None = None,
        *,
        include_top: bool = True,
        pooling: str | None = None,
        classifier_activation: str | None = "softmax",
        dialect: str = "paper",
        name: str | None = None,
        preprocessing: Preprocessing | None = None,
    ) -> Backbone:
        """A new net with random weights.

        Args:
            input_shape: (h, w, c). Default None: the paper's.
            classes: how many there are. Default None: the paper's.
            include_top: whether the net ends with its classifier.
            pooling: without the top: None for the last map, "avg" or "max".
            classifier_activation: "softmax", or None for logits.
            dialect: "paper", or where there is one "keras", "torchvision" or "timm".
            name: of the net. Default: the architecture's.
            preprocessing: layers between input and stem, for nets that Keras writes with them.

        Raises:
            ArgumentError: a word that is not known, a picture that is too small.
        """
        if preprocessing is not None and not self.takes_preprocessing:
            rule, fix = "be None for this net", "Put the layers before it: net(preprocessing(x))."
            _check.fail(self.name, "preprocessing", rule, preprocessing, fix)
        found = {each.name: each for each in self.dialects}
        _check.choice(self.name, "dialect", dialect, tuple(found))
        options = Options(
            input_shape=self._checked_shape(input_shape),
            classes=_check.positive_int(
                self.name, "classes", self.classes if classes is None else classes
            ),
            include_top=_check.flag(self.name, "include_top", include_top),
            pooling=pooling,
            classifier_activation=classifier_activation,
            dialect=found[dialect],
            name=name or self.name,
            preprocessing=preprocessing,
        )
        if pooling is not None:
            _check.choice(self.name, "pooling", pooling, ("avg", "max"))
            if include_top:
                fix = "Leave one of the two out."
                _check.fail(self.name, "pooling", "stand beside include_top=False", pooling, fix)
        net = self.make(self.variant, options)
        net.origin = Origin(self.name, dialect)
        return net

    def _checked_shape(self, given: Any) -> tuple[int | None, int | None, int]:
        if given is None:
            return self.input_shape
        rule = f"be (h, w, c) with sides of at least {self.least_px} pixels"
        sides = tuple(given) if isinstance(given, tuple | list) else ()
        whole = [isinstance(side, int) and not isinstance(side, bool) for side in sides]
        if len(sides) != 3 or not whole[2] or sides[2] < 1:
            _check.fail(self.name, "input_shape", rule, given, f"For example {self.input_shape}.")
        for side, is_whole in zip(sides[:2], whole, strict=False):
            if not (side is None or (is_whole and side >= self.least_px)):
                least = (self.least_px, self.least_px, sides[2])
                _check.fail(self.name, "input_shape", rule, given, f"The smallest is {least}.")
        return sides
