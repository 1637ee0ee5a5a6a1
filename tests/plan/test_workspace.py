"""Workspaces: by hand, and in the trace, where they are no part of a peak."""

import pytest
import torch

from striate.plan.recording import timeline_of
from striate.plan.timeline import WORKSPACE
from striate.plan.tracing import Recorder
from striate.plan.workspace import workspace_bytes

aten = torch.ops.aten
X = torch.rand(2, 8, 6, 6).to(memory_format=torch.channels_last)


def backward(kernels, groups):
    """Arguments of a convolution's gradient."""
    return (X, X, kernels, [8], [1, 1], [1, 1], [1, 1], False, [0, 0], groups, [True] * 3)


@pytest.mark.parametrize(
    ("func", "args", "size"),
    [
        (aten.convolution.default, (X, torch.rand(8, 8, 3, 3)), 8 * 8 * 9 * 4),
        (aten.convolution_backward.default, backward(torch.rand(8, 8, 3, 3), 1), 2 * 8 * 8 * 36),
        (aten.convolution_backward.default, backward(torch.rand(8, 1, 3, 3), 8), 2 * 8 * 36),
        (aten.convolution_backward.default, backward(torch.rand(8, 1, 5, 5), 8), 257 * 8 * 100),
        (aten.native_batch_norm_backward.default, (X, X), X.nbytes),
        (aten.mean.dim, (X, [1, 2]), 0),
        (aten.mean.dim, (X.bfloat16(), [1, 2]), X.nbytes),
        (aten.relu.default, (X,), 0),
    ],
)
def test_what_an_operation_takes(func, args, size):
    assert workspace_bytes(func, args) == size


def test_a_trace_holds_workspaces_and_its_peak_does_not():
    kernels = torch.rand(8, 8, 3, 3)
    with Recorder() as recorder:
        made = torch.conv2d(X, kernels)
        del made
    line = timeline_of([(2**40, recorder.recording(carried=()))])
    kinds = [storage.kind for storage in line.storages]
    assert kinds.count(WORKSPACE) == 1
    made_bytes = 2 * 8 * 4 * 4 * 4
    assert line.peak_bytes(1) == made_bytes
    assert WORKSPACE not in line.peak(1).by_kind
    assert line.sizes(1, workspaces=True).sum() == made_bytes + kernels.nbytes
    assert line.sizes(1).sum() == made_bytes
