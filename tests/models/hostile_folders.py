"""Model folders that must be refused, each with the words of its refusal."""

import base64
import json
import os
import pickle
import shutil
import socket
import struct
import sys

import torch

import striate
from striate import layers
from striate.errors import WeightsError
from striate.io.manifest import MANIFEST, manifest_text
from striate.io.store import write_folder
from tests.io import hostile_pickles
from tests.io.foreign.hostile_files import GOOD, zipped

ERRORS = (WeightsError,)


def net():
    return striate.Sequential(
        [layers.Conv2D(2, 3, input_shape=(8, 8, 3)), layers.Flatten(), layers.Dense(2)]
    )


def graph():
    x = striate.Input((4,))
    return striate.Model(x, layers.Add()([layers.Dense(3, name="a")(x), layers.Dense(3)(x)]))


def forged(folder, model=None, change=None, **files):
    """A folder whose manifest is right and whose model.json was changed by hand."""
    model = model or net()
    content = json.loads(model.to_json())
    if change:
        changed = change(content)
        content = content if changed is None else changed
    files = {key.replace("_", "."): value for key, value in files.items()}
    whole = {
        "model.json": content if isinstance(content, bytes) else json.dumps(content).encode(),
        "model.safetensors": dict(model.state_dict()),
        **files,
    }
    write_folder(folder, {k: v for k, v in whole.items() if v is not None})
    return folder


def relisted(folder, change):
    """A saved model whose manifest lies, with the right hash of its own lies."""
    net().save(folder)
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    changed = change(listed)
    (folder / MANIFEST).write_bytes(manifest_text(listed if changed is None else changed))


def rewritten(folder, name, data):
    """A saved model of which one file has other bytes, and the manifest says so."""
    import hashlib

    def change(listed):
        listed[name] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    relisted(folder, change)
    (folder / name).write_bytes(data)


def first(content):
    return content["model"]["layers"][0]


def put(where, value):
    """Sets content["model"][...][...] = value."""

    def change(content):
        part = content["model"]
        for key in where[:-1]:
            part = part[key]
        part[where[-1]] = value

    return change


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


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
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


def weights(**changes):
    return dict(net().state_dict()) | changes


BELONGING = {
    "no model.json": ({"model_json": None}, r"must hold model\.json\. Got model\.safetensors"),
    "no model.safetensors": ({"model_safetensors": None}, r"must hold model\.safetensors\. Got"),
    "weights of bytes": ({"model_safetensors": b"bytes"}, r"must hold model\.safetensors"),
    "a description of tensors": ({"model_json": {"a": torch.ones(1)}}, r"must hold model\.json"),
    "other weights": ({"model_safetensors": {"a": torch.ones(1)}}, r"the weights _layers\.conv2d"),
    "more weights": (
        {"model_safetensors": weights(extra=torch.ones(1))},
        "only weights of its layers. Got e",
    ),
    "weights of another shape": (
        {"model_safetensors": weights(**{"_layers.dense.bias": torch.ones(3)})},
        r"hold _layers\.dense\.bias of shape \(2,\)\. Got \(3,\)",
    ),
    "weights of whole numbers": (
        {"model_safetensors": weights(**{"_layers.dense.bias": torch.ones(2).int()})},
        r"hold _layers\.dense\.bias as torch\.float32\. Got torch\.int32",
    ),
    "labels of other bytes": ({"labels_txt": b"\xff"}, r"hold labels\.txt as text"),
    "labels of tensors": ({"labels_txt": {"a": torch.ones(1)}}, r"hold labels\.txt as text"),
    "labels of 9 MB": ({"labels_txt": b"x" * (9 << 20)}, r"longer than 8 MiB. Got labels"),
    "preprocess cut": ({"preprocess_json": b"["}, r"preprocess\.json as save wrote it"),
    "preprocess of a word": ({"preprocess_json": b'{"size": "x"}'}, r"\.json as save wrote it"),
    "preprocess of code": ({"preprocess_json": b'{"code": 1}'}, r"\.json as save wrote it"),
    "preprocess of null": ({"preprocess_json": b'{"mean": [null]}'}, r"\.json as save wrote it"),
    "preprocess of NaN": ({"preprocess_json": b'{"mean": [NaN]}'}, r"\.json as save wrote it"),
    "preprocess beyond floats": ({"preprocess_json": b'{"mean": [1e999]}'}, "as save wrote it"),
    "preprocess of tensors": ({"preprocess_json": {"a": torch.ones(1)}}, "as save wrote it"),
    "details cut": ({"details_json": b"["}, r"record in details\.json\. Got no JSON: Expecting"),
    "details of a list": ({"details_json": b"[1]"}, r"hold a record in details\.json\. Got list"),
    "details of tensors": ({"details_json": {"a": torch.ones(1)}}, "hold a record in details"),
    "details too deep": ({"details_json": DEEP}, "nested too deep"),
    "a pickle beside": ({"data_pkl": b"\x80\x02."}, r"only files of a model.*Got data\.pkl"),
    "a program beside": ({"sitecustomize_py": b"import os"}, r"only files of a model"),
    "9 MB of notes": ({"README_md": b"x" * (9 << 20)}, "longer than 8 MiB. Got README"),
}


def header(listed, data=b"", length=None):
    """The bytes of a safetensors file."""
    text = listed if isinstance(listed, bytes) else json.dumps(listed).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def floats(begin, end, shape, dtype="F32", **more):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end], **more}


TWICE = b'{"a": %s, "a": %s}' % (
    json.dumps(floats(0, 8, [2])).encode(),
    json.dumps(floats(0, 8, [2], "I32")).encode(),
)
EIGHT = bytes(8)
TENSORS = {
    "a pickle": (pickle.dumps(hostile_pickles.Reduces(os.system, "id")), "shorter than its list"),
    "a file of torch.save": (zipped(GOOD), "shorter than its list"),
    "a TorchScript archive": (
        zipped(GOOD, more=[("archive/constants.pkl", b"")]),
        "shorter than its list",
    ),
    "an HDF5 file": (b"\x89HDF\r\n\x1a\n" + bytes(600), "a list|no JSON|shorter"),
    "no bytes": (b"", "shorter than its list"),
    "a header of 2**63 bytes": (header(b"{}", length=1 << 63), "shorter than its list"),
    "a header of 9 MB": (header(b"{" + b" " * (9 << 20) + b"}"), "9,437,186 bytes, more than"),
    "a header of lists": (header(b"[" + b"[]," * 2_700_000 + b"0]"), "lists and objects"),
    "a header that is a list": (header(b"[]"), "is no JSON object"),
    "a header too deep": (header(DEEP), "nested too deep"),
    "a header of other bytes": (header(b"\xff" * 9), "no JSON"),
    "ranges that overlap": (
        header({"a": floats(0, 8, [2]), "b": floats(4, 8, [1])}, EIGHT),
        "overlap",
    ),
    "ranges that are the same": (
        header({"a": floats(0, 8, [2]), "b": floats(0, 8, [2])}, EIGHT),
        "overlap",
    ),
    "a hole": (header({"a": floats(4, 8, [1])}, EIGHT), "belong to no tensor"),
    "more behind": (header({"a": floats(0, 4, [1])}, EIGHT), "8 bytes of tensors where 4"),
    "less than listed": (header({"a": floats(0, 800, [200])}, EIGHT), "8 bytes of tensors where 8"),
    "a name twice": (header(TWICE, EIGHT), "'a' stands twice"),
    "a shape that overflows": (header({"a": floats(0, 8, [2**62, 2**62])}, EIGHT), "sizes"),
    "a shape of nothing times much": (header({"a": floats(0, 0, [0, 2**62])}), "sizes"),
    "a size below nothing": (header({"a": floats(0, 8, [-2])}, EIGHT), "sizes"),
    "a size that is a fraction": (header({"a": floats(0, 8, [2.0])}, EIGHT), "sizes"),
    "a size that is true": (header({"a": floats(0, 4, [True])}, EIGHT[:4]), "sizes"),
    "1000 dimensions": (header({"a": floats(0, 4, [1] * 1000)}, EIGHT[:4]), "sizes"),
    "a range backwards": (header({"a": floats(8, 0, [2])}, EIGHT), "not its shape's"),
    "a range of words": (header({"a": floats("0", "8", [2])}, EIGHT), "not two numbers"),
    "a range of three": (
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4, 8]}}, EIGHT),
        "not two numbers",
    ),
    "a shape of another size": (header({"a": floats(0, 8, [3])}, EIGHT), "not its shape's"),
    "an unknown kind": (header({"a": floats(0, 8, [16], "F4")}, EIGHT), "unknown number type"),
    "a kind that is a list": (header({"a": floats(0, 8, [2], ["F32"])}, EIGHT), "number type"),
    "an address": (header({"a": floats(0, 8, [2], path="../x")}, EIGHT), "or with more than these"),
    "an entry of nothing": (header({"a": None}, EIGHT), "without dtype, shape"),
    "notes of numbers": (header({"__metadata__": {"a": 1}}), "notes that are no texts"),
    "notes of code": (header({"__metadata__": "import os"}), "notes that are no texts"),
    "100,001 tensors": (
        header({str(n): floats(0, 0, [0]) for n in range(100_001)}),
        "300,004 lists and objects",
    ),
    "names that leave the folder": (
        header({"../../x": floats(0, 8, [2])}, EIGHT),
        "of other names than the manifest",
    ),
}


def entry(listed, **changes):
    listed["model.json"].update(changes)


LISTS = {
    "a file outside": (
        lambda listed: listed.update({"../outside": dict(listed["model.json"])}),
        r"Got \.\./outside",
    ),
    "a file of this system": (
        lambda listed: listed.update({"/etc/passwd": dict(listed["model.json"])}),
        "Got /etc/passwd",
    ),
    "a file below": (lambda listed: listed.update({"a/b": dict(listed["model.json"])}), "Got a/b"),
    "a file of Windows": (
        lambda listed: listed.update({"C:\\x": dict(listed["model.json"])}),
        r"only files of a model",
    ),
    "the folder itself": (lambda listed: listed.update({".": {}}), r"Got \."),
    "an empty name": (lambda listed: listed.update({"": {}}), "only files of a model"),
    "a name with NUL": (lambda listed: listed.update({"a\0b": {}}), "only files of a model"),
    "the manifest itself": (lambda listed: listed.update({MANIFEST: {}}), "only files of a model"),
    "10**18 bytes": (lambda listed: entry(listed, bytes=10**18), "longer than 8 MiB"),
    "10**18 bytes of weights": (
        lambda listed: listed["model.safetensors"].update(bytes=10**18),
        r"1,\d\d\d bytes instead of",
    ),
    "fewer bytes": (lambda listed: entry(listed, bytes=5), "bytes instead of 5"),
    "bytes below nothing": (lambda listed: entry(listed, bytes=-5), "as its manifest describes"),
    "bytes of a word": (lambda listed: entry(listed, bytes="many"), "as its manifest describes"),
    "another hash": (lambda listed: entry(listed, sha256="0" * 64), "its sha256 differs"),
    "no hash": (lambda listed: listed["model.json"].pop("sha256") and None, "describes it"),
    "a hash of a list": (lambda listed: entry(listed, sha256=[]), "its sha256 differs"),
    "an entry of null": (lambda listed: listed.update({"model.json": None}), "describes it"),
    "an entry of a number": (lambda listed: listed.update({"model.json": 3}), "describes it"),
    "JSON as tensors": (lambda listed: entry(listed, tensors={"x": "contiguous"}), "describes it"),
    "formats of a list": (lambda listed: listed["model.safetensors"].update(tensors=[]), "names"),
    "an unknown format": (
        lambda listed: listed["model.safetensors"]["tensors"].update(
            {"_layers.dense.bias": "rows"}
        ),
        "a memory format 'rows'",
    ),
    "a format of another rank": (
        lambda listed: listed["model.safetensors"]["tensors"].update(
            {"_layers.dense.bias": "channels_last"}
        ),
        "describes it",
    ),
    "nothing": (lambda listed: {}, r"must hold model\.json. Got nothing"),
}

MANIFESTS = {
    "no bytes": b"",
    "a list": b"[]",
    "a deep list": b"[" * 100_000,
    "null": b"null",
    "other bytes": b"\xff",
    "its names twice": b'{"striate_folder": 1, "striate_folder": 1, "files": {}}',
    "files of a list": b'{"striate_folder": 1, "files": []}',
    "no hash": b'{"striate_folder": 1, "files": {}}',
    "lists for 8 MB": b"[" + b"[]," * 2_700_000 + b"0]",
    "lists for 10 MB": b"[" + b"[]," * 3_500_000 + b"0]",
    "a pickle": pickle.dumps(hostile_pickles.Reduces(os.system, "id")),
}


def _in_place(name, act):
    """A saved model of which one file is replaced by something that is no file."""

    def make(folder):
        net().save(folder / "net")
        file = folder / "net" / name
        outside = folder.parent / "outside"
        if not outside.exists():
            shutil.copy(file, outside)
        file.unlink()
        act(file, outside)

    return make


def _listen(file, outside):
    with socket.socket(socket.AF_UNIX) as channel:
        there = os.getcwd()
        os.chdir(file.parent)  # a socket's path must be short
        channel.bind(file.name)
        os.chdir(there)


PLACES = {
    "a link outside": lambda file, outside: file.symlink_to(outside),
    "a link into this system": lambda file, outside: file.symlink_to("/etc/passwd"),
    "a link to a device": lambda file, outside: file.symlink_to("/dev/zero"),
    "a link to itself": lambda file, outside: file.symlink_to(file),
    "a link to nothing": lambda file, outside: file.symlink_to(outside.parent / "none"),
    "a link by a relative path": lambda file, outside: file.symlink_to("../../outside"),
    "a folder": lambda file, outside: file.mkdir(),
    "a pipe": lambda file, outside: os.mkfifo(file),
    "a socket": _listen,
    "nothing": lambda file, outside: None,
}
GOT = {
    "a folder": "a folder, pipe or device",
    "a pipe": "a folder, pipe or device",
    "a socket": "No such device or address",
    "nothing": "No such file or directory",
}
FILES = ("model.json", "model.safetensors", MANIFEST)


def _described(change, model=None):
    return lambda folder: forged(folder / "net", model and model(), change=change)


CASES = {
    f"description: {name}": (_described(change), words)
    for name, (change, words) in DESCRIPTIONS.items()
}
CASES |= {
    f"layer: {name}": (_described(put(LAYER, {"name": "x", **entry_})), "Got")
    for name, entry_ in KERAS.items()
}
CASES |= {
    f"argument: {name}": (
        _described(lambda c, more=more: first(c)["config"].update(more)),
        words,
    )
    for name, (more, words) in ARGUMENTS.items()
}
CASES |= {f"graph: {name}": (_described(change, graph), "Got") for name, change in GRAPHS.items()}
CASES |= {
    f"files: {name}": (lambda folder, files=files: forged(folder / "net", **files), words)
    for name, (files, words) in BELONGING.items()
}
CASES |= {
    f"tensors: {name}": (
        lambda folder, data=data: rewritten(folder / "net", "model.safetensors", data),
        words,
    )
    for name, (data, words) in TENSORS.items()
}
CASES |= {
    f"list: {name}": (lambda folder, change=change: relisted(folder / "net", change), words)
    for name, (change, words) in LISTS.items()
}
CASES |= {
    f"manifest: {name}": (
        lambda folder, data=data: (
            net().save(folder / "net"),
            (folder / "net" / MANIFEST).write_bytes(data),
        ),
        r"manifest\.json as striate wrote it|hold manifest\.json",
    )
    for name, data in MANIFESTS.items()
}
if sys.platform != "win32":
    CASES |= {
        f"{file}: {name}": (
            _in_place(file, act),
            f"must hold {file} as a regular file, not a link. Got {GOT.get(name, 'a link')}"
            f"|must hold a model. Got no {file}",
        )
        for file in FILES
        for name, act in PLACES.items()
    }


def _beside(**files):
    """A saved model with files beside it that nobody listed."""

    def make(folder):
        net().save(folder / "net")
        for name, data in files.items():
            (folder / "net" / name.replace("__", ".")).write_bytes(data)

    return make


def _hard_link(folder):
    net().save(folder / "net")
    os.link(folder / "net" / "model.json", folder.parent / f"{folder.name}.json")


RAISES = b"raise SystemExit"
HARMLESS = {
    "a name that is a path": _described(put(("name",), "/etc/passwd")),
    "a layer's name that is a path": _described(put((*CONFIG, "name"), "/etc/passwd"), None),
    "programs that nobody listed": _beside(
        sitecustomize__py=RAISES, conftest__py=RAISES, json__py=RAISES, torch__py=RAISES
    ),
    "a pickle that nobody listed": _beside(model__pt=hostile_pickles.dumped(os.system, "id")),
    "a hard link": _hard_link,
    "labels that are code": lambda folder: forged(
        folder / "net", labels_txt=b"<script>alert(1)</script>\n\x1b[2J\n"
    ),
    "notes that are code": lambda folder: forged(folder / "net", README_md=b"{{ 7 * 7 }}"),
}
"""Folders that look odd and hold nothing that could do harm: they load, and nothing happens."""

CASES |= {f"harmless: {name}": (make, None) for name, make in HARMLESS.items()}


def prepare(folder):
    """Has everything imported that loading needs, by good models."""
    for name, model in (("net", net()), ("graph", graph())):
        model.save(folder / name, labels=["a", "b"], details={"a": 1})
        striate.load_model(folder / name)


def load(folder):
    striate.load_model(folder / "net")
