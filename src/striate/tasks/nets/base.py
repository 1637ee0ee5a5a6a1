"""Base: the weights with which a net begins, without their last layer, and what is known of them.

Weights are public ones, by name; a file of any kind that `load_weights` takes; or a model or run
folder of ours, whose own preprocessing is kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from striate import _check
from striate.applications import Pretrained, pretrained
from striate.applications.converted import converted_folder
from striate.architectures import Architecture
from striate.io.regular_file import open_regular
from striate.io.store import standing
from striate.models import Backbone, with_channels
from striate.models.loading import read_model_folder
from striate.records import Preprocess
from striate.weights.records import PublishedWeights

__all__ = ["Base", "open_base"]

_COLOURS = 3
_FILE = "model.safetensors"
_BLOCK_BYTES, _DIGITS = 1 << 20, 64


@dataclass(frozen=True)
class Base:
    """A net with weights, without its last layer.

    Args:
        architecture: whose weights they are.
        weights: by which name or path they are asked for.
        preprocess: with which they were trained, of a size.
        dialect: in which the net is written that takes them.
        stages: its stages, from the picture on, with the part of the picture's side that each
            pixel of their maps stands for, in pixels.
        facts: what is known of them: weights, source, sha256, and perhaps licence and recipe.
    """

    architecture: Architecture
    weights: str
    preprocess: Preprocess
    dialect: str
    stages: Mapping[str, float]
    facts: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """Of the weights' file."""
        return self.facts["sha256"]

    def net(self, input_shape: tuple[int, int, int]) -> Backbone:
        """The net with these weights and without its last layer: it gives one number a channel.

        For pictures of another number of channels the first kernels are shared out.

        Args:
            input_shape: (h, w, c) of the pictures.
        """
        height, width, channels = input_shape
        found = _opened(self.architecture, self.weights, (height, width, _COLOURS)).net
        if channels == _COLOURS:
            return found
        changed = with_channels(found, channels)
        if not isinstance(changed, Backbone):
            rule = "keep its stages where its channels change"
            _check.fail("train", "channels", rule, channels, "Leave channels out.")
        return changed


def open_base(architecture: Architecture, weights: str, *, sha256: str | None = None) -> Base:
    """Opens weights for a net.

    Args:
        architecture: of the net.
        weights: a name of public weights, a file, or a folder of ours.
        sha256: that the file must have. Default None: any.

    Raises:
        ArgumentError: neither a path nor a name of weights that the net has.
        DataError: public weights that cannot be fetched.
        MissingExtraError: a package that holds the weights, or reads them, is not installed.
        WeightsError: a damaged file, another one than `sha256` says, or weights of another net.
    """
    height, width, _ = architecture.input_shape
    found = _opened(architecture, weights, (height, width, _COLOURS))
    record = found.record
    facts = _public_facts(weights, record) if record else _own_facts(weights)
    if sha256 is not None and facts["sha256"] != sha256:
        fix = "Bring the file back, or leave weights_sha256 out."
        got = facts["sha256"]
        _check.weights_fail(f'Weights "{weights}"', f"have the SHA-256 {sha256}", got, fix)
    preprocess = record.preprocess if record else _own_preprocess(architecture, weights)
    origin = found.net.origin
    dialect = origin.dialect if origin else architecture.dialects[0].name
    stages = {name: height / shape[1] for name, shape in found.net.stages.items()}
    return Base(architecture, weights, preprocess, dialect, stages, facts)


def _opened(
    architecture: Architecture, weights: str, input_shape: tuple[int, int, int]
) -> Pretrained:
    return pretrained(
        architecture.name, weights, include_top=False, input_shape=input_shape, pooling="avg"
    )


def _public_facts(name: str, record: PublishedWeights) -> dict[str, str]:
    """Of published weights; the hash is that of what is kept where the publisher says no whole."""
    known = record.digest
    whole = known is not None and known.algorithm == "sha256" and len(known.digits) == _DIGITS
    kept = str(converted_folder(record) / _FILE)
    return {
        "weights": name,
        "source": str(record.place),
        "sha256": known.digits if known is not None and whole else _sha256(kept),
        "licence": record.licence,
        "recipe": record.recipe,
    }


def _own_facts(path: str) -> dict[str, str]:
    file = _model_folder(path) / _FILE if standing(path) else Path(path)
    return {"weights": path, "source": os.path.abspath(path), "sha256": _sha256(str(file))}


def _own_preprocess(architecture: Architecture, path: str) -> Preprocess:
    """Of a folder its own; a file does not say how its pictures were prepared: the numbers 0..1."""
    known = read_model_folder(path).preprocess if standing(path) else None
    if known is not None and known.size is not None:
        return known
    height, width, channels = architecture.input_shape
    return Preprocess(size=(height, width), channels=channels, scale=1 / 255)


def _model_folder(path: str) -> Path:
    """The model folder itself, or the one in a run's folder."""
    return standing(Path(path) / "model") or standing(path) or Path(path)


def _sha256(path: str) -> str:
    found = hashlib.sha256()
    with open_regular(f'Weights "{path}"', path) as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()
