"""Origin: of which architecture a net is, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

from .. import _check

__all__ = ["Origin"]


@dataclass(frozen=True)
class Origin:
    """Of which architecture a net is: by this its weights are found in other libraries' files.

    Args:
        architecture: name of a row of `striate.architectures`.
        dialect: in which it is written.

    Raises:
        ArgumentError: something else than names.

    Example:
        >>> import striate
        >>> striate.architectures.resnet20().origin
        Origin(architecture='resnet20', dialect='paper')
    """

    architecture: str
    dialect: str

    def __post_init__(self) -> None:
        for name in ("architecture", "dialect"):
            if not isinstance(getattr(self, name), str):
                _check.fail("Origin", name, "be a name", getattr(self, name))

    def __str__(self) -> str:
        return f'{self.architecture} in dialect "{self.dialect}"'
