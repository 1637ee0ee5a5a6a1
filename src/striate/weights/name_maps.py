"""NameMap: how one library calls the weights of one net."""

from __future__ import annotations

from dataclasses import dataclass

from .naming import Rules, covered, renamed

__all__ = ["NameMap"]


@dataclass(frozen=True)
class NameMap:
    """How a library calls the weights of a net, and how the net is written to compute the same.

    Args:
        source: whose names they are: "keras", "torchvision", "timm" or the author's.
        dialect: in which the net is written here.
        rules: from our names to theirs, see `striate.weights.naming.renamed`. For Keras names of
            layers, for the others state names.
        beside: names of theirs, of weights that a net here may lack: templates as in rules.
        axes: (names of theirs, how many axes those have) where ours have axes of size 1 more or
            less, which stand behind the others.

    Example:
        >>> known = NameMap("torchvision", "torchvision", (("predictions", "fc"),))
        >>> known.called("predictions.bias")
        'fc.bias'
    """

    source: str
    dialect: str
    rules: Rules
    beside: tuple[str, ...] = ()
    axes: tuple[tuple[str, int], ...] = ()

    def called(self, name: str) -> str | None:
        """Their name of a weight of ours, or None."""
        return renamed(name, self.rules)

    def knows(self, name: str) -> bool:
        """Whether a name of theirs can be one of this net."""
        return covered(name, self.rules) or self.may_lack(name)

    def may_lack(self, name: str) -> bool:
        """Whether a weight of theirs is one that a net here may lack."""
        return covered(name, tuple(("", theirs) for theirs in self.beside))

    def shape(self, name: str, ours: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of a weight of theirs, by ours.

        Example:
            >>> known = NameMap("timm", "timm", (("preds", "fc"),), axes=(("fc.weight", 2),))
            >>> known.shape("fc.weight", (1000, 1024, 1, 1))
            (1000, 1024)
        """
        for template, axes in self.axes:
            if covered(name, (("", template),)):
                return (*ours, *[1] * (axes - len(ours)))[:axes]
        return ours
