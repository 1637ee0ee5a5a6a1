"""Every voice that says so is understood, and no other."""

import numpy as np
import pytest
import torch

from striate.io.no_memory import lacks_memory


def said_by(call):
    try:
        call()
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        said_by(lambda: torch.empty(2**60)),  # what the processor's allocator says
        said_by(lambda: np.empty(2**60, np.uint8)),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."),
        RuntimeError("std::bad_alloc"),
        RuntimeError("can't start new thread"),
        RuntimeError("posix_memalign failed:Cannot allocate memory (12)"),
        RuntimeError("could not create a primitive"),
        OSError(12, "Cannot allocate memory"),
        ImportError("x.so: failed to map segment from shared object"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_it_is_recognised(error):
    assert lacks_memory(error)


@pytest.mark.parametrize(
    "error",
    [
        said_by(lambda: torch.ones(2) @ torch.ones(3)),
        ValueError("out of memory"),
        RuntimeError("could not create a primitive descriptor for a convolution"),
        OSError(28, "No space left on device"),
        ImportError("No module named 'x'"),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_errors_are_not(error):
    assert not lacks_memory(error)
