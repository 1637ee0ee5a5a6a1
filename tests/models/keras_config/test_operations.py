"""Arithmetic between layers; its numbers against Keras are in tests/peers."""

import pytest

from striate.models.keras_config.nodes import Node, Source
from striate.models.keras_config.operations import is_operation, operation
from tests.models.keras_config.configurations import layer
from tests.models.keras_config.test_arguments import Refused, refuse

A, B = Source("a", 0, 0), Source("b", 0, 0)
OPS = "keras.src.ops.numpy"


def found(kind, args, *, module=OPS, config=None, kwargs=None):
    entry = layer(kind, "op", module=module, **(config or {}))
    ours, nodes = operation(entry, [Node(args, kwargs or {})], refuse)
    assert ours["config"].pop("name") == "op"
    assert nodes[0].kwargs == {}
    return ours["type"], ours["config"], nodes[0].args[0]


@pytest.mark.parametrize(
    ("kind", "args", "ours"),
    [
        ("Add", (A, B), ("Add", {}, [A, B])),
        ("Maximum", (A, B), ("Maximum", {}, [A, B])),
        ("Add", (A, 2), ("Rescaling", {"scale": 1.0, "offset": 2}, A)),
        ("Subtract", (A, 2), ("Rescaling", {"scale": 1.0, "offset": -2}, A)),
        ("Subtract", (2, A), ("Rescaling", {"scale": -1.0, "offset": 2}, A)),
        ("Multiply", (3.0, A), ("Rescaling", {"scale": 3.0, "offset": 0.0}, A)),
        ("TrueDivide", (A, 4.0), ("Rescaling", {"scale": 0.25, "offset": 0.0}, A)),
        ("Negative", (A,), ("Rescaling", {"scale": -1.0, "offset": 0.0}, A)),
        ("Multiply", (A, [[[[2.0]]]]), ("Rescaling", {"scale": 2.0, "offset": 0.0}, A)),
        ("Relu6", (A,), ("Activation", {"activation": "relu6"}, A)),
    ],
)
def test_keras_3(kind, args, ours):
    assert found(kind, args) == ours


@pytest.mark.parametrize(
    ("function", "args", "kwargs", "ours"),
    [
        ("math.multiply", (A,), {"y": 0.5, "name": None}, "Rescaling"),
        ("__operators__.add", (A,), {"y": B}, "Add"),
        ("nn.relu6", (A,), {"name": None}, "Activation"),
    ],
)
def test_keras_2(function, args, kwargs, ours):
    config = {"function": function}
    assert found("TFOpLambda", args, module=None, config=config, kwargs=kwargs)[0] == ours


@pytest.mark.parametrize(
    ("kind", "args", "mean", "variance"),
    [
        ("Multiply", (A, [[[2.0, 4.0]]]), [0.0, 0.0], [0.25, 0.0625]),
        ("Divide", (A, [2.0, 4.0]), [0.0, 0.0], [4.0, 16.0]),
        ("Add", ([1.0, 2.0], A), [-1.0, -2.0], [1.0, 1.0]),
        ("Subtract", (A, [1.0, 2.0]), [1.0, 2.0], [1.0, 1.0]),
    ],
)
def test_numbers_of_each_channel(kind, args, mean, variance):
    config = {"axis": -1, "mean": mean, "variance": variance}
    assert found(kind, args) == ("Normalization", config, A)


@pytest.mark.parametrize(
    ("kind", "args", "more"),
    [
        ("Matmul", (A, B), {}),
        ("Divide", (A, 0), {}),
        ("Divide", (2, A), {}),
        ("Divide", (A, [1.0, 0.0]), {}),
        ("Multiply", (A, [[1.0], [2.0]]), {}),
        ("Multiply", (2.0, 3.0), {}),
        ("Multiply", (A, True), {}),
        ("Softmax", (A,), {"config": {"axis": 1}}),
        ("Relu", (2.0,), {}),
        ("TFOpLambda", (A,), {"module": None, "config": {"function": "os.system"}}),
    ],
)
def test_what_no_layer_computes_is_refused(kind, args, more):
    title = "tf.os.system" if kind == "TFOpLambda" else kind
    words = f"must be arithmetic of tensors and numbers that striate has. Got {title}. Put layers"
    with pytest.raises(Refused) as caught:
        found(kind, args, **more)
    assert words in str(caught.value)


def test_an_operation_is_called_once():
    with pytest.raises(Refused, match=r"must be called once\. Got Add, 2 calls\. Put layers of K"):
        operation(layer("Add", "op", module=OPS), [Node((A, B), {})] * 2, refuse)


@pytest.mark.parametrize(
    ("entry", "yes"),
    [
        (layer("Add", "a", module=OPS), True),
        (layer("Add", "a", trainable=True), False),
        (layer("Add", "a", module=None, trainable=True, dtype="float32"), False),
        (layer("Add", "a", module=None), True),  # as .h5 has it
        (layer("TFOpLambda", "a", module=None, function="math.add"), True),
    ],
)
def test_which_entries_are_operations(entry, yes):
    assert is_operation(entry) is yes
