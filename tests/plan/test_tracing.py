"""The recorder against what Python itself says of tensors that come and go."""

import torch
from torch import nn

from striate.plan.stand_ins import StandIns
from striate.plan.tracing import Recorder


def test_views_and_changes_in_place_are_no_new_memory():
    with Recorder() as recorder:
        x = torch.zeros(4, 4)
        y = x.view(2, 8).t()[1:].add_(1.0)
        z = torch.relu_(x)
        w = x + y.sum()
        del x, y
        after = list(recorder.events)
        del z, w
    assert recorder.sizes == [64, 4, 64]
    assert after == [1, 2, 3, -2]
    assert sorted(recorder.events[4:]) == [-3, -1]


def test_storages_know_their_layer_and_phase():
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    recorder = Recorder(lambda: "forward")
    recorder.hold(net.parameters(), "weights")
    hooks = recorder.watch(net[0], "first") + recorder.watch(net[2], "last")
    with recorder:
        net(torch.ones(5, 3)).sum().backward()
    for hook in hooks:
        hook.remove()
    made = list(zip(recorder.sizes, recorder.layers, recorder.phases, strict=True))
    assert made[4:6] == [(60, "", "forward"), (80, "first", "forward")]
    assert (40, "last", "forward") in made
    assert {layer for _, layer, phase in made if phase == "backward"} == {""}
    assert not net[0]._forward_hooks


def test_kept_is_what_the_backward_pass_finds():
    x = torch.ones(2, 5, requires_grad=True)
    with Recorder() as recorder:
        recorder.hold([x], "batch")
        a = x.exp()
        b = a + 1.0
        c = b.sin()
        del a, b
        c.sum().backward()
    recorder.hold([x.grad], "gradients")
    found = recorder.recording(carried=("gradients",))
    kinds = dict(zip(range(len(found.kinds)), found.kinds, strict=True))
    assert [kinds[n] for n in range(4)] == ["batch", "kept", "kept", "kept"]
    assert found.kinds.count("gradients") == 1
    assert [found.kinds[n] for n in found.carried] == ["gradients"]


def test_notes_end_with_the_recording():
    with Recorder() as recorder:
        x = torch.zeros(3)
    found = recorder.recording(carried=())
    del x
    assert found.events == [1]


def test_stand_ins_answer_nought():
    made = StandIns()
    with made.mode, Recorder(operations=made.operations):
        x = torch.rand(3)
        assert x.sum().item() == 0.0
        assert x.argmax().item() == 0
        assert not bool((x > 0).all())


def test_sparse_tensors_are_left_out():
    with Recorder() as recorder:
        torch.eye(3).to_sparse()
    assert all(size <= 72 for size in recorder.sizes)
