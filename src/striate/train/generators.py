"""The generators of random numbers that a user's own code may draw from: torch, NumPy, Python."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from .as_written import NotAsWritten

__all__ = ["generators", "set_generators"]

_WORDS = 624  # of the Mersenne Twister


def generators(device: torch.device) -> dict[str, Any]:
    """Where the generators stand now.

    No draw of ours depends on them in a training; a plain torch.nn.Dropout does, and a DataLoader.

    Args:
        device: of the model; a CUDA device has a generator of its own.

    Example:
        >>> state = generators(torch.device("cpu"))
        >>> first = torch.rand(1), random.random()
        >>> set_generators(state, torch.device("cpu"))
        >>> first == (torch.rand(1), random.random())
        True
    """
    kind = np.random.get_state(legacy=False)
    version, words, gauss = random.getstate()
    state = {
        "torch": torch.get_rng_state(),
        "numpy": [_tensor(kind["state"]["key"]), int(kind["state"]["pos"])],
        "numpy_gauss": [int(kind["has_gauss"]), float(kind["gauss"])],
        "python": [version, _tensor(np.asarray(words, np.uint32)), gauss],
    }
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def set_generators(state: Mapping[str, Any], device: torch.device) -> None:
    """Puts the generators where they stood.

    Args:
        state: from `generators`; that of a device which is not there is left out.
        device: of the model.

    Raises:
        NotAsWritten: NumPy's words are not 624, or it stands behind them, in other memory.
    """
    torch.set_rng_state(state["torch"])
    (key, position), (has_gauss, gauss) = state["numpy"], state["numpy_gauss"]
    if type(position) is not int or not 0 <= position <= _WORDS or len(_words(key)) != _WORDS:
        raise NotAsWritten(f"a NumPy generator at word {str(position)[:20]} of {_WORDS}")
    np.random.set_state(("MT19937", _words(key), position, has_gauss, gauss))
    version, words, next_gauss = state["python"]
    random.setstate((version, tuple(_words(words).tolist()), next_gauss))
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)


def _tensor(words: Any) -> torch.Tensor:
    return torch.from_numpy(np.asarray(words, np.uint32).view(np.int32).copy())


def _words(tensor: torch.Tensor) -> Any:
    return tensor.numpy().view(np.uint32)
