"""How a net is joined, as Keras 2 and Keras 3 write it."""

from striate.models.keras_config.nodes import Node, Source, read_joints
from tests.models.keras_config.configurations import call, functional, layer, start, tensor


def joints(layers, inputs, outputs):
    return read_joints(functional(layers, inputs, outputs)["config"])


def test_keras_3_counts_a_nets_own_call_at_the_ends_alone():
    nodes = [call(tensor("a")), call(tensor("inner"), training=False)]
    inner = functional([], [], []) | {"name": "inner", "inbound_nodes": nodes}
    row = sequential_entry("row", [call(tensor("inner", 1, 2))])
    found = joints([start("a", 4), inner, row], ["a", 0, 0], [["inner", 2, 0], ["row", 0, 0]])
    assert found.inputs == Source("a", 0, 0)
    assert found.outputs == [Source("inner", 1, 0), Source("row", 0, 0)]
    assert found.nodes["inner"] == [
        Node((Source("a", 0, 0),), {}),
        Node((Source("inner", 0, 0),), {"training": False}),
    ]
    assert found.nodes["row"] == [Node((Source("inner", 1, 2),), {})]


def sequential_entry(name, nodes):
    return {"class_name": "Sequential", "config": {}, "name": name, "inbound_nodes": nodes}


def test_keras_2_counts_it_everywhere():
    inner = {"class_name": "Model", "config": {}, "name": "inner"}
    inner["inbound_nodes"] = [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]
    row = sequential_entry("row", [[["inner", 2, 0, {}]]])
    add = layer("Add", "add", nodes=[[["inner", 1, 0, {}], ["row", 1, 0, {}]]])
    entries = [start("a", 4), start("b", 4), inner, row, add]
    found = joints(entries, [["a", 0, 0], ["b", 0, 0]], [["add", 0, 0]])
    assert found.outputs == Source("add", 0, 0)
    assert found.nodes["row"] == [Node((Source("inner", 1, 0),), {})]
    assert found.nodes["add"] == [Node(([Source("inner", 0, 0), Source("row", 0, 0)],), {})]


def test_further_forms_of_keras_2():
    nodes = [
        [["a", 0, 0, {"training": True}]],
        ["a", 0, 0, {"y": 0.5, "name": None}],
        ["_CONSTANT_VALUE", -1, 3.0, {"y": ["a", 0, 0]}],
        {"x": ["a", 0, 0], "y": ["a", 0, 0]},
    ]
    found = joints(
        [start("a", 4), layer("Dense", "d", nodes=nodes)], {"a": ["a", 0, 0]}, ["d", 0, 0]
    )
    a = Source("a", 0, 0)
    assert found.inputs == {"a": a}
    assert found.nodes["d"] == [
        Node((a,), {"training": True}),
        Node((a,), {"y": 0.5, "name": None}),
        Node((3.0,), {"y": a}),
        Node(({"x": a, "y": a},), {}),
    ]


def test_keras_3_forgets_training_true():
    pair = {"class_name": "__tuple__", "items": [tensor("a"), tensor("a")]}
    nodes = [call(pair, training=True, mask=None), call({"x": tensor("a")})]
    found = joints([start("a", 4), layer("Add", "d", nodes=nodes)], ["a", 0, 0], ["d", 0, 0])
    a = Source("a", 0, 0)
    assert found.nodes["d"] == [Node(([a, a],), {"mask": None}), Node(({"x": a},), {})]
