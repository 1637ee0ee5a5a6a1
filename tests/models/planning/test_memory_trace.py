"""THE test of the plan: what is traced without numbers is what the processor does."""

import copy
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.architectures import ARCHITECTURES
from striate.errors import PlanError
from striate.layers.drawing import clear_draws
from striate.models import plan
from striate.models.planning.memory_trace import prediction_timeline, record_step, training_timeline
from striate.models.planning.planned_step import input_shapes, pictures_of, planned_step
from striate.models.predictor import InferenceRun, convolution
from striate.plan.recording import timeline_of
from striate.plan.tracing import Recorder
from striate.records import Batch, Preprocess
from striate.train.ema import WeightAverage
from striate.train.step import forward
from striate.train.totals import Totals
from tests.models.small_net import data, net, ready, same

SAMPLES = 4


def events(line, batch):
    """The bytes that come and go, in order."""
    sizes = line.sizes(batch).tolist()
    return [sizes[e - 1] if e > 0 else -sizes[-e - 1] for e in line.events]


def alike(traced, real):
    """The same comes and goes; the weights that autocast has cast go all at once, in any order."""
    assert sorted(events(traced, SAMPLES)) == sorted(events(real, 1))
    assert traced.peak_bytes(SAMPLES) == real.peak_bytes(1)


def measured(step, one, metrics, decay=None):
    """The timeline of a second step on the processor, with numbers."""
    torch.manual_seed(0)
    model = step.model.train()
    first = one.images
    batch = Batch(
        torch.rand(SAMPLES, *first.shape[1:]).mul(255).to(first.dtype),
        torch.zeros(SAMPLES, *one.targets.shape[1:], dtype=one.targets.dtype),
        None,
        torch.arange(SAMPLES),
    )
    average = None if decay is None else WeightAverage(model, decay)
    assert step(batch, epoch=0, step=0).is_finite
    clear_draws(step._drawing)
    for layer in step._drawing:
        layer._draw_index = None
    found = record_step(step, batch, metrics=copy.deepcopy(metrics), average=average)
    return timeline_of([(2**50, found)], parts=1)


def both(model, optimizer="sgd", *, pixels=torch.float32, decay=None, **how):
    """(traced, measured) timelines of one step of training."""
    pictures = pictures_of(model, input_shapes(model), pixels)
    step, metrics, one = planned_step(model, pictures, optimizer, **how)
    return training_timeline(step, one, metrics=metrics, decay=decay), measured(
        step, one, metrics, decay
    )


def small(kind):
    side = 96 if kind == "googlenet" else 32
    return ARCHITECTURES.get(kind)((side, side, 3), 10)


NETS = ["resnet18", "mobilenet_v2", "efficientnet_b0", "densenet121", "googlenet", "convnext_tiny"]


@pytest.mark.parametrize(
    "name",
    ["resnet20", "mobilenet_v3_small", *(pytest.param(n, marks=pytest.mark.long) for n in NETS)],
)
def test_architectures(name):
    traced, real = both(small(name))
    assert events(traced, SAMPLES) == events(real, 1)


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam", "adamw", "nadam", "adagrad"])
def test_optimizers(name):
    traced, real = both(net(dropout=0.5, norm=True), name)
    assert events(traced, SAMPLES) == events(real, 1)


@pytest.mark.parametrize(
    "make",
    [
        lambda w: optimizers.SGD(0.1, momentum=0.9, nesterov=True, clipnorm=1.0),
        lambda w: optimizers.Adam(0.1, amsgrad=True, global_clipnorm=1.0),
        lambda w: optimizers.RMSprop(0.1, centered=True, momentum=0.5, clipvalue=0.5),
        lambda w: torch.optim.SGD(w, 0.1, momentum=0.9),
        lambda w: torch.optim.AdamW(w, 0.1, foreach=True),
        lambda w: torch.optim.AdamW(w, 0.1, foreach=False),
        lambda w: torch.optim.AdamW(w, 0.1, fused=True),
        lambda w: torch.optim.NAdam(w, 0.1),
        lambda w: torch.optim.Adamax(w, 0.1),
    ],
)
def test_optimizers_that_are_given(make):
    model = net(norm=True)
    traced, real = both(model, make(model.parameters()))
    assert events(traced, SAMPLES) == events(real, 1)


@pytest.mark.parametrize("kind", [torch.optim.AdamW, torch.optim.NAdam, torch.optim.RAdam])
def test_an_optimizer_of_torchs_that_has_counted_steps(kind):
    model = net(norm=True)
    given = kind(model.parameters(), 0.1)
    fresh = plan(model, 8, optimizer=given).peak_bytes
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    given.step()
    assert plan(model, 8, optimizer=given).peak_bytes == fresh
    assert {float(entry["step"]) for entry in given.state.values()} == {1.0}


@pytest.mark.parametrize(
    "how",
    [
        {"accumulate": 2},
        {"decay": 0.9},
        {"pixels": torch.uint8},
        {"pixels": torch.uint8, "preprocess": Preprocess(scale=1 / 255, mean=(0.5,), std=(0.5,))},
        {"accumulate": 4, "decay": 0.9, "pixels": torch.uint8},
    ],
)
def test_ways_to_train(how):
    traced, real = both(net(dropout=0.5, norm=True), "adam", **how)
    assert events(traced, SAMPLES) == events(real, 1)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_pooling_that_runs_before_the_rectifier(precision):
    parts = [layers.Conv2D(4, 3, activation="relu", name="conv"), layers.MaxPooling2D(name="pool")]
    model = striate.Sequential([striate.Input((12, 12, 1)), *parts, layers.Flatten()])
    traced, real = both(model, "adam", precision=precision)
    alike(traced, real)
    assert set(traced.kept_bytes()) >= {"conv", "pool"}


@pytest.mark.parametrize("metric", ["auc", "precision", "recall", "f1_score", "binary_accuracy"])
def test_metrics_that_hold_numbers(metric):
    model = striate.Sequential([striate.Input((6,)), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=[metric])
    traced, real = both(model)
    assert events(traced, SAMPLES) == events(real, 1)


def test_frozen_layers():
    model = net(norm=True)
    model.layers[0].trainable = False
    traced, real = both(model, "adam")
    assert events(traced, SAMPLES) == events(real, 1)


def test_bfloat16():
    traced, real = both(small("resnet20"), precision="bfloat16")
    alike(traced, real)


def test_auxiliary_outputs_and_regularizers():
    x = inputs = striate.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, kernel_regularizer="l2")(x)
    out = layers.Dense(3, "softmax")(layers.Flatten()(x))
    early = layers.Dense(3, "softmax")(layers.GlobalAveragePooling2D()(x))
    model = striate.Model(inputs, out, auxiliary={"early": (early, 0.3)})
    traced, real = both(model)
    assert events(traced, SAMPLES) == events(real, 1)


class OwnNet(striate.Model):
    """A user's: layers in a list, a branch, a tensor of its own."""

    def __init__(self):
        super().__init__()
        self.convolutions = [layers.Conv2D(4, 3, padding="same") for _ in range(2)]
        self.head = layers.Dense(2)
        self.scale = torch.ones(4)

    def call(self, x):
        a = self.convolutions[0](x)
        return self.head((a * self.scale + self.convolutions[1](x).relu()).mean((1, 2)))


def test_a_users_net():
    model = OwnNet()
    model(np.zeros((1, 8, 8, 1), "float32"))
    traced, real = both(model)
    assert traced.peak_bytes(SAMPLES) == real.peak_bytes(1)


def test_two_small_batches_where_a_great_one_is_too_much():
    model = striate.Sequential([layers.Flatten(input_shape=(50, 50, 1)), Alike()])
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    line = prediction_timeline(model, Batch(pictures))
    assert line.peak_bytes(3) > 0


class Alike(layers.Layer):
    """Makes more for each sample than a great batch leaves room for."""

    def call(self, x):
        wide = x[:, :, None].expand(-1, -1, 2**31)
        return wide.contiguous().sum((1, 2), keepdim=True)[..., 0]


def test_words():
    model = striate.Sequential([layers.Flatten(input_shape=(2,))])
    model.layers[0].forward = lambda x: x[x > 0]
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    with pytest.raises(PlanError, match="plan: must be able to run the model on shapes alone"):
        prediction_timeline(model, Batch(pictures))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_steps_one_after_the_other(optimizer):
    """As the loop makes them: the last step's batch and outputs are there during the next."""
    model = net(dropout=0.5, norm=True).train()
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    step, metrics, one = planned_step(model, pictures, optimizer)
    traced = training_timeline(step, one, metrics=metrics)
    totals = Totals(metrics, step.world)
    recorder = Recorder()
    recorder.hold([*model.parameters(), *model.buffers()], "weights")
    with recorder:
        for number in range(3):
            images, ids = torch.rand(SAMPLES, 6, 6, 1), torch.arange(SAMPLES)
            batch = Batch(images, torch.zeros(SAMPLES, dtype=torch.int64), None, ids)
            del images, ids
            result = step(batch, epoch=0, step=number)
            totals.add(result.loss, result.sums, result.batch, result.outputs)
    whole = timeline_of([(2**50, recorder.recording(carried=()))])
    assert traced.peak_bytes(SAMPLES) == pytest.approx(whole.peak_bytes(1), abs=300)


def test_nothing_of_a_trained_model_is_changed():
    model = ready(net(dropout=0.5, norm=True))
    x, y = data()
    model.fit(x, y, epochs=1, verbose=0, seed=3)
    twin = ready(net(dropout=0.5, norm=True))
    twin.fit(x, y, epochs=1, verbose=0, seed=3)
    state = copy.deepcopy(model.optimizer.state_dict())
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    step, metrics, one = planned_step(model, pictures)
    training_timeline(step, one, metrics=metrics)
    prediction_timeline(model, Batch(pictures))
    assert same(model, twin)
    assert not any(
        isinstance(v, torch._subclasses.FakeTensor)
        for m in model.modules()
        for v in vars(m).values()
    )
    after = model.optimizer.state_dict()
    assert all(
        torch.equal(value, after["state"][number][name])
        for number, entry in state["state"].items()
        for name, value in entry.items()
    )
    model.fit(x, y, epochs=2, initial_epoch=1, verbose=0, seed=4)
    twin.fit(x, y, epochs=2, initial_epoch=1, verbose=0, seed=4)
    assert same(model, twin)


@pytest.mark.parametrize("name", ["resnet20", "mobilenet_v3_small"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_prediction(name, precision, monkeypatch):
    monkeypatch.setattr(convolution, "_SMALL", 1_000_000)  # most of these maps are small
    model = small(name).eval()
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    traced = prediction_timeline(model, Batch(pictures), precision=precision)
    recorder = Recorder()
    recorder.hold([*model.parameters(), *model.buffers()], "weights")
    images = torch.rand(SAMPLES, 32, 32, 3)
    recorder.hold([images], "batch")
    run = InferenceRun(model) if precision == "float32" else model
    with torch.no_grad(), recorder:
        outputs = forward(run, images, precision, None, images.device, images.dtype)
    if precision == "float32":
        recorder.hold([t for t in run.tensors() if t.layout is torch.strided], "weights")
    found = recorder.recording(carried=("passing",))
    assert outputs.shape == (SAMPLES, 10)
    real = timeline_of([(2**50, found)])
    if precision == "bfloat16":
        alike(traced, real)
        return
    packed = [4 * t.numel() for t in run.tensors() if t.layout is not torch.strided]
    dense = [layer for layer in model.layers if type(layer) is layers.Dense]
    laid_out = packed + [4 * layer.weight.numel() for layer in dense]  # from 16 samples on
    more = Counter(events(traced, SAMPLES))
    more.subtract(Counter(events(real, 1)))
    more.pop(0, None)  # workspaces
    assert len(packed) == {"resnet20": 18, "mobilenet_v3_small": 0}[name]
    assert +more == Counter(laid_out)  # which the processor keeps in an order of its own, unseen
    assert not -more
    assert 0 <= traced.peak_bytes(SAMPLES) - real.peak_bytes(1) <= sum(laid_out)


@pytest.mark.parametrize("samples", [1, 3, 7])
def test_other_batches(samples, monkeypatch):
    monkeypatch.setattr("tests.models.planning.test_memory_trace.SAMPLES", samples)
    traced, real = both(net(dropout=0.5))
    assert traced.peak_bytes(samples) == real.peak_bytes(1)


def test_a_chain_needs_two_consecutive_layers_to_predict():
    sizes = [(5, 30), (20, 3), (40, 3), (10, 3)]  # filters, kernel
    parts = [layers.Conv2D(f, k, padding="same") for f, k in sizes]
    model = striate.Sequential([striate.Input((32, 32, 3)), *parts])
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    line = prediction_timeline(model, Batch(pictures))
    made = [32 * 32 * f * 4 for f in (3, 5, 20, 40, 10)]
    peak = line.peak(1)
    outputs, image = made[-1], made[0]
    weights = peak.by_kind["weights"]
    pairs = max(a + b for a, b in pairwise(made[1:]))
    assert peak.total_bytes == weights + image + outputs + pairs
