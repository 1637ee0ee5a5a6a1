"""plan: the worked example of the text, what a plan says, what it costs to make."""

import subprocess
import sys

import pytest
import torch

import striate
from striate import layers
from striate.architectures import ARCHITECTURES, list_architectures, sketch
from striate.errors import ArgumentError, NotBuiltError, PlanError, ShapeError
from striate.models import plan
from striate.models.planning.plan_rows import plan_rows
from striate.models.planning.planned_step import input_shapes
from tests.models.small_net import net, ready


def test_the_worked_example_of_the_text():
    image = striate.Input((150, 100, 3))
    model = striate.Model(image, layers.Conv2D(200, 5, padding="same")(image))
    found = plan(model, 100, mode="predict")
    assert (found.parameters, found.multiply_adds) == (15_200, 225_000_000)
    row = found.rows[-1]
    assert row.output_bytes == 12_000_000
    assert row.output_bytes / 2**20 == pytest.approx(11.44, abs=0.005)
    peak = found.peak()
    assert peak.by_layer["conv2d"] == pytest.approx(1.2e9, rel=0.001)
    training = plan(model, 100)
    assert training.rows[-1].kept_bytes >= 12_000_000


def test_the_dense_twin_of_135_billion_parameters():
    with torch.device("meta"):
        flat = layers.Flatten()
        model = striate.Sequential(
            [striate.Input((150, 100, 3)), flat, layers.Dense(200 * 150 * 100)]
        )
    found = plan(model, 1)
    assert found.parameters == 135_003_000_000
    assert found.peak().by_kind["weights"] == 4 * 135_003_000_000
    assert found.largest_batch(8 * 10**9) == 0


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_the_totals_of_every_architecture(name):
    model = sketch(name)
    rows = plan_rows(model, input_shapes(model))
    answering = striate.Model(model.input, model.output)
    (listed,) = [one for one in list_architectures(name) if one.name == name]
    assert sum(row.multiply_adds for row in rows) == listed.multiply_adds
    assert sum(row.parameters for row in rows) == answering.count_params()


def test_a_compiled_model_is_planned_with_its_losses_and_optimizer():
    model = ready(net(norm=True), "adam", metrics=["accuracy"])
    found = plan(model, 8)
    assert (found.optimizer, found.mode, found.batch) == ("adam", "train", 8)
    weights = 4 * sum(p.numel() for p in model.parameters())
    assert found.peak().by_kind["optimizer"] == 2 * weights
    assert plan(model, 8, optimizer="sgd").peak().by_kind.get("optimizer", 0) == 0
    assert not model.optimizer.bound


def test_an_open_size_is_given():
    model = striate.Sequential(
        [
            striate.Input((None, None, 1)),
            layers.Conv2D(4, 3, padding="same"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )
    small, large = plan(model, 2, size=16), plan(model, 2, size=(32, 16))
    assert large.input_shape == (32, 16, 1)
    assert large.multiply_adds - 8 == 2 * (small.multiply_adds - 8)
    with pytest.raises(ArgumentError, match="plan: `size` must be given"):
        plan(model)
    with pytest.raises(ArgumentError, match="plan: `size` must be the model's own, 6 × 6"):
        plan(net(), size=7)


def test_several_inputs_and_outputs():
    a, b = striate.Input((8, 8, 1), name="a"), striate.Input((4,), name="b")
    x = layers.Concatenate()([layers.Flatten()(a), b])
    model = striate.Model([a, b], [layers.Dense(3, "softmax")(x), layers.Dense(1)(x)])
    found = plan(model, 4)
    assert found.input_shape == ((8, 8, 1), (4,))
    assert found.multiply_adds == 68 * 4
    assert found.timelines["train"].peak_bytes(8) > found.peak_bytes


def test_nets_in_nets_and_shared_layers():
    inner = striate.Sequential([striate.Input((8, 8, 2)), layers.Conv2D(2, 3, padding="same")])
    x = image = striate.Input((8, 8, 2))
    for _ in range(2):
        x = inner(x)
    found = plan(striate.Model(image, x), 2)
    names = [row.name for row in found.rows]
    assert len([name for name in names if "/" in name]) == 2
    assert sum(row.parameters for row in found.rows) == found.parameters == 38
    assert found.multiply_adds == 2 * 64 * 18 * 2
    assert found.rows[-1].fields[0].size_px == 5


def test_more_for_an_average_and_less_for_bytes():
    model = net(norm=True)
    bare = plan(model, 64, pixels="uint8")
    assert plan(model, 64, pixels="uint8", ema=0.9).peak().by_kind["average"] > 0
    assert bare.peak("predict").by_kind["batch"] == 64 * 36
    assert plan(model, 64).peak("predict").by_kind["batch"] == 4 * 64 * 36


def test_parts_of_a_batch_need_less():
    model = net()
    assert plan(model, 64, accumulate=4).peak_bytes < plan(model, 64).peak_bytes


@pytest.mark.long
def test_efficientnet_b7_in_time_and_memory():
    """In a process of its own: 2 s of the processor and 100 MB beside the imports."""
    code = """
import resource, time
import striate.models, torch._dynamo
from striate.architectures import sketch
from striate.models import plan
def most(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start = most(), time.process_time()
found = plan(sketch("efficientnet_b7", (600, 600, 3)), 32)
print(time.process_time() - start, most() - before, found.multiply_adds)
"""
    seconds, megabytes, adds = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(seconds) < 4.0  # 2 s on an idle core
    assert float(megabytes) < 100.0
    assert int(adds) == 37_745_884_192


def test_words():
    with pytest.raises(ArgumentError, match='plan: `mode` must be one of "train", "predict"'):
        plan(net(), mode="test")
    with pytest.raises(ArgumentError, match="plan: `precision` must be one of"):
        plan(net(), precision="auto")
    with pytest.raises(ArgumentError, match='plan: `pixels` must be one of "float32", "uint8"'):
        plan(net(), pixels="int8")
    with pytest.raises(ArgumentError, match="plan: `batch` must be a whole number"):
        plan(net(), 0)
    with pytest.raises(NotBuiltError, match="plan"):
        plan(net(declared=False))
    frozen = net()
    frozen.trainable = False
    with pytest.raises(ArgumentError, match="plan: `model` must have a weight that is trainable"):
        plan(frozen)
    assert plan(frozen, mode="predict").trainable == 0


def test_what_needs_the_numbers_is_refused():
    class Chooses(layers.Layer):
        def call(self, x):
            return x[x[:, 0] > 0]

        def output_shape(self, shape):
            return shape

    with pytest.raises(PlanError, match="plan: must be able to run the model on shapes alone"):
        plan(striate.Sequential([striate.Input((3,)), Chooses()]), mode="predict")


@pytest.mark.parametrize("mode", ["train", "predict"])
def test_a_picture_that_is_too_small_for_a_layer(mode):
    x = striate.Input((None, None, 3))
    model = striate.Model(x, layers.MaxPooling2D(4)(layers.Conv2D(2, 3)(x)))
    assert plan(model, 2, size=20, mode=mode).peak_bytes > 0
    with pytest.raises(ShapeError, match=r"MaxPooling2D.*at least as large as the window"):
        plan(model, 2, size=5, mode=mode)
