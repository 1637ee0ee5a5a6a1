import copy

import pytest
import torch
from torch import nn

from striate.errors import ShapeError
from striate.layers import Dropout, Layer
from striate.layers.drawing import Drawing, clear_draws, drawing_layers, set_draws
from striate.ops.random import draw_id, uniform


class Noise(Drawing):
    """Gives its draws, twice in a call if asked."""

    def call(self, x, training=None):
        return self.draw(x.shape[1:], x)


class Twice(Layer):
    def __init__(self, **base):
        super().__init__(**base)
        self.noise = Noise()

    def call(self, x):
        return torch.stack([self.noise(x), self.noise(x)])


X, IDS = torch.zeros(3, 5), torch.tensor([4, 8, 15])


def test_a_draw_is_of_key_sample_and_state_name():
    net = nn.Sequential(nn.Identity(), nn.Sequential(Noise()))
    set_draws(net, 7, IDS)
    assert net(X).equal(uniform(7, IDS, draw_id("1.0"), (5,)))


def test_each_call_in_a_step_is_a_place_of_its_own():
    net = Twice()
    set_draws(net, 7, IDS)
    first, second = net(X)
    assert not first.equal(second)
    assert second.equal(uniform(7, IDS, draw_id("noise") + 1, (5,)))
    set_draws(net, 7, IDS)
    assert net(X)[0].equal(first)


def test_two_layers_draw_differently():
    net = nn.ModuleList([Noise(), Noise()])
    set_draws(net, 7, IDS)
    assert not net[0](X).equal(net[1](X))


def test_a_shared_layer_stands_once():
    noise = Noise()
    net = nn.ModuleDict({"a": noise, "b": noise})
    assert drawing_layers(net) == [noise]


def test_the_list_saves_the_search():
    net = nn.Sequential(Noise(), nn.Sequential(Dropout(0.5)))
    found = drawing_layers(net)
    assert [type(layer) for layer in found] == [Noise, Dropout]
    set_draws(found, 7, IDS)
    assert all(layer.in_step for layer in found)
    clear_draws(found)
    assert not any(layer.in_step for layer in found)


def test_several_rows_a_sample():
    noise = Noise()
    set_draws(noise, 7, IDS)
    rows = noise(torch.zeros(6, 5))
    assert rows.equal(uniform(7, IDS, draw_id(""), (2, 5)).reshape(6, 5))


def test_error_words():
    noise = Noise(name="n")
    set_draws(noise, 7, IDS)
    with pytest.raises(ShapeError, match='Noise "n": input must have a multiple of 3 rows'):
        noise(torch.zeros(4, 5))


def test_state_holds_nothing_of_the_draws():
    net = Twice()
    net(X)
    set_draws(net, 7, IDS)
    assert net.state_dict() == {}
    assert net.get_weights() == []
    assert net.count_params() == 0


def test_a_copy_draws_the_same():
    net = Twice()
    set_draws(net, 7, IDS)
    twin = copy.deepcopy(net)
    assert twin(X).equal(net(X))


def test_draws_move_with_the_model():
    net = Noise()
    net(X)
    set_draws(net, 7, IDS)
    net.to("meta")
    assert net.draw_streams.is_meta


def test_draws_compile_in_one_graph_without_compiling_again():
    torch._dynamo.reset()
    net = Twice()
    net(X)
    graphs = []

    def backend(graph, inputs):
        graphs.append(graph)
        return graph.forward

    compiled = torch.compile(net, backend=backend, fullgraph=True)
    for key in (7, 8, 9):
        set_draws(net, key, IDS)
        got = compiled(X)
        set_draws(net, key, IDS)
        assert got.equal(net(X))
    assert len(graphs) == 1


def test_outside_a_step_torchs_generator_draws():
    torch.manual_seed(3)
    first = Noise()(X)
    torch.manual_seed(3)
    assert first.equal(torch.rand(3, 5))


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3, 0.5, 0.9, 0.999])
def test_kept_is_the_draw_against_the_rate(rate):
    noise, x = Noise(), torch.zeros(3, 50, 40)
    for key in (7, 8):
        set_draws(noise, key, IDS)
        kept = [noise.draw_kept(rate, (50, 40), x) for _ in range(2)]
        set_draws(noise, key, IDS)
        drawn = [noise.draw((50, 40), x) for _ in range(2)]
        for a, b in zip(kept, drawn, strict=True):
            assert a.equal(b.double() >= rate)
    clear_draws(noise)
    torch.manual_seed(3)
    kept = noise.draw_kept(rate, (50, 40), x)
    torch.manual_seed(3)
    assert kept.equal(torch.rand(3, 50, 40) >= rate)


def test_nothing_that_draws_is_no_error():
    set_draws(nn.Identity(), 7, IDS)


def test_another_shape_or_device_is_another_draw():
    noise = Noise()
    for size in (5, 4, 5):
        set_draws(noise, 7, IDS)
        assert noise(torch.zeros(3, size)).equal(uniform(7, IDS, draw_id(""), (size,)))
    noise.to("meta")
    assert noise(torch.zeros(3, 5, device="meta")).is_meta


def seeded(seed):
    noise = Noise()
    noise.sow(seed)
    return noise


def test_a_seed_is_the_place_of_a_draw():
    net = nn.Sequential(Noise(), seeded(3))
    set_draws(net, 7, IDS)
    place = draw_id("seed 3")
    assert net[1](X).equal(uniform(7, IDS, place, (5,)))
    assert net[1](X).equal(uniform(7, IDS, place + 1, (5,)))
    assert net[0](X).equal(uniform(7, IDS, draw_id("0"), (5,)))


def test_outside_a_step_a_seed_begins_a_sequence():
    first, second = seeded(3), seeded(3)
    drawn = [first(X) for _ in range(3)]
    assert not drawn[0].equal(drawn[1])
    torch.rand(9)
    assert all(second(X).equal(each) for each in drawn)
    assert not seeded(4)(X).equal(drawn[0])
    assert copy.deepcopy(second)(X).equal(first(X))
    assert first.state_dict() == {}
    assert seeded(None).seed is None
