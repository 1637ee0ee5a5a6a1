"""A model is a plain torch module: state, hooks, copies, export, compile, several processes."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.export import Dim

import striate
from striate import layers
from tests.models.nets import pictures, small, twins


def test_state_dicts_hooks_and_copies():
    net, other = small(), small()
    x = pictures()
    assert not torch.equal(net(x), other(x))
    other.load_state_dict(net.state_dict())
    assert torch.equal(net(x), other(x))
    seen = []
    handle = net.layers[1].register_forward_hook(lambda *parts: seen.append(parts[2].shape))
    net.register_forward_pre_hook(lambda module, args: seen.append("first"))
    net(x)
    assert seen == ["first", (2, 8, 8, 4)]
    handle.remove()
    twin = copy.deepcopy(other)
    assert torch.equal(twin(x), other(x))
    twin.layers[1].set_weights([np.zeros_like(w) for w in twin.layers[1].get_weights()])
    assert not torch.equal(twin(x), other(x))
    assert twin.get_layer("dense") is not other.get_layer("dense")
    assert twin.output.shape == other.output.shape


def test_a_deep_copy_is_a_model_of_its_own():
    net = small(first="stem")
    twin = copy.deepcopy(net)
    features = striate.Model(twin.input, twin.get_layer("stem").output)
    assert features.get_layer("stem") is twin.get_layer("stem")
    twin.trainable = False
    assert all(p.requires_grad for p in net.parameters())


def test_a_model_may_be_pickled_between_processes():
    net = small()
    twin = pickle.loads(pickle.dumps(net))
    x = pictures()
    assert torch.equal(twin(x), net(x))
    assert twin.get_layer("dense").name == "dense"


def test_number_types(close):
    net, x = small(), pictures()
    close(net.to(torch.float64)(x.double()).float(), net.to(torch.float32)(x))
    assert net.to(torch.bfloat16)(x.bfloat16()).dtype == torch.float32  # softmax is float32
    assert {p.dtype for p in net.parameters()} == {torch.bfloat16}


@pytest.mark.parametrize("kind", ["graph", "sequential"])
def test_export_with_open_batch_height_and_width(kind):
    net = small()
    if kind == "sequential":
        net = striate.Sequential(
            [
                layers.Conv2D(
                    4, 3, 2, padding="same", activation="relu", input_shape=(None, None, 3)
                ),
                layers.BatchNormalization(),
                layers.AveragePooling2D(2, padding="same"),
                layers.GlobalAveragePooling2D(),
                layers.Dense(2, "softmax"),
            ]
        )
    free = ({0: Dim.DYNAMIC, 1: Dim.DYNAMIC, 2: Dim.DYNAMIC},)
    program = torch.export.export(net, (pictures(2, 12),), dynamic_shapes=free).module()
    for x in (pictures(1, 12), pictures(5, 17), torch.rand(3, 9, 14, 3)):
        assert torch.allclose(program(x), net(x), atol=1e-6)


@pytest.mark.parametrize("make", [small, twins])
def test_compiles_without_a_break_in_the_graph(make):
    torch._dynamo.reset()
    net = make()
    x = pictures() if make is small else {"left": pictures(), "right": pictures()}
    compiled = torch.compile(net, fullgraph=True, backend="eager")
    got, expected = compiled(x), net(x)
    for key in expected if isinstance(expected, dict) else [...]:
        assert torch.equal(got[key], expected[key])


WRAPPED = """
import os, sys
import torch
from tests.models.nets import pictures, small

meeting = f"file://{sys.argv[1]}/meet"
torch.distributed.init_process_group("gloo", init_method=meeting, rank=0, world_size=1)
net = small()
wrapped = torch.nn.parallel.DistributedDataParallel(net)
wrapped.train()
wrapped(pictures()).square().sum().backward()
assert all(p.grad is not None for p in net.parameters())
print("done", flush=True)
os._exit(0)  # gloo's threads sometimes wait forever for the interpreter while a group is taken down
"""


def test_wrapped_for_several_processes(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WRAPPED, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == "done\n", done.stderr
