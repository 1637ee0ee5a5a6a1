"""Copies of tensors: as they were, in the same layout, in the same memory each time."""

import torch

from striate.train.snapshot import Snapshot


def test_copies_stay_while_the_tensors_change():
    weight, count = torch.rand(4, 3), torch.tensor(5)
    wanted = weight.clone()
    copies = Snapshot().of({"a": {"w": weight, "n": count}, "b": {"w": count}})
    weight.zero_()
    count.zero_()
    assert torch.equal(copies["a"]["w"], wanted)
    assert copies["a"]["n"] == copies["b"]["w"] == 5


def test_the_memory_is_used_again_and_the_layout_kept():
    kernel = torch.rand(8, 4, 3, 3).to(memory_format=torch.channels_last)
    snapshot = Snapshot()
    first = snapshot.of({"a": {"w": kernel}})["a"]["w"]
    second = snapshot.of({"a": {"w": kernel + 1}})["a"]["w"]
    assert first.data_ptr() == second.data_ptr()
    assert second.stride() == kernel.stride()
    assert torch.equal(second, kernel + 1)


def test_a_tensor_of_another_form_gets_memory_of_its_own():
    snapshot = Snapshot()
    snapshot.of({"a": {"w": torch.zeros(2)}})
    for other in (torch.zeros(3), torch.zeros(2, dtype=torch.float64), torch.zeros(1).expand(2)):
        copy = snapshot.of({"a": {"w": other}})["a"]["w"]
        assert (copy.shape, copy.dtype) == (other.shape, other.dtype)
    assert snapshot.of({}) == {}


def test_parameters_are_copied_without_a_graph():
    copy = Snapshot().of({"a": {"w": torch.nn.Parameter(torch.ones(2))}})["a"]["w"]
    assert not copy.requires_grad
