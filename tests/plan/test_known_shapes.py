"""The rules give the shapes, layouts and types that the processor gives."""

import pytest
import torch

from striate.plan.known_shapes import RULES

FORWARD = torch.ops.aten.native_batch_norm.default
BACKWARD = torch.ops.aten.native_batch_norm_backward.default


def facts(result):
    return [part is not None and (part.shape, part.stride(), part.dtype) for part in result]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("channels_last", [True, False])
def test_batch_norm(training, dtype, affine, channels_last):
    layout = torch.channels_last if channels_last else torch.contiguous_format
    x = torch.rand(2, 3, 5, 4).to(dtype).contiguous(memory_format=layout)
    weight, bias = (torch.ones(3), torch.zeros(3)) if affine else (None, None)
    args = (x, weight, bias, torch.zeros(3), torch.ones(3), training, 0.1, 1e-3)
    real = FORWARD(*args)
    assert facts(RULES[FORWARD](*args)) == facts(real)
    for mask in ([True, True, True], [False, True, True], [True, False, False]):
        if not affine and mask[1]:
            continue
        moments = (torch.zeros(3), torch.ones(3))
        saved = tuple(real[1:])
        given = (torch.rand_like(x), x, weight, *moments, *saved, training, 1e-3, mask)
        assert facts(RULES[BACKWARD](*given)) == facts(BACKWARD(*given))
