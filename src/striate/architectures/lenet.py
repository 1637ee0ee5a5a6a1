"""LeNet-5: LeCun, Bottou, Bengio & Haffner, Proceedings of the IEEE 86 (11), 1998.

"Gradient-based learning applied to document recognition".

Small windows whose weights are shared over the picture, and sums over pixels that make the maps
smaller, twice over: what lies where matters less and less. Most maps of C3 see only some maps of
S2, which saves connections and makes the maps differ. The last layer says how far F6 is from a
small drawing of each digit, 7 × 12 pixels of -1 and +1, which is not trained.

layer    output         lenet5                                    lenet5_modern
C1       28 × 28 ×   6  5 × 5                                     the same
S2       14 × 14 ×   6  mean of 2 × 2, a factor and a bias a map  mean of 2 × 2
C3       10 × 10 ×  16  5 × 5 on 3, 4 or 6 maps of S2             5 × 5 on all
S4        5 ×  5 ×  16  as S2                                     as S2
C5        1 ×  1 × 120  5 × 5                                     the same
F6                  84  dense                                     the same
output              10  squared distances to ten drawings         dense, softmax
parameters              60,000, and 840 that are fixed            61,706
multiply-adds           328,096                                   416,520

Each layer but the last of lenet5 ends in 1.7159 tanh(2 x / 3), each of lenet5_modern, which is how
the net is mostly written today, in tanh: but for its S layers, which end in nothing.

Differs from the paper: S2 and S4 take means and not sums, so their factors are four times those of
the paper. The digits are drawn anew, for the paper prints the drawings of all characters small.
"softmax" makes probabilities of the distances, exp(-y) over its sum; None gives the distances, to
be trained with `losses.NearestCentre`, the paper's equation 9.
"""

from __future__ import annotations

from typing import Any

from .. import _check
from ..layers import (
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    RadialBasis,
    TakeChannels,
)
from ..layers.initializers import RandomUniform
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "LeNet5",
    "LeNet5Modern",
    "convolved_by_table",
    "drawings",
    "lenet5",
    "lenet5_modern",
    "subsampled",
]

SEEN_BY_C3 = (  # table I: the maps of S2 that each map of C3 sees
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (0, 4, 5),
    (0, 1, 5),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (0, 3, 4, 5),
    (0, 1, 4, 5),
    (0, 1, 2, 5),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)

DIGITS = """
....... ....... ....... ....... ....... ....... ....... ....... ....... .......
..###.. ...##.. .#####. .#####. ....##. ####### ..####. ####### .#####. .#####.
.##.##. ..###.. ##...## ##...## ...###. ##..... .##.... .....## ##...## ##...##
##...## .####.. ##...## .....## ..####. ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## .##.##. ##..... ##..... ....##. ##...## ##...##
##...## ...##.. ....##. ..####. ##..##. ######. ######. ....##. .#####. ##...##
##...## ...##.. ...##.. .....## ##..##. .....## ##...## ...##.. ##...## .######
##...## ...##.. ..##... .....## ####### .....## ##...## ...##.. ##...## .....##
##...## ...##.. .##.... .....## ....##. .....## ##...## ..##... ##...## .....##
.##.##. ...##.. ##..... ##...## ....##. ##...## ##...## ..##... ##...## ....##.
..###.. .###### ####### .#####. ....##. .#####. .#####. ..##... .#####. .####..
....... ....... ....... ....... ....... ....... ....... ....... ....... .......
"""


def drawings() -> list[list[float]]:
    """The ten digits as 84 numbers each, row by row: +1 where there is ink, else -1."""
    columns = zip(*(line.split() for line in DIGITS.split("\n") if line), strict=True)
    return [[1.0 if dot == "#" else -1.0 for dot in "".join(rows)] for rows in columns]


def _begin(inputs: int) -> dict[str, Any]:
    """Appendix A: first weights between -2.4 and 2.4 over the number of a unit's inputs."""
    draw = RandomUniform(-2.4 / inputs, 2.4 / inputs)
    return {"kernel_initializer": draw, "bias_initializer": draw}


def subsampled(x: Any, *, name: str) -> Any:
    """The mean of four pixels, times a factor of its map, plus a bias of its map, squashed."""
    x = AveragePooling2D(2, name=f"{name}_mean")(x)
    factors = RandomUniform(-2.4, 2.4)  # of a mean of four: four times those of a sum
    return DepthwiseConv2D(
        1,
        activation="scaled_tanh",
        depthwise_initializer=factors,
        bias_initializer=RandomUniform(-0.6, 0.6),
        name=name,
    )(x)


def convolved_by_table(x: Any, *, name: str) -> Any:
    """C3: maps that see equally many are computed together, each as a group of its own."""
    parts = []
    for count in sorted({len(seen) for seen in SEEN_BY_C3}):
        table = [seen for seen in SEEN_BY_C3 if len(seen) == count]
        of = f"{name}_of_{count}"
        part = TakeChannels([place for seen in table for place in seen], name=f"{of}_maps")(x)
        part = Conv2D(
            len(table),
            5,
            groups=len(table),
            activation="scaled_tanh",
            **_begin(25 * count),
            name=of,
        )(part)
        parts.append(part)
    return Concatenate(name=name)(parts)


class LeNet5(Backbone):
    """The net of figure 2.

    Args:
        digits: numbers of each drawing.
        options: of the user; there are as many classes as drawings at most.

    Raises:
        ArgumentError: more classes than drawings.
    """

    def __init__(self, digits: list[list[float]], options: Options) -> None:
        if options.classes > len(digits):
            rule = f"be at most {len(digits)}, for as many digits are drawn"
            fix = "lenet5_modern takes any number."
            _check.fail(options.name, "classes", rule, options.classes, fix)
        squash: Any = {"activation": "scaled_tanh"}
        inputs = Input(options.input_shape)
        c1 = Conv2D(6, 5, **squash, **_begin(25 * options.input_shape[-1]), name="C1")(inputs)
        s2 = subsampled(c1, name="S2")
        c3 = convolved_by_table(s2, name="C3")
        s4 = subsampled(c3, name="S4")
        x = c5 = Conv2D(120, 5, **squash, **_begin(400), name="C5")(s4)
        stages = {"C1": c1, "S2": s2, "C3": c3, "S4": s4, "C5": c5}
        if options.include_top:
            x = Flatten(name="flatten")(x)
            x = Dense(84, **squash, **_begin(x.shape[-1] or 120), name="F6")(x)
            end = "softmin" if options.classifier_activation == "softmax" else None
            x = RadialBasis(digits[: options.classes], activation=end, name="predictions")(x)
        else:
            x = pooled(x, options.pooling)
        super().__init__(inputs, x, stages=stages, name=options.name)


class LeNet5Modern(Backbone):
    """The same shapes from the layers of today.

    Args:
        units: of F6.
        options: of the user.
    """

    def __init__(self, units: int, options: Options) -> None:
        inputs = Input(options.input_shape)
        c1 = Conv2D(6, 5, activation="tanh", name="C1")(inputs)
        s2 = AveragePooling2D(2, name="S2")(c1)
        c3 = Conv2D(16, 5, activation="tanh", name="C3")(s2)
        s4 = AveragePooling2D(2, name="S4")(c3)
        x = c5 = Conv2D(120, 5, activation="tanh", name="C5")(s4)
        stages = {"C1": c1, "S2": s2, "C3": c3, "S4": s4, "C5": c5}
        if options.include_top:
            x = Flatten(name="flatten")(x)
            x = Dense(units, "tanh", name="F6")(x)
            x = Dense(options.classes, options.classifier_activation, name="predictions")(x)
        else:
            x = pooled(x, options.pooling)
        super().__init__(inputs, x, stages=stages, name=options.name)


lenet5 = Architecture("lenet5", LeNet5, drawings(), input_shape=(32, 32, 1), classes=10)
lenet5_modern = Architecture("lenet5_modern", LeNet5Modern, 84, input_shape=(32, 32, 1), classes=10)
