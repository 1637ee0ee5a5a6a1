import torch

from striate.data.augment.bytes import choose


def test_it_is_torch_where():
    a, b = torch.randint(0, 256, (2, 3, 5, 7, 3), dtype=torch.uint8)
    for which in (torch.rand(3, 5, 7, 3) < 0.5, torch.rand(3, 1, 1, 1) < 0.5, torch.tensor(True)):
        assert choose(which, a, b).equal(torch.where(which, a, b))
