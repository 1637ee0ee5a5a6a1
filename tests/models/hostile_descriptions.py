"""A model.json that must be refused, by what is wrong with it."""

import base64
import json
import os
import pickle

import striate
from striate import layers
from tests.io import hostile_pickles
from tests.io.hostile_headers import DEEP
from tests.models.forged_folders import first, put


def nest(levels):
    def change(content):
        inner = content["model"]
        for _ in range(levels):
            inner = {
                "type": "Sequential",
                "name": "n",
                "trainable": True,
                "layers": [{**inner, "name": "n"}],
                "input_shape": [8, 8, 3],
            }
        content["model"] = inner

    return change


def doubling(levels):
    """A model that calls a model twice that calls a model twice …: 2**levels calls."""
    inner = json.loads(striate.Sequential([layers.ReLU(input_shape=(None, 4, 3))]).to_json())
    part = inner["model"] | {"name": "n"}
    for level in range(levels):
        height = 5 if level == levels - 1 else None
        part = {
            "type": "Model",
            "name": "n",
            "trainable": True,
            "layers": [part],
            "inputs": [{"name": "input_1", "shape": [height, 4, 3]}],
            "calls": [
                {
                    "layer": "n",
                    "args": {"tuple": [{"tensor": ["input", 0]}]},
                    "kwargs": {"dict": {}},
                },
                {"layer": "n", "args": {"tuple": [{"tensor": [0, 0]}]}, "kwargs": {"dict": {}}},
            ],
            "in": {"tensor": ["input", 0]},
            "out": {"tensor": [1, 0]},
        }
    return lambda content: content | {"model": part}


LAYER = ("layers", 0)
CONFIG = (*LAYER, "config")
SOURCE = "lambda x: __import__('os').system('id')"
CODE = base64.b64encode(b"\xe3\x00\x00\x00").decode()

DESCRIPTIONS = {
    "unknown type": (put((*LAYER, "type"), "Cnv2D"), r'registered layer.*Nearest: "Conv2D"'),
    "import path": (put((*LAYER, "type"), "os.system"), "have the type of a registered layer"),
    "type is a list": (put((*LAYER, "type"), ["Dense"]), "registered layer"),
    "type is missing": (lambda c: first(c).pop("type") and None, "can be built"),
    "wrong argument": (put((*CONFIG, "filers"), 3), "hold only arguments of Conv2D"),
    "wrong value": (put((*CONFIG, "filters"), -1), "`filters` must be a whole number"),
    "filters is a dict": (put((*CONFIG, "filters"), {"a": 1}), "whole number"),
    "huge filters": (put((*CONFIG, "filters"), 10**9), "hold _layers.conv2d.weight of"),
    "endless filters": (put((*CONFIG, "filters"), 10**30), "Got"),
    "huge kernel": (put((*CONFIG, "kernel_size"), 10**6), "Got"),
    "huge input": (put(("input_shape",), [10**6, 10**6, 3]), "hold _layers.dense.weight of"),
    "negative input": (put(("input_shape",), [-8, 8, 3]), "sizes of one sample"),
    "input is a word": (put(("input_shape",), "abc"), "Got"),
    "dimensions by the thousand": (put(("input_shape",), [1] * 10_000), "Got"),
    "no layers": (put(("layers",), []), "not built"),
    "layers is a number": (put(("layers",), 7), "can be built"),
    "layer is a number": (put(("layers", 0), 7), "can be built"),
    "model is a list": (lambda c: c | {"model": []}, "can be built"),
    "model is missing": (lambda c: c.pop("model") and None, "can be built"),
    "model is a layer": (lambda c: c | {"model": first(c)}, "hold a Model"),
    "a layer no one made": (put(LAYER, {"type": "Same", "as": 9, "name": "x"}), "can be built"),
    "a layer that is itself": (put(LAYER, {"type": "Same", "as": 0, "name": "x"}), "can be built"),
    "layers in another order": (lambda c: c["model"]["layers"].reverse(), "Got"),
    "too deep a value": (
        put((*CONFIG, "filters"), json.loads("[" * 100 + "]" * 100)),
        "levels deep",
    ),
    "deep models": (nest(400), "Got"),
    "models that double": (doubling(60), "at most 10,000 layer calls. Got many more"),
    "models that double 15 times": (doubling(15), "at most 10,000 layer calls. Got 65,535"),
    "other format": (lambda c: c | {"format": 99}, "hold a model.json of format 1"),
    "a list": (lambda c: [c], "hold a model.json of format 1"),
    "not JSON": (lambda c: b"{", "that is JSON"),
    "not text": (lambda c: b"\xff\xfe\x00", "that is JSON"),
    "deep JSON": (lambda c: DEEP, "nested too deep"),
    "empty": (lambda c: b"", "that is JSON"),
    "NaN": (lambda c: json.dumps(c | {"x": float("nan")}).encode(), "the number NaN"),
    "Infinity": (lambda c: json.dumps(c | {"x": -float("inf")}).encode(), "number -Infinity"),
    "a name twice": (lambda c: b'{"format": 1, "format": 1}', "'format' stands twice"),
    "a number of 5000 digits": (lambda c: b"[" + b"9" * 5000 + b"]", "that is JSON"),
    "a number beyond floats": (
        lambda c: json.dumps(c).replace('"rate"', '"rate"').encode().replace(b"[3, 3]", b"1e999"),
        "Got",
    ),
    "lists without end": (lambda c: b"[" + b"[]," * (3 << 20) + b"0]", "none longer than 8 MiB"),
    "lists for 8 MB": (lambda c: b"[" + b"[]," * 2_700_000 + b"0]", "2,700,001 lists and objects"),
    "a pickle as JSON": (
        lambda c: pickle.dumps(hostile_pickles.Reduces(os.system, "id"), 0),
        "that is JSON",
    ),
}

KERAS = {
    "Keras Lambda": {"type": "Lambda", "config": {"function": SOURCE}},
    "Keras Lambda of marshalled code": {
        "type": "Lambda",
        "config": {"function": [CODE, None, None]},
    },
    "Keras Lambda by class name": {"class_name": "Lambda", "config": {"function": SOURCE}},
    "a Lambda of a table's dict": {"type": "Lambda", "config": {"function": {"function": SOURCE}}},
    "module and class name": {
        "module": "os",
        "class_name": "system",
        "config": {"command": "id"},
        "registered_name": "os>system",
    },
    "registered name": {"type": "Custom>os.system", "config": {}},
    "module of ours": {"type": "striate.layers.conv.Conv2D", "config": {}},
    "module of torch": {"type": "torch.nn.Linear", "config": {}},
    "a builtin": {"type": "eval", "config": {"source": "1"}},
    "a dunder": {"type": "__import__", "config": {"name": "os"}},
    "an address": {"type": "https://example.org/layer.py", "config": {}},
    "a path": {"type": "../../evil.py", "config": {}},
    "a path of this system": {"type": "/etc/passwd", "config": {}},
    "StringLookup of a file": {"type": "StringLookup", "config": {"vocabulary": "/etc/passwd"}},
    "TFSMLayer": {"type": "TFSMLayer", "config": {"filepath": "/tmp/evil"}},
    "more keys": {"type": "ReLU", "config": {}, "module": "os"},
    "base class": {"type": "Layer", "config": {}},
    "the registry itself": {"type": "register_layer", "config": {"name": "x"}},
}

ARGUMENTS = {
    "activation of code": ({"activation": SOURCE}, "activation"),
    "activation by import path": ({"activation": "os.system"}, "Got"),
    "activation as Keras' function": (
        {"activation": {"module": "builtins", "class_name": "function", "config": "exec"}},
        "Got",
    ),
    "activation of a builtin": ({"activation": {"activation": "eval"}}, "registered activation"),
    "function of a builtin": ({"activation": {"function": "exec"}}, "registered function"),
    "initializer of code": (
        {"kernel_initializer": {"initializer": "os.system"}},
        "registered init",
    ),
    "initializer with more": (
        {"kernel_initializer": {"initializer": "zeros", "__class__": "x"}},
        "only the fields",
    ),
    "initializer of a file": ({"kernel_initializer": "file:///etc/passwd"}, "Got"),
    "regularizer of code": ({"kernel_regularizer": {"regularizer": "eval"}}, "registered regul"),
    "regularizer of NaN": (
        {"kernel_regularizer": {"regularizer": "L2", "factor": "nan"}},
        "Got",
    ),
    "argument self": ({"self": 1}, "hold only arguments"),
    "argument __class__": ({"__class__": "os"}, "hold only arguments"),
    "argument __dict__": ({"__dict__": {}}, "hold only arguments"),
    "argument forward": ({"forward": "x"}, "hold only arguments"),
    "name of a dot": ({"name": "../x"}, 'a word without "."'),
    "name of no word": ({"name": ["x"]}, "a word"),
    "trainable of a word": ({"trainable": "yes"}, "True or False"),
}

GRAPHS = {
    "a call of no layer": put(("calls", 0, "layer"), "nobody"),
    "a tensor of no call": put(("calls", 0, "args"), {"tuple": [{"tensor": [7, 0]}]}),
    "a tensor of no input": put(("calls", 0, "args"), {"tuple": [{"tensor": ["input", 5]}]}),
    "a tensor of a later call": put(("calls", 0, "args"), {"tuple": [{"tensor": [2, 0]}]}),
    "no arguments": put(("calls", 0, "args"), {"tuple": []}),
    "an unknown structure": put(("out",), {"set": []}),
    "two keys": put(("out",), {"tuple": [], "list": []}),
    "no calls": put(("calls",), []),
    "no outputs": put(("out",), None),
    "an output of numbers": put(("out",), 3),
    "an input of no shape": put(("inputs", 0, "shape"), None),
}
