"""What is remembered is what would have been found."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from striate.plan.shape_memory import ShapeMemory
from striate.plan.stand_ins import StandIns


class Remembering(TorchDispatchMode):
    def __init__(self, memory):
        super().__init__()
        self.memory = memory

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return self.memory.run(func, args, kwargs or {})


def facts(tensor):
    storage = tensor.untyped_storage()
    return (
        tuple(tensor.shape),
        tensor.stride(),
        tensor.storage_offset(),
        tensor.dtype,
        storage.nbytes(),
    )


CASES = {
    "new": lambda x: [x + 1, x * x, x.sum((1, 2)), x.to(torch.float64), x > 0, x / 2],
    "views": lambda x: [x.permute(0, 3, 1, 2), x[:, 1:], x[:, 1:][:, 1:], x.reshape(2, -1)],
    "parts": lambda x: [*x.split(3, dim=3), *x.unbind(0), *torch.max(x, dim=1)],
    "joined": lambda x: [torch.cat([x, x]), torch.stack([x, x[..., :]], 1)],
    "in place": lambda x: [x.add_(1), x.clone().mul_(2.0), x.t_() if x.dim() == 2 else x],
    "lists": lambda x: [*torch._foreach_sqrt([x, x + 1]), *torch._foreach_add([x], 1.0)],
    "numbers": lambda x: [x + 1, x + 1.0, x.to(torch.uint8) + 1, x.to(torch.uint8) + 1.0],
    "meant layouts": lambda x: [
        torch.conv2d(x.permute(0, 3, 1, 2), torch.empty(4, 6, 3, 3)),
        torch.empty_like(x.permute(0, 3, 1, 2)),
        x.permute(0, 3, 1, 2).contiguous(),
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_the_second_time_gives_what_the_first_gave(name):
    made = StandIns()
    memory = ShapeMemory()
    with made.mode, Remembering(memory):
        first = [facts(t) for t in CASES[name](torch.empty(2, 8, 8, 6))]
        second = [facts(t) for t in CASES[name](torch.empty(2, 8, 8, 6))]
    with made.mode:
        plain = [facts(t) for t in CASES[name](torch.empty(2, 8, 8, 6))]
    real = [facts(t) for t in CASES[name](torch.empty(2, 8, 8, 6))]
    assert first == second == plain == real


def test_views_share_memory_and_new_tensors_do_not():
    made = StandIns()
    with made.mode, Remembering(ShapeMemory()):
        for _ in range(2):
            x = torch.empty(4, 6)
            view, new = x.t(), x.t() + 1
            assert view.untyped_storage() is x.untyped_storage()
            assert new.untyped_storage() is not x.untyped_storage()
            assert x.add_(1) is x


def test_numbers_are_computed_each_time():
    with Remembering(ShapeMemory()):
        assert [float(torch.tensor(2.0) * factor) for factor in (1.0, 2.0)] == [2.0, 4.0]
