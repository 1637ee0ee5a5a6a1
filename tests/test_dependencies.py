"""What an installation brings: no torchvision, no CUDA wheels, no Gradio."""

import re
from importlib import metadata

import pytest
import torch
from packaging.requirements import Requirement

REFUSED = re.compile(r"torchvision|gradio|nvidia-.*")


def brought_by(name, seen=None):
    """Every installed distribution that this one needs, itself included, torch's own aside."""
    seen = set() if seen is None else seen
    name = re.sub(r"[-_.]+", "-", name).lower()
    if name in seen:
        return seen
    seen.add(name)
    try:
        needs = [] if name == "torch" else metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return seen
    for need in map(Requirement, needs):
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            brought_by(need.name, seen)
    return seen


def test_striate_needs_nothing_refused():
    needed = brought_by("striate")
    assert {"torch", "numpy", "pillow"} <= needed
    assert not [name for name in needed if REFUSED.fullmatch(name)]


@pytest.mark.skipif(torch.version.cuda is not None, reason="this torch was built for CUDA")
def test_nothing_refused_is_installed():
    names = {metadata_of.metadata["Name"].lower() for metadata_of in metadata.distributions()}
    assert not [name for name in names if REFUSED.fullmatch(name)]


def test_the_gate_knows_the_names():
    for name in ("torchvision", "gradio", "nvidia-cublas-cu12"):
        assert REFUSED.fullmatch(name)
    for name in ("torch", "gradio-client-like", "numpy"):
        assert not REFUSED.fullmatch(name)
