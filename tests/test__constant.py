"""Numbers as a tensor: made once, usable in and out of inference and for gradients."""

import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

from striate._constant import constant


def test_one_tensor_for_each_type():
    one, again = (constant((1.0, 2.5), torch.zeros(2)) for _ in range(2))
    assert one is again
    assert one.tolist() == [1.0, 2.5]
    assert constant((1.0, 2.5), torch.zeros(2).double()).dtype == torch.float64
    assert constant((1.0, 2.0), torch.zeros(2)).tolist() == [1.0, 2.0]


def test_one_made_in_inference_serves_gradients():
    with torch.inference_mode():
        constant((3.0, 7.0), torch.zeros(2))
    x = torch.ones(2, requires_grad=True)
    (x * constant((3.0, 7.0), x)).sum().backward()
    assert x.grad.tolist() == [3.0, 7.0]


def test_stand_ins_are_not_kept():
    ghost = constant((4.0, 5.0), torch.zeros(2, device="meta"))
    assert ghost.is_meta
    assert constant((4.0, 5.0), torch.zeros(2)).tolist() == [4.0, 5.0]


def test_one_made_among_stand_ins_has_its_numbers():
    with FakeTensorMode(allow_non_fake_inputs=True):
        ghost = torch.zeros(2) * constant((6.0, 8.0), torch.zeros(2))
    assert isinstance(ghost, FakeTensor)
    assert type(constant((6.0, 8.0), torch.zeros(2))) is torch.Tensor
    assert constant((6.0, 8.0), torch.zeros(2)).tolist() == [6.0, 8.0]
