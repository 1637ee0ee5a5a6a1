"""Checkpoints that must be refused, each with the words of its refusal."""

import hashlib
import json
import os
import pickle
import shutil

import numpy as np
import torch

import striate
from striate.errors import StriateError
from striate.io.latest import LATEST, name_latest
from striate.io.manifest import MANIFEST, manifest_text
from striate.train import Checkpoint
from tests.io import hostile_pickles
from tests.io.hostile_headers import DEEP, EIGHT, floats, header

ERRORS = (StriateError,)
X = np.linspace(0, 1, 48, dtype="float32").reshape(12, 4)
Y = np.arange(12) % 3
GOOD = {}


def net():
    torch.manual_seed(0)
    model = striate.Sequential([striate.layers.Dense(3, "softmax", input_shape=(4,), name="head")])
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit(epochs, **words):
    stop = striate.callbacks.EarlyStopping("loss", patience=9, restore_best_weights=True)
    return net().fit(
        X, Y, batch_size=4, epochs=epochs, seed=0, ema=0.9, verbose=0, callbacks=[stop], **words
    )


def prepare(folder):
    """One good run of two epochs, of which the cases are copies."""
    place = folder / "net"
    fit(2, checkpoint=Checkpoint(place, "epoch", say=lambda sentence: None, keep=1))
    assert len(fit(2, resume=place).epoch) == 2
    GOOD["folder"] = place


def load(folder):
    """Goes on from there, up to the epoch that it had reached: nothing is trained or written."""
    fit(2, resume=folder / "net")


def copied(folder):
    """A copy of the good run, and its one generation."""
    shutil.copytree(GOOD["folder"], folder / "net")
    return next((folder / "net").glob("step-*"))


def rewritten(step, name, data, **more):
    """Writes one file, and a manifest and a LATEST that say so."""
    (step / name).write_bytes(data)
    listed = json.loads((step / MANIFEST).read_text())["files"]
    listed[name] = {
        **listed.get(name, {}),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        **more,
    }
    (step / MANIFEST).write_bytes(manifest_text(listed))
    name_latest(step)


def _file(name, data, **more):
    return lambda folder: rewritten(copied(folder), name, data, **more)


def _state(change):
    """A run whose state.json was changed by hand."""

    def make(folder):
        step = copied(folder)
        record = json.loads((step / "state.json").read_text())
        changed = change(record)
        record = record if changed is None else changed
        rewritten(step, "state.json", json.dumps(record).encode())

    return make


def put(*where, value):
    def change(record):
        part = record
        for key in where[:-1]:
            part = part[key]
        part[where[-1]] = value

    return _state(change)


RUN = ("state", "run", "record")
GENERATORS = (*RUN, "generators", "record")
WRITTEN = "hold the state of a run as striate wrote it"
STATES = {
    "a pickle": (_file("state.json", hostile_pickles.dumped(os.system, "id")), WRITTEN),
    "no bytes": (_file("state.json", b""), WRITTEN),
    "too deep": (_file("state.json", DEEP), "nested too deep"),
    "lists for 60 MB": (_file("state.json", b"[" + b"[]," * (20 << 20) + b"0]"), "lists and obj"),
    "70 MB": (_file("state.json", b" " * (70 << 20)), "more than 67,108,864"),
    "NaN": (put("cursor", "epoch", value=float("nan")), "the number NaN"),
    "a name twice": (_file("state.json", b'{"format": 1, "format": 1}'), "stands twice"),
    "a list": (_state(lambda record: [record]), WRITTEN),
    "no format": (_state(lambda record: record.pop("format") and None), WRITTEN),
    "a newer version": (put("format", value=99), "version 1 at most. Got version 99. Update"),
    "no cursor": (_state(lambda record: record.pop("cursor") and None), WRITTEN),
    "a cursor of words": (put("cursor", "step", value="os.system"), "other than whole numbers"),
    "a cursor of fractions": (put("cursor", "step", value=0.5), "other than whole numbers"),
    "a cursor before the beginning": (put("cursor", "epoch", value=-1), "before the beginning"),
    "a cursor beyond any end": (put("cursor", "step", value=10**30), "beyond any end"),
    "a cursor of more": (put("cursor", "path", value=1), WRITTEN),
    "a step beyond the epoch": (put("cursor", "step", value=10**9), "Got"),
    "no sections": (put("state", value={}), WRITTEN),
    "an unknown form": (put("state", "run", value={"object": "os.system"}), "an unknown form"),
    "a form of two": (put("state", "run", value={"tuple": [], "record": {}}), "an unknown form"),
    "a tensor that is not there": (
        put("state", "model", "record", "_layers.head.bias", value={"tensor": "../x"}),
        "an unknown form",
    ),
    "a weight of a number": (
        put("state", "model", "record", "_layers.head.bias", value=1),
        WRITTEN,
    ),
    "another weight": (
        _state(lambda record: record["state"]["model"]["record"].popitem() and None),
        "hold this model's tensors",
    ),
    "a model of a list": (put("state", "model", value=[]), WRITTEN),
    "an optimizer of nothing": (put("state", "optimizer", value=None), WRITTEN),
    "an optimizer's other parameters": (
        put("state", "optimizer", "record", "parameters", value=["os.system"]),
        "this optimizer's parameters",
    ),
    "an average of words": (
        put("state", "average", "record", "decay", value="x"),
        "be a fraction",
    ),
    "callbacks of a word": (put(*RUN, "callbacks", value="os.system"), WRITTEN),
    "a callback's state of a word": (
        put(*RUN, "callbacks", value=[["EarlyStopping", "x"]]),
        WRITTEN,
    ),
    "totals of nothing": (put(*RUN, "totals", value=None), WRITTEN),
    "a history of nothing": (put(*RUN, "history", value=None), WRITTEN),
    "extras of a number": (put(*RUN, "extras", value=3), WRITTEN),
    "no generators": (put(*RUN, "generators", value=None), WRITTEN),
    "a NumPy generator beyond its words": (
        put(*GENERATORS, "numpy", 1, value=10**6),
        "a NumPy generator at word 1000000 of 624",
    ),
    "a NumPy generator before its words": (
        put(*GENERATORS, "numpy", 1, value=-1),
        "a NumPy generator at word -1",
    ),
    "a NumPy generator of other words": (
        put(*GENERATORS, "numpy", 0, value={"tensor": "generators/torch"}),
        "Got",
    ),
    "a Python generator of a word": (put(*GENERATORS, "python", value="x"), WRITTEN),
    "another configuration": (put("configuration", value={"lr": "os.system"}), "Got"),
    "a configuration of a list": (put("configuration", value=[]), "Got"),
    "a scope of a word": (put("scope", value="x"), "Got"),
}

FILES = {
    "tensors of a pickle": (
        _file("model.safetensors", pickle.dumps(hostile_pickles.Reduces(os.system, "id"))),
        "no whole|hold a whole generation",
    ),
    "tensors of another kind": (
        _file("model.safetensors", header({"a": floats(0, 8, [2])}, EIGHT)),
        "of other names than the manifest",
    ),
    "tensors that overlap": (
        _file(
            "model.safetensors",
            header({"a": floats(0, 8, [2]), "b": floats(4, 8, [1])}, EIGHT),
            tensors={"a": "contiguous", "b": "contiguous"},
        ),
        "overlap",
    ),
    "no tensors": (_file("optimizer.safetensors", b""), "shorter than its list"),
    "a generation of another number": (
        _file("generation.json", b'{"number": 7, "best": null}'),
        "of its own number",
    ),
    "a generation of a pickle": (_file("generation.json", b"\x80\x02."), "of its own number"),
    "a generation too deep": (_file("generation.json", DEEP), "of its own number"),
    "a best one of a path": (
        _file("generation.json", b'{"number": 6, "best": "../../x"}'),
        "of its own number",
    ),
}


def _in_place(name, act):
    """A run of which one file is replaced by something that is no file."""

    def make(folder):
        step = copied(folder)
        file = step.parent / LATEST if name == LATEST else step / name
        file.unlink()
        act(file)

    return make


PLACES = {
    "a link": lambda file: file.symlink_to(GOOD["folder"] / LATEST),
    "a link into this system": lambda file: file.symlink_to("/etc/passwd"),
    "a link to a device": lambda file: file.symlink_to("/dev/zero"),
    "a folder": lambda file: file.mkdir(),
    "a pipe": lambda file: os.mkfifo(file),
}


def _latest(line):
    """A run whose LATEST has a right hash and names something else."""

    def make(folder):
        step = copied(folder)
        text = line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"
        (step.parent / LATEST).write_bytes(text)

    return make


def _linked_step(folder):
    step = copied(folder)
    shutil.move(step, folder.parent / f"{folder.name}-outside")
    step.symlink_to(folder.parent / f"{folder.name}-outside")


CASES = {f"state: {name}": case for name, case in STATES.items()}
CASES |= {f"file: {name}": case for name, case in FILES.items()}
CASES |= {
    f"{file}: {name}": (_in_place(file, act), "hold a whole generation")
    for file in ("state.json", "model.safetensors", "generation.json", MANIFEST)
    for name, act in PLACES.items()
}
CASES |= {"a step that is a link": (_linked_step, "hold checkpoints of a run. Got none")}

HARMLESS = {
    **{f"LATEST: {name}": _in_place(LATEST, act) for name, act in PLACES.items()},
    "LATEST: a folder above": _latest(b"../../etc " + b"0" * 64),
    "LATEST: a path": _latest(b"/etc " + b"0" * 64),
    "LATEST: an order to the terminal": _latest(b"\x1b[2J " + b"0" * 64),
    "LATEST: no text": _latest(b"\xff\xfe\x00"),
    "LATEST: 100 MB": lambda folder: (copied(folder).parent / LATEST).write_bytes(b"x" * 10**8),
    "a pickle that is listed": _file("optimizer.pkl", b"\x80\x02."),
    "a pickle that nobody listed": lambda folder: (copied(folder) / "x.pt").write_bytes(
        b"\x80\x02."
    ),
}
"""A LATEST that lies: the one whole generation is found without it."""

CASES |= {f"harmless: {name}": (make, None) for name, make in HARMLESS.items()}
