"""from_keras: a model that Keras saved whole, built anew of our layers, with its weights."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import torch

from ... import _check
from ...errors import StriateError, WeightsError
from ...io.foreign.converter import ForeignWeights, read_foreign
from ...io.foreign.keras_contents import KerasContents
from ...weights import WeightsReport
from ..model import Model
from .arrays import arrays_of_layers
from .net_builder import NetBuilder

__all__ = ["ImportedModel", "from_keras", "import_keras", "model_of"]

_FROM_A_CONFIGURATION = (
    StriateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a configuration that Keras did not write may raise on the way to a net."""

_ALONE = "Load its weights into a net: model.load_weights(path), striate import FILE --as MODEL."


@dataclass(frozen=True)
class ImportedModel:
    """A model that Keras saved, and what became of its parts.

    Args:
        model: in inference mode.
        report: which weight is which array of the file; what was left out of file and
            configuration, as it changes no output.
    """

    model: Model
    report: WeightsReport


def from_keras(path: str | os.PathLike[str]) -> Model:
    """The model that `model.save("….keras")` or `model.save("….h5")` of Keras wrote.

    It is built of the layers in our table, which have Keras' names; nothing in the file is
    executed. Outputs are those of Keras. How the model was compiled and the initializers are left
    out, and so are regularizers that striate lacks; `import_keras` says what was.

    Args:
        path: of a .keras or .h5 file of Keras 2 or 3.

    Raises:
        ArgumentError: no path.
        WeightsError: no such file, another format, a damaged or a hostile one; weights alone; a
            layer, an argument or a joint that our layers cannot be, each by its name.
        MissingExtraError: h5py is not installed.

    Example:
        >>> import keras, striate
        >>> keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save("net.keras")
        >>> striate.models.from_keras("net.keras").count_params()
        8
    """
    return import_keras(path).model


def import_keras(path: str | os.PathLike[str]) -> ImportedModel:
    """The model as by `from_keras`, and what became of the file's parts.

    Args:
        path: of a .keras or .h5 file of Keras 2 or 3.

    Raises:
        ArgumentError, WeightsError, MissingExtraError: as `from_keras`.

    Example:
        >>> import keras
        >>> keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save("net.keras")
        >>> import_keras("net.keras").report.source
        'keras'
    """
    if not isinstance(path, str | os.PathLike):
        _check.fail("from_keras", "path", "be the path of a file", path)
    return model_of(f'Keras file "{os.fspath(path)}"', read_foreign(path))


def model_of(place: str, foreign: ForeignWeights) -> ImportedModel:
    """The model of a file that was read; errors as of `from_keras`.

    Args:
        place: the file, for messages.
        foreign: what it holds.
    """
    contents = foreign.keras
    if contents is None or contents.config is None:
        got = "a file of another program" if contents is None else "weights alone"
        _check.weights_fail(place, "hold a model with its configuration", got, _ALONE)
    try:
        return _imported(place, contents.config, contents, foreign)
    except WeightsError:
        raise
    except _FROM_A_CONFIGURATION as error:
        rule = "hold a configuration whose layers can be built and fit each other"
        words = f"{type(error).__name__}: {error}".split("\n")[0].rstrip(".")
        _check.weights_fail(place, rule, words[:500], _ALONE)


def _imported(
    place: str, entry: dict[str, Any], contents: KerasContents, foreign: ForeignWeights
) -> ImportedModel:
    """Builds without memory, compares names and shapes, and only then takes the numbers in."""
    sketch = NetBuilder(place)
    with torch.device("meta"):
        sketch.build(entry)
    arrays = arrays_of_layers(place, sketch.layers, contents, foreign.tensors)
    builder = NetBuilder(place)
    model = builder.build(entry)
    names = {id(tensor): name for name, tensor in model.state_dict(keep_vars=True).items()}
    matched: dict[str, str] = {}
    for layer_path, found in arrays.items():
        layer = builder.layers[layer_path]
        layer.set_weights(found)
        for number, tensor in enumerate(layer.weights):
            matched[names[id(tensor)]] = f"{layer_path}/{number}"
    left_out = tuple(dict.fromkeys([*builder.left_out, *foreign.left_out]))
    return ImportedModel(model, WeightsReport(matched, {}, {}, (), left_out, source="keras"))
