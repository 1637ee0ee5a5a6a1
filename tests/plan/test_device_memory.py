"""What may still be taken where a model computes."""

import pytest
import torch

from striate.plan.device_memory import device_memory
from striate.plan.free_memory import free_memory


def test_the_processor_has_what_the_process_may_take():
    found, known = device_memory(torch.device("cpu")), free_memory()
    assert (found is None) == (known is None)
    if found is not None:
        assert found.source == known.source
        assert found.bytes == pytest.approx(known.bytes, rel=0.2)


@pytest.mark.parametrize("kind", ["meta", "mps"])
def test_others_do_not_tell(kind):
    assert device_memory(torch.device(kind)) is None


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_a_gpu_counts_what_torch_keeps_unused():
    device = torch.device("cuda")
    before = device_memory(device).bytes
    held = torch.empty(2**28, dtype=torch.uint8, device=device)
    assert device_memory(device).bytes <= before - 2**28
    del held
    assert device_memory(device).bytes == pytest.approx(before, abs=2**26)
