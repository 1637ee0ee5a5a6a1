"""Pooling before a rectifier gives the very bits of the order that was written."""

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

import striate
from striate import layers


class Seen(TorchDispatchMode):
    """The operations that pool or rectify, in order, with the numbers that they see."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = str(func).split(".")[1].removesuffix("_")
        if name in ("relu", "clamp_min", "hardtanh", "max_pool2d_with_indices", "leaky_relu"):
            self.found.append((name.removesuffix("_with_indices"), args[0].numel()))
        return func(*args, **(kwargs or {}))


def seen(call, x):
    with Seen() as noted:
        call(x)
    return noted.found


FIRSTS = {
    "conv": lambda: layers.Conv2D(4, 3, padding="same", activation="relu"),
    "relu6": lambda: layers.Conv2D(4, 3, padding="same", activation="relu6"),
    "separable": lambda: layers.SeparableConv2D(4, 3, padding="same", activation="relu"),
    "activation": lambda: layers.Activation("relu"),
    "layer": lambda: layers.ReLU(),
    "layer6": lambda: layers.ReLU(max_value=6.0),
}
POOLS = {
    "two": lambda: layers.MaxPooling2D(2),
    "overlapping": lambda: layers.MaxPooling2D(3, 2, padding="same"),
    "uneven": lambda: layers.MaxPooling2D(3, 2, padding=((0, 1), (0, 1))),
}


def twin(first, pool, x):
    """The same two layers, joined by hand in the order written."""
    first, pool = copy.deepcopy(first), copy.deepcopy(pool)
    y = pool(first(x))
    return y, [*first.parameters()]


def joined(first, pool, kind):
    if kind == "sequential":
        return striate.Sequential([striate.Input((9, 8, 4)), first, pool])
    start = striate.Input((9, 8, 4))
    return striate.Model(start, pool(first(start)))


@pytest.mark.parametrize("kind", ["sequential", "functional"])
@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_values_and_gradients_are_the_same_bits(first, pool, kind, precision):
    one, two = FIRSTS[first](), POOLS[pool]()
    net = joined(one, two, kind)
    x = (torch.randn(3, 9, 8, 4) * 3).round(decimals=1).requires_grad_()
    given = x.detach().clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16, enabled=precision is torch.bfloat16):
        wanted, parameters = twin(one, two, given)
        y = net(x)
    weight = torch.randn(wanted.shape)
    (wanted * weight).sum().backward()
    (y * weight).sum().backward()
    assert torch.equal(y, wanted)
    assert torch.equal(x.grad, given.grad)
    for own, other in zip(net.parameters(), parameters, strict=True):
        assert torch.equal(own.grad, other.grad)


@pytest.mark.parametrize("kind", ["sequential", "functional"])
def test_the_rectifier_sees_the_pooled_map(kind):
    net = joined(FIRSTS["conv"](), POOLS["two"](), kind)
    x = torch.randn(3, 9, 8, 4)
    quarter, whole = 3 * 4 * 4 * 4, 3 * 9 * 8 * 4
    expected = [("max_pool2d", whole), ("relu", quarter)]
    assert seen(net, x) == expected
    assert seen(net, x) == expected  # of a shape seen before


@pytest.mark.parametrize(
    "first",
    [
        lambda: layers.Conv2D(4, 3, padding="same", activation="leaky_relu"),
        lambda: layers.LeakyReLU(),
        lambda: layers.ReLU(negative_slope=0.1),
    ],
)
def test_other_functions_stay_before_it(first):
    net = joined(first(), POOLS["two"](), "functional")
    assert [name for name, _ in seen(net, torch.randn(3, 9, 8, 4))] == ["leaky_relu", "max_pool2d"]


def test_a_limit_of_which_the_gradient_would_differ_stays_before_it():
    net = joined(layers.ReLU(max_value=1.0), POOLS["two"](), "functional")
    x = torch.tensor([1.0, 1.5, 0.0, 0.0]).reshape(1, 2, 2, 1).repeat(1, 5, 4, 4)[:, :9]
    x = x.clone().requires_grad_()
    net(x).sum().backward()
    assert x.grad[0, 0, :2, 0].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("kind", ["sequential", "functional"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_hook_sees_what_it_always_sees(kind, place):
    one, two = FIRSTS["conv"](), POOLS["two"]()
    net = joined(one, two, kind)
    x = torch.randn(3, 9, 8, 4)
    net(x)
    maps = []
    handle = (one, two)[place].register_forward_hook(lambda _, given, made: maps.append(made))
    y = net(x)
    assert torch.equal(maps[0], one(x) if place == 0 else y)
    assert [name for name, _ in seen(net, x)] == ["relu", "max_pool2d"]
    handle.remove()
    assert [name for name, _ in seen(net, x)] == ["max_pool2d", "relu"]


def test_a_hook_on_the_gradient_or_on_every_module_keeps_the_order():
    one, two = FIRSTS["conv"](), POOLS["two"]()
    net = joined(one, two, "functional")
    x = torch.randn(3, 9, 8, 4)
    for handle in (
        one.register_full_backward_hook(lambda *_: None),
        two.register_forward_pre_hook(lambda *_: None),
        torch.nn.modules.module.register_module_forward_hook(lambda *_: None),
    ):
        assert [name for name, _ in seen(net, x)] == ["relu", "max_pool2d"]
        handle.remove()


def test_a_map_that_is_read_twice_or_given_out_is_rectified_first():
    start = striate.Input((9, 8, 4))
    maps = FIRSTS["conv"]()(start)
    pooled = POOLS["two"]()(maps)
    both = striate.Model(start, [maps, pooled])
    x = torch.randn(3, 9, 8, 4)
    assert [name for name, _ in seen(both, x)] == ["relu", "max_pool2d"]
    assert both(x)[0].min() == 0
    twice = striate.Model(start, layers.Concatenate()([pooled, POOLS["two"]()(maps)]))
    assert [name for name, _ in seen(twice, x)] == ["relu", "max_pool2d", "max_pool2d"]


def test_a_layer_called_twice_is_pooled_where_it_is_pooled():
    start, shared = striate.Input((8, 8, 4)), FIRSTS["conv"]()
    middle = POOLS["two"]()(shared(start))
    net = striate.Model(start, shared(middle))
    x = torch.randn(2, 8, 8, 4)
    assert torch.equal(net(x), shared(POOLS["two"]()(shared(x))))
    assert [name for name, _ in seen(net, x)] == ["max_pool2d", "relu", "relu"]


def test_a_subclass_runs_its_own_call():
    class Doubled(layers.Conv2D):
        def call(self, x):
            return 2 * super().call(x)

    one = Doubled(4, 3, activation="relu")
    net = joined(one, POOLS["two"](), "sequential")
    x = torch.randn(3, 9, 8, 4)
    assert torch.equal(net(x), POOLS["two"]()(one(x)))


def test_an_activation_may_be_exchanged_afterwards():
    one = FIRSTS["conv"]()
    net = joined(one, POOLS["two"](), "sequential")
    x = torch.randn(3, 9, 8, 4)
    net(x)
    one.activation = torch.tanh
    assert torch.equal(net(x), POOLS["two"]()(one(x)))


def test_a_copy_and_another_device_type_go_the_same_way():
    net = joined(FIRSTS["conv"](), POOLS["two"](), "functional")
    x = torch.randn(3, 9, 8, 4)
    y = net(x)
    again = copy.deepcopy(net).double()
    assert [name for name, _ in seen(again, x)] == ["max_pool2d", "relu"]
    torch.testing.assert_close(again(x).float(), y)


def test_a_whole_number_image_and_a_wrong_one_are_treated_as_ever():
    net = joined(FIRSTS["conv"](), POOLS["two"](), "sequential")
    x = torch.randint(0, 255, (3, 9, 8, 4), dtype=torch.uint8)
    assert torch.equal(net(x), net(x.float()))
    with pytest.raises(striate.errors.ShapeError, match="9, 8, 4"):
        net(torch.zeros(3, 9, 8, 3))


@given(
    st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**31), st.sampled_from(["valid", "same"])
)
def test_whatever_the_window(size, steps, seed, padding):
    torch.manual_seed(seed)
    one, two = layers.Activation("relu"), layers.MaxPooling2D(size, steps, padding)
    x = torch.randn(2, 7, 6, 3).round(decimals=0).requires_grad_()  # many windows hold ties
    given = x.detach().clone().requires_grad_()
    net = striate.Sequential([striate.Input((7, 6, 3)), one, two])
    y, wanted = net(x), two(one(given))
    weight = torch.randn(y.shape)
    (y * weight).sum().backward()
    (wanted * weight).sum().backward()
    assert torch.equal(y, wanted)
    assert torch.equal(x.grad, given.grad)


@pytest.mark.parametrize("kind", ["sequential", "functional"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_layer_whose_class_was_exchanged_runs_as_that_class(kind, place):
    """Parametrizations give the object a new class; then it is no longer known what it does."""
    one, two = FIRSTS["conv"](), POOLS["two"]()
    net = joined(one, two, kind)
    x = torch.randn(3, 9, 8, 4)
    net(x)
    if place == 0:
        torch.nn.utils.parametrizations.spectral_norm(one)
        one.eval()
    else:
        two.__class__ = type("Negated", (type(two),), {"forward": lambda self, y: -one(x)})
    assert torch.equal(net(x), two(one(x)))
    assert net(x).abs().max() > 0.01


@pytest.mark.parametrize("place", [0, 1])
def test_a_forward_of_its_own_is_called(place):
    one, two = FIRSTS["conv"](), POOLS["two"]()
    net = joined(one, two, "functional")
    x, layer, calls = torch.randn(3, 9, 8, 4), (one, two)[place], []
    plain = layer.forward
    layer.forward = lambda *given: (calls.append(len(given)), plain(*given))[1]
    net(x)
    assert calls == [1]
    del layer.forward
    assert [name for name, _ in seen(net, x)] == ["max_pool2d", "relu"]
