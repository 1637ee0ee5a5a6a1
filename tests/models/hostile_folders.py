"""Model folders that must be refused, each with the words of its refusal."""

import os
import sys

import torch

import striate
from striate.errors import WeightsError
from striate.io.manifest import MANIFEST
from tests.io import hostile_pickles
from tests.io.hostile_headers import DEEP, TENSORS
from tests.models.forged_folders import first, forged, graph, net, put, relisted, rewritten
from tests.models.hostile_descriptions import (
    ARGUMENTS,
    CONFIG,
    DESCRIPTIONS,
    GRAPHS,
    KERAS,
    LAYER,
)
from tests.models.hostile_places import FILES, GOT, LISTS, MANIFESTS, PLACES, in_place

ERRORS = (WeightsError,)


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
            in_place(file, act),
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
