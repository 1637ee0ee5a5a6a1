"""multiply_adds: by the layers' formulas, judged by torch's counter."""

import pytest
import torch

import striate
from striate import layers
from striate.errors import NotBuiltError
from striate.models.costs import inference_calls, multiply_adds
from tests.architectures.measures import counted_multiply_adds, empty


@pytest.mark.parametrize("name", ["resnet20", "squeezenet_1_1", "mobilenet_v2", "googlenet"])
def test_torchs_counter_says_the_same(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net) > 0


def test_a_sequential_model():
    net = striate.Sequential(
        [
            layers.Conv2D(8, 3, input_shape=(10, 10, 3)),
            layers.Flatten(),
            layers.Dense(5),
        ]
    )
    assert multiply_adds(net) == 8 * 8 * 8 * 27 + 8 * 8 * 8 * 5


def test_a_model_in_a_model_counts():
    inner = striate.Sequential([layers.Dense(7, input_shape=(4,))])
    x = striate.Input((4,))
    net = striate.Model(x, layers.Dense(2)(inner(x)))
    assert multiply_adds(net) == 4 * 7 + 7 * 2


def test_a_layer_that_runs_twice_costs_twice():
    x, shared = striate.Input((4,)), layers.Dense(4)
    assert multiply_adds(striate.Model(x, shared(shared(x)))) == 32


def test_an_open_size_has_no_cost():
    x = striate.Input((None, 8, 3))
    assert multiply_adds(striate.Model(x, layers.Conv2D(4, 3)(x))) is None
    assert (
        multiply_adds(striate.Sequential([layers.Conv2D(4, 3, input_shape=(None, 8, 3))])) is None
    )


def test_auxiliary_outputs_cost_nothing():
    x = striate.Input((4,))
    y, early = layers.Dense(3, name="y")(x), layers.Dense(5, name="early")(x)
    net = striate.Model(x, y, auxiliary={"early": (early, 0.3)})
    assert multiply_adds(net) == 12
    assert [call.layer.name for call in inference_calls(net)] == ["y"]


def test_an_unbuilt_model():
    net = striate.Sequential([layers.Dense(3)])
    with pytest.raises(NotBuiltError, match="multiply_adds"):
        multiply_adds(net)
    net(torch.zeros(1, 4))
    assert multiply_adds(net) == 12
