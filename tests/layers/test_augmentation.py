"""What every Random* layer keeps: nothing in inference, each picture its own draw, seeds."""

import numpy as np
import pytest
import torch

from striate import Sequential, layers
from striate.errors import ArgumentError, ShapeError
from striate.layers.augmentation import Augmentation, factor_range, value_limits
from striate.layers.drawing import clear_draws, set_draws

MAKE = {
    "RandomBrightness": lambda **a: layers.RandomBrightness(0.3, (-1, 2), **a),
    "RandomContrast": lambda **a: layers.RandomContrast(0.6, (-1, 2), **a),
    "RandomCrop": lambda **a: layers.RandomCrop(6, 5, **a),
    "RandomFlip": lambda **a: layers.RandomFlip(**a),
    "RandomRotation": lambda **a: layers.RandomRotation(0.3, **a),
    "RandomTranslation": lambda **a: layers.RandomTranslation(0.3, 0.2, **a),
    "RandomZoom": lambda **a: layers.RandomZoom(0.3, **a),
}
IDS = torch.arange(16) * 7
each_layer = pytest.mark.parametrize("name", MAKE)


def pictures():
    return torch.rand(16, 11, 12, 3, generator=torch.Generator().manual_seed(1))


def drawn(layer, ids=IDS, key=7):
    """Pictures of these samples, changed in a step of this key."""
    set_draws(layer, key, ids)
    return layer(pictures()[ids // 7], training=True)


@each_layer
def test_in_inference_it_is_the_input_itself(name):
    x, layer = pictures(), MAKE[name]()
    set_draws(layer, 7, IDS)
    if name == "RandomCrop":
        assert layer(x).equal(layers.CenterCrop(6, 5)(x))
    else:
        assert layer(x) is x


@each_layer
def test_a_sample_is_changed_the_same_in_any_batch(name):
    layer = MAKE[name]()
    whole = drawn(layer)
    parts = [drawn(layer, part) for part in (IDS[:5], IDS[5:6], IDS[6:])]
    assert torch.cat(parts).equal(whole)
    assert drawn(layer, IDS.flip(0)).flip(0).equal(whole)
    assert not drawn(layer, key=8).equal(whole)


@each_layer
def test_each_picture_is_changed_by_an_amount_of_its_own(name):
    same = pictures()[:1].expand(16, -1, -1, -1)
    y = MAKE[name]()(same, training=True)
    kinds = {each.numpy().tobytes() for each in y}
    assert len(kinds) == (16 if name not in ("RandomFlip", "RandomCrop") else len(kinds))
    assert len(kinds) >= 3


@each_layer
def test_outside_a_step_torchs_seed_governs(name):
    x, layer = pictures(), MAKE[name]()
    torch.manual_seed(1)
    first = layer(x, training=True)
    assert not layer(x, training=True).equal(first)
    torch.manual_seed(1)
    assert layer(x, training=True).equal(first)


@each_layer
def test_layers_of_one_seed_draw_the_same_inside_a_step_and_outside(name):
    x, first, second = pictures(), MAKE[name](seed=3), MAKE[name](seed=3)
    other, none = MAKE[name](seed=4), MAKE[name]()
    for _ in range(2):
        expected = first(x, training=True)
        torch.rand(5)  # torch's generator plays no part
        assert second(x, training=True).equal(expected)
    assert not first(x, training=True).equal(expected)
    assert not other(x, training=True).equal(MAKE[name](seed=3)(x, training=True))
    nets = [Sequential([layers.Rescaling(1.0), layer]) for layer in (first, second, other, none)]
    a, b, c, d = (drawn(net) for net in [Sequential([nets[0]]), *nets[1:]])
    assert a.equal(b)
    assert not a.equal(c)
    assert not a.equal(d)


@each_layer
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_the_number_type_stays(name, dtype, close):
    x, layer = pictures(), MAKE[name]()
    expected = drawn(layer)
    set_draws(layer, 7, IDS)
    y = layer(x.to(dtype), training=True)
    assert y.dtype == dtype
    close(y.double(), expected.double(), 2e-2)


@each_layer
def test_whole_numbers_become_float32(name):
    x = np.random.default_rng(0).integers(0, 256, (2, 8, 9, 3), dtype=np.uint8)
    for training in (False, True):
        y = MAKE[name]()(x, training=training)
        assert y.dtype == torch.float32
        assert y.is_contiguous() or not training


@each_layer
def test_the_input_is_left_as_it_is(name):
    x = pictures()
    MAKE[name]()(x, training=True)
    assert x.equal(pictures())


@each_layer
@pytest.mark.parametrize("n", [0, 1])
def test_few_pictures_and_few_pixels(name, n):
    layer = MAKE[name]()
    assert layer(torch.rand(n, 1, 1, 1), training=True).shape[0] == n


@each_layer
def test_compiles_once_for_a_sequence_of_its_own(name):
    torch._dynamo.reset()
    graphs = []

    def backend(graph, inputs):
        graphs.append(graph)
        return graph.forward

    ours, twin = MAKE[name](seed=3), MAKE[name](seed=3)
    for layer in (ours, twin):
        layer.build((None, 11, 12, 3))
        layer.train()
    compiled = torch.compile(ours, backend=backend, fullgraph=True)
    for _ in range(3):
        assert torch.allclose(compiled(pictures()), twin(pictures()), atol=1e-6)
    assert len(graphs) == 1


def test_seeds_leave_no_trace_in_the_state():
    layer = layers.RandomFlip(seed=3)
    layer(pictures(), training=True)
    assert layer.state_dict() == {}
    assert layer.get_weights() == []
    assert layer.count_params() == 0
    set_draws(layer, 7, IDS)
    clear_draws(layer)
    assert not layer.in_step


@each_layer
def test_error_words(name):
    with pytest.raises(ArgumentError, match=f"{name} .*: `seed` must be a whole number"):
        MAKE[name](seed=0.5)
    with pytest.raises(ShapeError, match=f"{name} .*: input must have 4 dimensions"):
        MAKE[name]()(torch.zeros(5, 5, 3))
    with pytest.raises(ArgumentError, match="Bare: `augment` must be written by the subclass"):
        type("Bare", (Augmentation,), {})(seed=None)(pictures(), training=True)


def test_ranges():
    assert factor_range("x", "f", 0.2) == (-0.2, 0.2)
    assert factor_range("x", "f", -0.2) == (-0.2, 0.2)
    assert factor_range("x", "f", [0.3, -0.1]) == (-0.1, 0.3)
    assert value_limits("x", [0, 255]) == (0.0, 255.0)


@pytest.mark.parametrize("value", [1.5, -1.1, "much", None, (0.1, 1.2), (True, 0.5)])
def test_error_words_of_a_factor(value):
    with pytest.raises(ArgumentError, match="x: `f` must be a number from -1 to 1"):
        factor_range("x", "f", value)


@pytest.mark.parametrize("value", [(0.1,), (0.1, 0.2, 0.3), []])
def test_error_words_of_a_pair(value):
    with pytest.raises(ArgumentError, match=r"x: `f` must be a number or a pair \(lower, upper\)"):
        factor_range("x", "f", value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (255, r"be a pair \(low, high\). Got"),
        ((0, 1, 2), r"be a pair \(low, high\). Got"),
        ((1, 0), "be a pair .* with low < high. Got"),
        ((1, 1), "be a pair .* with low < high. Got"),
        (("a", 1), "be a number. Got"),
    ],
)
def test_error_words_of_a_value_range(value, words):
    with pytest.raises(ArgumentError, match=f"x: `value_range` must {words}"):
        value_limits("x", value)
