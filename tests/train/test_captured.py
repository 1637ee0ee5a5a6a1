"""CapturedStep by a recorder that plays back on the processor what a CUDA graph does on a GPU.

It runs the function again at each replay, writes what comes out over the first outputs, and undoes
what Python did on the way, as a graph has none. What only a GPU can show is in tests/gpu.
"""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import striate
from striate import layers, structure
from striate.data import ArraySource
from striate.errors import ArgumentError
from striate.models import training_step
from striate.records import Batch, Masks, Preprocess
from striate.train import captured
from striate.train.captured import CapturedStep


class NothingFromOutside(TorchDispatchMode):
    """Refuses numbers of Python that become a tensor: a graph cannot copy them to a GPU."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        assert func is not torch.ops.aten.lift_fresh.default
        return func(*args, **(kwargs or {}))


class Tape:
    """Records and replays on the processor; counts both."""

    def __init__(self):
        self.recorded = self.replayed = 0

    def __call__(self, function):
        self.recorded += 1
        with torch.random.fork_rng(), NothingFromOutside():
            outputs = function()
        places = [leaf for leaf in structure.leaves(outputs) if isinstance(leaf, torch.Tensor)]

        def replay():
            self.replayed += 1
            parameters = list(self.step.model.parameters())
            held = [parameter.grad for parameter in parameters]
            fresh = [t for t in structure.leaves(function()) if isinstance(t, torch.Tensor)]
            with torch.no_grad():
                for own, new in zip(places, fresh, strict=True):
                    own.detach().copy_(new)
            for parameter, gradient in zip(parameters, held, strict=True):
                parameter.grad = gradient

        return replay, outputs


def net():
    torch.manual_seed(0)
    return striate.Sequential(
        [
            layers.Conv2D(4, 3, activation="relu", input_shape=(8, 8, 1)),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", kernel_regularizer="l2"),
        ]
    )


def data(count=70):
    numbers = np.random.default_rng(0)
    return numbers.random((count, 8, 8, 1), "float32"), numbers.integers(0, 3, count)


@pytest.fixture
def tape(monkeypatch):
    """`fit(capture=True)` on the processor, by the tape."""
    made = Tape()

    def step(*arguments, **settings):
        made.step = CapturedStep(*arguments, record=made, **settings)
        return made.step

    monkeypatch.setattr(training_step, "CapturedStep", step)
    return made


def fitted(capture, *, rate=0.05, weights=None, **how):
    model = net()
    model.compile(striate.optimizers.Adam(rate), "sparse_categorical_crossentropy", ["accuracy"])
    x, y = data()
    history = model.fit(
        x,
        y,
        batch_size=16,
        epochs=5,
        seed=1,
        verbose=0,
        capture=capture,
        sample_weight=weights,
        **how,
    )
    return history.history, model.get_weights(), model


@pytest.mark.parametrize("weights", [None, np.linspace(0.0, 2.0, 70, dtype="float32")])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_numbers_are_those_of_the_step_itself(tape, weights, precision):
    ours = fitted(True, weights=weights, precision=precision)
    plain = fitted(False, weights=weights, precision=precision)
    assert ours[0] == plain[0]
    for own, other in zip(ours[1], plain[1], strict=True):
        np.testing.assert_array_equal(own, other)
    # 20 whole batches, 3 of them eager; the last batch of each epoch has 6 pictures, and is rare
    assert (tape.recorded, tape.replayed) == (1, 20 - captured._EAGER_STEPS)


def test_a_schedule_is_not_recorded(tape):
    rate = striate.optimizers.schedules.OneCycle(0.1, 25)
    ours, plain = fitted(True, rate=rate), fitted(False, rate=rate)
    assert ours[0] == plain[0]
    assert tape.replayed


def test_a_batch_that_is_not_finite_stops_the_run(tape):
    model = net()
    model.compile("sgd", "sparse_categorical_crossentropy")
    x, y = data(96)
    x[90] = np.nan
    with pytest.raises(striate.errors.DivergedError):
        model.fit(x, y, batch_size=16, shuffle=False, verbose=0, capture=True)
    assert tape.replayed


def test_gradients_are_the_recorded_ones_after_another_shape(tape):
    model = net()
    model.compile("sgd", "sparse_categorical_crossentropy")
    x, y = data(16 * 5 + 4)
    for _ in range(2):
        model.fit(x, y, batch_size=16, shuffle=False, verbose=0, capture=True, epochs=2)
    twin = net()
    twin.compile("sgd", "sparse_categorical_crossentropy")
    for _ in range(2):
        twin.fit(x, y, batch_size=16, shuffle=False, verbose=0, epochs=2)
    for own, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(own, other)


class TestRefusals:
    def test_the_processor(self):
        with pytest.raises(ArgumentError, match=r"capture.*cpu"):
            fitted(True)

    def test_layers_that_draw(self, tape):
        model = striate.Sequential(
            [layers.Dropout(0.5, input_shape=(4,)), layers.Dense(2, activation="softmax")]
        )
        model.compile("sgd", "sparse_categorical_crossentropy")
        with pytest.raises(ArgumentError, match="Dropout"):
            model.fit(np.zeros((4, 4), "float32"), np.zeros(4), capture=True, verbose=0)

    def test_compiled_models(self, tape, monkeypatch):
        monkeypatch.setattr(torch, "compile", lambda model: lambda *given: model(*given))
        with pytest.raises(ArgumentError, match="compiled"):
            fitted(True, jit=True)

    def test_batches_that_hold_more_than_tensors(self):
        masks = Masks(torch.zeros(1, 2, 2, dtype=torch.uint8))
        with pytest.raises(ArgumentError, match="Masks"):
            captured._shape_of(Batch(torch.zeros(1, 2, 2, 1), masks, None, None))

    def test_parts(self, tape):
        with pytest.raises(ArgumentError, match="accumulate"):
            fitted(True, accumulate=2)

    def test_no_flag(self):
        with pytest.raises(ArgumentError, match="capture"):
            fitted("yes")


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "focal"])
def test_numbers_of_the_pictures_and_the_loss_are_at_hand_before(tape, loss):
    if loss == "focal":
        loss = striate.losses.CategoricalFocalCrossentropy(alpha=(0.2, 0.3, 0.5))
    x, y = data(96)
    model = net()
    model.compile("sgd", loss)
    how = Preprocess(mean=(0.31,), std=(0.29,), channels=1)
    targets = y if isinstance(loss, str) else np.eye(3, dtype="float32")[y]
    batches = striate.data.Loader(ArraySource(x, targets), batch_size=16, preprocess=how)
    model.fit(batches, verbose=0, capture=True)
    assert tape.replayed
