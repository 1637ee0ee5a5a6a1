"""Checkpoints as traced against torch's own on numbers, in nets that are cut by hand."""

from itertools import pairwise

import pytest
import torch
from torch.utils.checkpoint import checkpoint

import striate
from striate import layers
from striate.architectures import ARCHITECTURES
from striate.layers.drawing import clear_draws
from striate.models import plan, remedies
from striate.models.planning.checkpointed import checkpointed
from striate.models.planning.memory_trace import record_step
from striate.models.planning.planned_step import input_shapes, pictures_of, planned_step
from striate.plan.recording import timeline_of
from striate.records import Batch

SAMPLES = 4


def stages_of(net):
    """A model for each stage, and one for what comes behind them."""
    ends = [net.input, *net._stages.values(), net.output]
    return [striate.Model(first, last) for first, last in pairwise(ends)]


def measured(net, parts, optimizer="sgd"):
    """The peak of a second step on numbers, each part but the last checkpointed."""
    net.train()
    for part in parts:
        part.train()

    def run(x):
        for part in parts[:-1]:
            x = checkpoint(part, x, use_reentrant=False, preserve_rng_state=False)
        return parts[-1](x)

    pictures = pictures_of(net, input_shapes(net), torch.float32)
    step, metrics, one = planned_step(net, pictures, optimizer)
    images = torch.rand(SAMPLES, *one.images.shape[1:])
    targets = torch.zeros(SAMPLES, *one.targets.shape[1:], dtype=one.targets.dtype)
    batch = Batch(images, targets, None, torch.arange(SAMPLES))
    step(batch, epoch=0, step=0)
    clear_draws(step._drawing)
    for layer in step._drawing:
        layer._draw_index = None
    found = record_step(step, batch, metrics=metrics, instead=run)
    return timeline_of([(2**50, found)]).peak_bytes(1)


def traced(net, optimizer="sgd"):
    found = plan(net, SAMPLES, optimizer=optimizer)
    ways = {each.name: each for each in remedies(net, found, optimizer=optimizer)}
    return found, ways.get("checkpoints")


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("resnet20", "adam"),
        *(
            pytest.param(name, "sgd", marks=pytest.mark.long)
            for name in ("resnet18", "vgg11", "mobilenet_v2", "densenet121", "efficientnet_b0")
        ),
    ],
)
def test_what_checkpoints_by_stage_need_is_what_torch_takes(name, optimizer):
    net = ARCHITECTURES.get(name)((32, 32, 3), 10)
    found, remedy = traced(net, optimizer)
    assert remedy.peak_bytes == measured(net, stages_of(net), optimizer)
    assert remedy.saved_bytes == found.peak_bytes - remedy.peak_bytes


def gradients(net, run, x):
    net.zero_grad()
    outputs = run(x)
    found = outputs if isinstance(outputs, torch.Tensor) else sum(outputs.values())
    found.square().sum().backward()
    return [outputs, *(p.grad for p in net.parameters())]


def with_skips():
    """Skips that cross every cut, a layer that is shared, and an output of training alone."""
    x = image = striate.Input((6, 6, 2))
    shared = layers.Conv2D(2, 3, padding="same")
    early = image
    for _ in range(8):
        x = layers.Add()([shared(x), image])
        x = layers.Activation("tanh")(x)
        early = x if early is image else early
    end, side = layers.Flatten(name="end")(x), layers.Flatten()(early)
    return striate.Model(image, end, auxiliary={"side": (side, 0.5)})


def test_numbers_and_gradients_are_those_of_the_whole_run():
    net = with_skips().train()
    x = torch.rand(2, 6, 6, 2)
    whole, cut = gradients(net, net, x), gradients(net, checkpointed(net), x)
    assert {name: t.tolist() for name, t in whole[0].items()} == {
        name: t.tolist() for name, t in cut[0].items()
    }
    assert all(torch.equal(a, b) for a, b in zip(whole[1:], cut[1:], strict=True))


def test_a_chain_without_stages_is_cut_at_the_square_root():
    parts = [layers.Conv2D(4, 3, padding="same", activation="tanh") for _ in range(8)]
    head = layers.GlobalAveragePooling2D()
    net = striate.Sequential([striate.Input((16, 16, 4)), *parts, head])
    cuts = [parts[0:3], parts[3:6], [*parts[6:], head]]
    segments = [striate.Sequential([striate.Input((16, 16, 4)), *cut]) for cut in cuts]
    _, remedy = traced(net)
    assert remedy.peak_bytes == measured(net, segments)


class Plain(striate.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)


def test_what_no_graph_joins_has_no_checkpoints():
    net = Plain()
    net(torch.zeros(1, 3))
    assert checkpointed(net) is None
    assert checkpointed(striate.Sequential([layers.Dense(2, input_shape=(3,))])) is None
    assert traced(net)[1] is None
