import pytest
import torch
from torch import nn

from striate.errors import ArgumentError
from striate.layers import Dense, Layer
from striate.layers.containers import LayerDict


class Net(Layer):
    def call(self, x):
        return x


def names(net):
    return [name for name, part in net.named_modules() if isinstance(part, Dense)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([Dense(1), Dense(1)], ["parts.0", "parts.1"]),
        ((Dense(1),), ["parts.0"]),
        ({"a": Dense(1), "b": Dense(1)}, ["parts.a", "parts.b"]),
        ([[Dense(1)], {"x": Dense(1)}], ["parts.0.0", "parts.1.x"]),
        ({2: (Dense(1),)}, ["parts.2.0"]),
    ],
)
def test_layers_in_a_container_are_registered(value, expected):
    net = Net()
    net.parts = value
    assert names(net) == expected


def test_a_list_that_is_filled_later():
    net = Net()
    net.parts = []
    assert net.parts == []
    net.parts.append(Dense(1))
    net.parts.append(Dense(1))
    assert names(net) == ["parts.0", "parts.1"]
    net.more = []
    net.more += [Dense(1)]
    net.other = []
    net.other.insert(0, Dense(1))
    net.last = []
    net.last.extend([Dense(1)])
    assert names(net)[2:] == ["more.0", "other.0", "last.0"]


def test_a_dict_that_is_filled_later():
    net = Net()
    net.parts = {}
    net.parts["a"] = Dense(1)
    net.parts["b"] = Dense(1)
    assert names(net) == ["parts.a", "parts.b"]


@pytest.mark.parametrize("value", [[1, 2], (3,), {"a": 1}, [], {}, ()])
def test_other_things_stay_what_they_are(value):
    net = Net()
    net.things = value
    assert net.things == value
    assert type(net.things) in (type(value), *type(value).__subclasses__())
    if value == []:
        net.things.append(1)
        assert net.things == [1]


def test_the_books_list_of_layers_trains():
    net = Net()
    net.main_layers = [Dense(3), Dense(2)]
    for layer in net.main_layers:
        layer.build((None, 4))
    net.built = True
    assert len(list(net.parameters())) == 4


def test_a_function_among_layers_keeps_its_place():
    net = Net()
    net.main_layers = [Dense(3), torch.relu, lambda x: x + 1]
    x = -torch.ones(1, 2)
    for layer in net.main_layers:
        x = layer(x)
    assert x.min() >= 1
    assert names(net) == ["main_layers.0"]
    net.table = {"dense": Dense(1), "act": torch.relu}
    assert net.table["act"](torch.tensor([-2.0])).item() == 0
    net.functions = [torch.relu, torch.tanh]
    assert net.functions == [torch.relu, torch.tanh]


def test_a_mixture_is_refused():
    net = Net()
    with pytest.raises(
        ArgumentError, match=r"Net\.parts: `parts` must hold layers and functions only,"
    ):
        net.parts = [Dense(1), 3]
    with pytest.raises(ArgumentError, match="must hold layers and functions only"):
        net.parts = {"a": Dense(1), "b": None}


@pytest.mark.parametrize("name", ["train", "type", "forward", "output", "a b", "conv1"])
def test_a_layer_dict_takes_every_name(name):
    table, part = LayerDict(), nn.Linear(1, 1)
    table[name] = part
    assert table[name] is part
    assert name in table
    assert len(table) == 1
    assert list(table.children()) == [part]
    del table[name]
    assert name not in table


def test_a_layer_dict_still_works_as_a_module():
    table = LayerDict()
    table["train"] = nn.Linear(1, 1)
    table.train()
    assert table.training
    assert list(table.state_dict()) == ["train_.weight", "train_.bias"]
    with pytest.raises(KeyError):
        table["missing"]
    assert not isinstance(table.train, torch.nn.Module)
