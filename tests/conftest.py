"""What every test stands on: seeds, tolerances, the shape checker, where the shared data is."""

from __future__ import annotations

import os

# Keras reads this once, when it is first imported: the peers run on torch.
os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("MPLBACKEND", "Agg")
# Threads that spin while they wait take the core from the worker beside them.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import random
import signal
from pathlib import Path

import hypothesis
import numpy as np
import pytest
import torch

from tests import array_types

array_types.install(["striate.ops", "striate.losses", "striate.records"])

ROOT = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile(
    "default",
    max_examples=25,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "long", parent=hypothesis.settings.get_profile("default"), max_examples=2000
)
hypothesis.settings.load_profile("default")


# Tests that pass over many parts, or over processes: where lines are counted, these count none,
# as the count costs half of their time again. The others must reach the floor by themselves.
UNCOUNTED = ("contract", "e2e", "peers")


def pytest_configure(config):
    """Gives each worker of a parallel run one thread, so that two workers share two cores."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        torch.set_num_threads(1)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a script
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config, items):
    """The longest first; those that need a device are skipped where there is none."""
    rooms = {item: item.path.relative_to(ROOT / "tests").parts[0] for item in items}
    items.sort(key=lambda item: rooms[item] != "e2e")
    for item in items:
        if rooms[item] in UNCOUNTED and config.pluginmanager.hasplugin("_cov"):
            item.add_marker(pytest.mark.no_cover)
        if item.get_closest_marker("gpu") and not torch.cuda.is_available():
            item.add_marker(pytest.mark.skip(reason="needs a CUDA device"))


@pytest.fixture(autouse=True)
def _seeds():
    """The same draws for every test, whatever ran before it."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture(autouse=True, scope="session")
def _cache_of_its_own(tmp_path_factory):
    """What the tests cache is theirs: nothing goes to the user's folder, or comes from it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRIATE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def rng():
    """A NumPy generator of a fixed seed."""
    return np.random.default_rng(0)


# Greatest max|a-b| / max|b| that still counts as equal: some hundred roundings of the type.
TOLERANCES = {
    torch.float64: 1e-12,
    torch.float32: 2e-5,
    torch.bfloat16: 3e-2,
    torch.float16: 4e-3,
}


@pytest.fixture
def tolerance():
    """tolerance(dtype): the greatest relative error of a comparison in this type."""
    return TOLERANCES.__getitem__


def _tensor(value):
    tensor = torch.as_tensor(value if isinstance(value, torch.Tensor) else np.asarray(value))
    return tensor.detach().cpu()


@pytest.fixture
def close():
    """close(a, b, tolerance=None): fails unless max|a-b| <= tolerance * max|b|, shapes equal."""

    def check(actual, expected, tolerance=None):
        a, b = (_tensor(value) for value in (actual, expected))
        if tolerance is None:
            tolerance = max(TOLERANCES.get(t.dtype, 0.0) for t in (a, b))
        assert a.shape == b.shape, f"shape {tuple(a.shape)} is not {tuple(b.shape)}"
        a, b = a.double(), b.double()
        assert a.isnan().equal(b.isnan()), "NaN in other places"
        differ = (a != b) & ~a.isnan()
        error = (a - b)[differ].abs().max().item() if differ.any() else 0.0
        scale = b[b.isfinite()].abs().max().item() if b.isfinite().any() else 0.0
        assert error <= tolerance * (scale or 1.0), f"off by {error:.3g} of {scale:.3g}"

    return check


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real pictures beside the checkout, or STRIATE_SHARED; skips without it."""
    folder = Path(os.environ.get("STRIATE_SHARED") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder} (set STRIATE_SHARED)")
    return folder
