"""What is known of a run besides its answers: the plain facts that its report is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from striate.records import Preprocess

__all__ = ["RunFacts"]


@dataclass(frozen=True)
class RunFacts:
    """What a report tells about a run besides what the net answered.

    Args:
        data: the name of the data.
        class_names: in the order of the class numbers.
        preprocess: from pictures to what the net gets.
        history: one number an epoch of each measure, "val_…" of the validation pictures.
        config: the settings, as config.toml holds them.
        counts: of each part the pictures of each class: {"train": [80, 20], "test": [9, 3]}.
        notes: sentences about the data and about what was chosen.
        warnings: what the reader of the scores must know, such as that the scored pictures also
            chose the epoch.
        environment: versions and machine, as env.json holds them.
        seconds: how long the training took; None where it is not known.
        data_hash: SHA-256 of all that the data is made of, in hexadecimal digits.
        base: what is known of the weights with which the net began: net, weights, source, sha256,
            licence; empty where it began without.
    """

    data: str
    class_names: tuple[str, ...]
    preprocess: Preprocess
    history: Mapping[str, Sequence[float]] = field(default_factory=dict)
    config: str = ""
    counts: Mapping[str, Sequence[int]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    data_hash: str | None = None
    base: Mapping[str, Any] = field(default_factory=dict)
