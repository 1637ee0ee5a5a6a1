"""Base: the weights with which a net begins, without their last layer, and what is known of them.

Weights are public ones, by name; a file of any kind that `load_weights` takes; or a model or run
folder of ours, whose own preprocessing is kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from striate import _check
from striate.applications import pretrained
from striate.applications.converted import converted_folder
from striate.applications.pretrained import is_path
from striate.architectures import Architecture
from striate.errors import ArgumentError
from striate.io.regular_file import open_regular
from striate.io.store import standing
from striate.models import Backbone
from striate.models.loading import read_model_folder
from striate.records import Preprocess

__all__ = ["Base", "open_base"]

_BLOCK_BYTES = 1 << 20
_DIGITS = 64
_FILE = "model.safetensors"


@dataclass(frozen=True)
class Base:
    """A net's weights without its last layer.

    Args:
        architecture: whose they are.
        dialect: in which the net is written that takes them.
        preprocess: with which they were trained, of a size.
        tensors: by their state names.
        facts: what is known of them: weights, source, sha256, licence.
    """

    architecture: Architecture
    dialect: str
    preprocess: Preprocess
    tensors: Mapping[str, Tensor] = field(repr=False)
    facts: Mapping[str, str]

    @property
    def stages(self) -> dict[str, tuple[Any, ...]]:
        """The name of each stage, and the shape of its map for the paper's pictures."""
        whole = self.architecture.input_shape
        return _without_top(self.architecture, self.dialect, whole).stages

    @property
    def sha256(self) -> str:
        """Of the weights' file."""
        return self.facts["sha256"]

    def net(self, input_shape: tuple[int, int, int]) -> Backbone:
        """The net without its last layer, with these weights: it gives one number a channel.

        Args:
            input_shape: (h, w, c) of the pictures.
        """
        found = _without_top(self.architecture, self.dialect, input_shape)
        found.load_state_dict(dict(self.tensors))
        return found


def open_base(architecture: Architecture, weights: str, *, sha256: str | None = None) -> Base:
    """Opens weights for a net.

    Args:
        architecture: of the net.
        weights: a name of public weights, a file, or a folder of ours.
        sha256: that the file must have. Default None: any.

    Raises:
        ArgumentError: neither a path nor a name of weights that the net has.
        WeightsError: a damaged file, another one than `sha256` says, or weights of another net.
    """
    if is_path(weights):
        found = _of_folder if os.path.isdir(weights) else _of_file
        base = found(architecture, weights)
    else:
        base = _public(architecture, weights)
    if sha256 is not None and base.sha256 != sha256:
        fix = "Bring the file back, or begin a new run without weights_sha256."
        _check.weights_fail(f'Weights "{weights}"', f"have SHA-256 {sha256}", base.sha256, fix)
    return base


def _public(architecture: Architecture, name: str) -> Base:
    """Public weights, by name; they are fetched, checked and kept in the cache."""
    found = pretrained(architecture.name, name, include_top=False)
    record = found.record
    if record is None:
        raise ArgumentError(name)
    known = record.digest
    whole = known is not None and known.algorithm == "sha256" and len(known.digits) == _DIGITS
    kept = converted_folder(record) / _FILE
    facts = {
        "weights": name,
        "source": str(record.place),
        "sha256": known.digits if known is not None and whole else _sha256(str(kept)),
        "licence": record.licence,
        "recipe": record.recipe,
    }
    tensors = {key: value.detach() for key, value in found.net.state_dict().items()}
    return Base(architecture, record.dialect, record.preprocess, tensors, facts)


def _of_file(architecture: Architecture, path: str) -> Base:
    """A file of weights: it does not say how its pictures were prepared."""
    net, dialect = _loaded(architecture, path)
    height, width, channels = architecture.input_shape
    preprocess = Preprocess(size=(height, width), channels=channels, scale=1 / 255)
    facts = {"weights": path, "source": os.path.abspath(path), "sha256": _sha256(path)}
    return Base(architecture, dialect, preprocess, _below_the_top(architecture, net), facts)


def _of_folder(architecture: Architecture, path: str) -> Base:
    """A model folder of ours, or the one in a run's folder."""
    found = read_model_folder(path)
    origin = getattr(found.model, "origin", None)
    place = f'Weights "{path}"'
    if origin is None or origin.architecture != architecture.name:
        got = "a net of no architecture" if origin is None else origin.architecture
        fix = "Say --model " + ("of a paper's net." if origin is None else f"{got}.")
        _check.weights_fail(place, f"be of {architecture.name}", got, fix)
    if found.preprocess is None or found.preprocess.size is None:
        fix = "Save it with model.save(folder, preprocess=…)."
        _check.weights_fail(place, "hold preprocess.json with a size", "none", fix)
    inside = standing(Path(path) / "model") or standing(path) or Path(path)
    file = str(inside / _FILE)
    facts = {"weights": path, "source": os.path.abspath(path), "sha256": _sha256(file)}
    tensors = _named_as(architecture, origin.dialect, found.model.state_dict(), place)
    return Base(architecture, origin.dialect, found.preprocess, tensors, facts)


def _loaded(architecture: Architecture, path: str) -> tuple[Backbone, str]:
    """The whole net with the weights of a file, in the dialect that the file's names are of."""
    first: ArgumentError | None = None
    for dialect in architecture.dialects:
        net = architecture(dialect=dialect.name)
        try:
            net.load_weights(path, skip_mismatch=True)
        except ArgumentError as error:
            first = first or error
            continue
        return net, dialect.name
    raise first or ArgumentError(path)


def _below_the_top(architecture: Architecture, net: Backbone) -> dict[str, Tensor]:
    dialect = net.origin.dialect if net.origin else "paper"
    return _named_as(architecture, dialect, net.state_dict(), net.place)


def _named_as(
    architecture: Architecture, dialect: str, given: Mapping[str, Tensor], place: str
) -> dict[str, Tensor]:
    """Of the given weights those that the net without its last layer has."""
    wanted = _without_top(architecture, dialect, architecture.input_shape).state_dict()
    odd = [name for name, value in wanted.items() if _shape(given.get(name)) != value.shape]
    if odd:
        rule = f"hold all weights of {architecture.name} below its last layer"
        fix = "Name weights of this net."
        _check.weights_fail(place, rule, f"no {odd[0]} and {len(odd) - 1} more", fix)
    return {name: given[name].detach().clone() for name in wanted}


def _shape(value: Tensor | None) -> object:
    return None if value is None else value.shape


def _without_top(
    architecture: Architecture, dialect: str, input_shape: tuple[int | None, int | None, int]
) -> Backbone:
    return architecture(input_shape, include_top=False, pooling="avg", dialect=dialect)


def _sha256(path: str) -> str:
    found = hashlib.sha256()
    with open_regular(f'Weights "{path}"', path) as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()
