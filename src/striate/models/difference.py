"""diff_models: two nets layer by layer, what differs, and why it matters."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from .costs import multiply_adds
from .layer_alignment import aligned
from .layer_facts import LayerFacts, layer_facts
from .network import Network

__all__ = ["LayerPair", "ModelDifference", "Reason", "Setting", "diff_models"]

_WHY = {
    "filters": "how many maps there are: work of this layer and of the next",
    "units": "how many numbers there are: work of this layer and of the next",
    "kernel_size": "how far a number looks around; work grows with the area",
    "pool_size": "how many numbers become one",
    "strides": "where the maps become smaller, and so what all later layers cost",
    "padding": "where zeros stand at the border: maps keep their size, or move by a pixel",
    "dilation_rate": "how far a number looks around, at no more work",
    "groups": "channels of other groups are not seen: less work, fewer parameters",
    "use_bias": "one more parameter a filter; a normalisation after it takes it away again",
    "activation": "how values are bent: their range, and how much gradient passes",
    "negative_slope": "how much of negative values passes",
    "max_value": "the greatest value that passes",
    "scale": "whether each channel learns a factor; convolutions after it can do that too",
    "center": "whether each channel learns a shift",
    "ratio": "how narrow the layers are that weigh the channels",
    "epsilon": "with the same weights the outputs differ a little",
    "momentum": "how fast moving statistics follow: nothing, once a net is trained",
    "rate": "how much is left out in training; in inference nothing",
    "target_size": "the size of the maps",
    "dims": "the order of the numbers, and so of the next layer's weights",
    "trainable": "whether training changes it",
    "input": "the pictures that the net takes",
}
_BEGINNINGS = "where training begins; weights that are loaded take its place"
_ANY = "a setting of this kind of layer"


@dataclass(frozen=True)
class Setting:
    """Something in which two layers differ.

    Args:
        name: of the setting; or "kind", "output" or "parameters".
        first, second: what each has; None where it has no such setting.
    """

    name: str
    first: Any
    second: Any


@dataclass(frozen=True)
class LayerPair:
    """A layer of the first model and its counterpart in the second; None where there is none.

    Args:
        first, second: the layers.
        changes: in what they differ; nothing where they are alike, or one is missing.
    """

    first: LayerFacts | None
    second: LayerFacts | None
    changes: tuple[Setting, ...] = ()

    @property
    def is_alike(self) -> bool:
        """Whether both are there and do the same."""
        return self.first is not None and self.second is not None and not self.changes


@dataclass(frozen=True)
class Reason:
    """One kind of difference.

    Args:
        what: the setting, or a kind of layer that one side lacks.
        layers: how many layers differ in it.
        why: it matters.
    """

    what: str
    layers: int
    why: str


@dataclass(frozen=True)
class ModelDifference:
    """How two models differ.

    Args:
        first, second: their names.
        parameters: numbers in each that are trained, without auxiliary outputs.
        multiply_adds: of each for one sample; None where its input has an open size.
        pairs: the layers, in order.
        reasons: the kinds of difference, the most frequent first.
    """

    first: str
    second: str
    parameters: tuple[int, int]
    multiply_adds: tuple[int | None, int | None]
    pairs: tuple[LayerPair, ...]
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def diff_models(first: Network, second: Network) -> ModelDifference:
    """Compares two models layer by layer; names of layers and numbers in weights do not count.

    Args:
        first, second: built models; their weights may be on the meta device.

    Raises:
        NotBuiltError: an input shape is not known yet.

    Example:
        >>> from striate import Sequential, layers
        >>> nets = [Sequential([layers.Dense(units, input_shape=(4,))]) for units in (2, 3)]
        >>> [(each.name, each.first, each.second) for each in diff_models(*nets).pairs[-1].changes]
        [('units', 2, 3), ('output', (None, 2), (None, 3)), ('parameters', 10, 15)]
    """
    sides = layer_facts(first), layer_facts(second)
    pairs = tuple(
        LayerPair(one, two, _changes(one, two) if one and two else ())
        for one, two in aligned(*sides)
    )
    return ModelDifference(
        first=first.name,
        second=second.name,
        parameters=(_trained(sides[0]), _trained(sides[1])),
        multiply_adds=(multiply_adds(first), multiply_adds(second)),
        pairs=pairs,
        reasons=_reasons(pairs),
    )


def _trained(layers: list[LayerFacts]) -> int:
    """Numbers that are trained; those of a layer that runs twice count once."""
    return sum({each.name: each.parameters for each in layers}.values())


def _changes(one: LayerFacts, two: LayerFacts) -> tuple[Setting, ...]:
    found = [Setting("kind", one.kind, two.kind)]
    names = dict.fromkeys([*one.settings, *two.settings])
    if one.kind != two.kind:
        names = {name: None for name in names if name in one.settings and name in two.settings}
    found += [Setting(name, one.settings.get(name), two.settings.get(name)) for name in names]
    found.append(Setting("output", one.output_shape, two.output_shape))
    found.append(Setting("parameters", one.parameters, two.parameters))
    return tuple(each for each in found if each.first != each.second)


def _reasons(pairs: tuple[LayerPair, ...]) -> tuple[Reason, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        for layer, which in ((pair.first, "first"), (pair.second, "second")):
            if None in (pair.first, pair.second) and layer is not None:
                counts[f"{layer.kind}, only in the {which}", layer.purpose] += 1
        for change in pair.changes:
            if change.name == "kind" and pair.first and pair.second:
                why = f"{pair.first.purpose}; {pair.second.purpose}"
                counts[f"{change.first} → {change.second}", why] += 1
            elif change.name not in ("output", "parameters"):
                counts[change.name, _why(change.name)] += 1
    return tuple(Reason(what, count, why) for (what, why), count in counts.most_common())


def _why(setting: str) -> str:
    is_beginning = setting.endswith("initializer")
    return _WHY.get(setting, _BEGINNINGS if is_beginning else _ANY)
