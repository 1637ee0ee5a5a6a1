"""Hostile and damaged model folders: one sentence, at once, and no memory taken."""

import hashlib
import json
import re
import resource
import shutil
import time

import pytest
import torch

import striate
from striate import layers
from striate.errors import WeightsError
from striate.io.store import write_folder

SENTENCE = re.compile(
    r"^(Model folder|Folder|layer entry)[^\n]*: must [^\n]+\. Got [^\n]+\.[^\n]*$"
)


def net():
    return striate.Sequential(
        [layers.Conv2D(2, 3, input_shape=(8, 8, 3)), layers.Flatten(), layers.Dense(2)]
    )


def graph():
    x = striate.Input((4,))
    return striate.Model(x, layers.Add()([layers.Dense(3, name="a")(x), layers.Dense(3)(x)]))


def refused(folder):
    """The words with which a folder is refused, within a second."""
    started = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(WeightsError) as caught:
        striate.load_model(folder)
    assert time.perf_counter() - started < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB
    words = str(caught.value)
    assert SENTENCE.match(words), words
    assert len(words) < 1000
    return words


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


def first(content):
    return content["model"]["layers"][0]


def test_an_unchanged_forgery_loads(tmp_path):
    assert striate.load_model(forged(tmp_path / "net")).count_params() == 202
    assert striate.load_model(forged(tmp_path / "g", graph())).count_params() == 30


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


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


def put(where, value):
    """Sets content["model"][...][...] = value."""

    def change(content):
        part = content["model"]
        for key in where[:-1]:
            part = part[key]
        part[where[-1]] = value

    return change


LAYER = ("layers", 0)
CHANGES = {
    "unknown type": (put((*LAYER, "type"), "Cnv2D"), r'registered layer.*Nearest: "Conv2D"'),
    "import path": (put((*LAYER, "type"), "os.system"), "have the type of a registered layer"),
    "type is a list": (put((*LAYER, "type"), ["Dense"]), "registered layer"),
    "type is missing": (lambda c: first(c).pop("type") and None, "can be built"),
    "wrong argument": (put((*LAYER, "config", "filers"), 3), "hold only arguments of Conv2D"),
    "wrong value": (put((*LAYER, "config", "filters"), -1), "`filters` must be a whole number"),
    "filters is a dict": (put((*LAYER, "config", "filters"), {"a": 1}), "whole number"),
    "huge filters": (put((*LAYER, "config", "filters"), 10**9), "hold _layers.conv2d.weight of"),
    "endless filters": (put((*LAYER, "config", "filters"), 10**30), "Got"),
    "huge kernel": (put((*LAYER, "config", "kernel_size"), 10**6), "Got"),
    "huge input": (put(("input_shape",), [10**6, 10**6, 3]), "hold _layers.dense.weight of"),
    "negative input": (put(("input_shape",), [-8, 8, 3]), "sizes of one sample"),
    "input is a word": (put(("input_shape",), "abc"), "Got"),
    "no layers": (put(("layers",), []), "not built"),
    "layers is a number": (put(("layers",), 7), "can be built"),
    "layer is a number": (put(("layers", 0), 7), "can be built"),
    "model is a list": (lambda c: c | {"model": []}, "can be built"),
    "model is missing": (lambda c: c.pop("model") and None, "can be built"),
    "model is a layer": (lambda c: c | {"model": first(c)}, "hold a Model"),
    "a layer no one made": (put(LAYER, {"type": "Same", "as": 9, "name": "x"}), "can be built"),
    "layers in another order": (lambda c: c["model"]["layers"].reverse(), "Got"),
    "too deep a value": (
        put((*LAYER, "config", "filters"), json.loads("[" * 100 + "]" * 100)),
        "levels deep",
    ),
    "deep models": (nest(400), "Got"),
    "other format": (lambda c: c | {"format": 99}, "hold a model.json of format 1"),
    "a list": (lambda c: [c], "hold a model.json of format 1"),
    "not JSON": (lambda c: b"{", "that is JSON"),
    "not text": (lambda c: b"\xff\xfe\x00", "that is JSON"),
    "deep JSON": (lambda c: DEEP, "that is JSON"),
    "empty": (lambda c: b"", "that is JSON"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_hostile_description(case, tmp_path):
    change, words = CHANGES[case]
    assert re.search(words, refused(forged(tmp_path / "net", change=change)))


GRAPH_CHANGES = {
    "a call of no layer": put(("calls", 0, "layer"), "nobody"),
    "a tensor of no call": put(("calls", 0, "args"), {"tuple": [{"tensor": [7, 0]}]}),
    "a tensor of no input": put(("calls", 0, "args"), {"tuple": [{"tensor": ["input", 5]}]}),
    "no arguments": put(("calls", 0, "args"), {"tuple": []}),
    "an unknown structure": put(("out",), {"set": []}),
    "two keys": put(("out",), {"tuple": [], "list": []}),
    "no calls": put(("calls",), []),
    "no outputs": put(("out",), None),
    "an output of numbers": put(("out",), 3),
    "an input of no shape": put(("inputs", 0, "shape"), None),
}


@pytest.mark.parametrize("case", GRAPH_CHANGES)
def test_a_hostile_graph(case, tmp_path):
    refused(forged(tmp_path / "net", graph(), change=GRAPH_CHANGES[case]))


def weights(**changes):
    return dict(net().state_dict()) | changes


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"model_json": None}, r"must hold model\.json\. Got model\.safetensors"),
        ({"model_safetensors": None}, r"must hold model\.safetensors\. Got model\.json"),
        ({"model_safetensors": b"bytes"}, r"must hold model\.safetensors"),
        ({"model_json": {"a": torch.ones(1)}}, r"must hold model\.json"),
        ({"model_safetensors": {"a": torch.ones(1)}}, r"hold the weights _layers\.conv2d\.weight"),
        ({"model_safetensors": weights(extra=torch.ones(1))}, "only weights of its layers. Got e"),
        (
            {"model_safetensors": weights(**{"_layers.dense.bias": torch.ones(3)})},
            r"hold _layers\.dense\.bias of shape \(2,\)\. Got \(3,\)",
        ),
        (
            {"model_safetensors": weights(**{"_layers.dense.bias": torch.ones(2).int()})},
            r"hold _layers\.dense\.bias as torch\.float32\. Got torch\.int32",
        ),
        ({"labels_txt": b"\xff"}, r"hold labels\.txt as text"),
        ({"labels_txt": {"a": torch.ones(1)}}, r"hold labels\.txt as text"),
        ({"preprocess_json": b"["}, r"preprocess\.json as save wrote it"),
        ({"preprocess_json": b'{"size": "x"}'}, r"preprocess\.json as save wrote it"),
        ({"preprocess_json": b'{"code": 1}'}, r"preprocess\.json as save wrote it"),
        ({"preprocess_json": b'{"mean": [null]}'}, r"preprocess\.json as save wrote it"),
        ({"preprocess_json": {"a": torch.ones(1)}}, r"preprocess\.json as save wrote it"),
        ({"details_json": b"["}, r"hold a record in details\.json\. Got Expecting value"),
        ({"details_json": b"[1]"}, r"hold a record in details\.json\. Got list"),
        ({"details_json": {"a": torch.ones(1)}}, r"hold a record in details\.json"),
    ],
)
def test_files_that_do_not_belong_together(files, words, tmp_path):
    assert re.search(words, refused(forged(tmp_path / "net", **files)))


def test_a_file_that_is_missing(tmp_path):
    for name in ("model.json", "model.safetensors", "README.md", "manifest.json"):
        folder = tmp_path / name
        net().save(folder)
        (folder / name).unlink()
        assert name in refused(folder)


def test_a_place_that_is_no_folder(tmp_path):
    assert "Got no such folder. Check the path." in refused(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    assert "Got a file" in refused(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert "manifest.json" in refused(tmp_path / "empty")


@pytest.mark.parametrize("name", ["model.json", "model.safetensors", "README.md", "manifest.json"])
def test_every_flipped_bit_is_found(name, tmp_path):
    net().save(tmp_path / "net")
    path = tmp_path / "net" / name
    whole = path.read_bytes()
    for part in range(12):
        place = (len(whole) - 1) * part // 11
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << part % 8]) + whole[place + 1 :])
        refused(tmp_path / "net")
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        refused(tmp_path / "net")
    path.write_bytes(whole)
    striate.load_model(tmp_path / "net")


def test_after_a_crash_between_two_renames_the_old_model_is_found(tmp_path):
    net().save(tmp_path / "net")
    (tmp_path / "net").rename(tmp_path / ".net.old")
    assert striate.load_model(tmp_path / "net").count_params() == 202


def test_a_run_folder_is_read_by_its_model(tmp_path):
    net().save(tmp_path / "run" / "model")
    (tmp_path / "run" / "metrics.jsonl").write_text("{}")
    assert striate.load_model(tmp_path / "run").count_params() == 202
    (tmp_path / "run" / "model").rename(tmp_path / "run" / ".model.old")
    assert striate.load_model(tmp_path / "run").count_params() == 202


def test_a_link_is_not_followed(tmp_path):
    net().save(tmp_path / "net")
    shutil.copy(tmp_path / "net" / "model.json", tmp_path / "other.json")
    (tmp_path / "net" / "model.json").unlink()
    (tmp_path / "net" / "model.json").symlink_to(tmp_path / "other.json")
    assert "not a link" in refused(tmp_path / "net")


def test_nothing_is_executed_or_opened_elsewhere(tmp_path):
    """A description full of paths and code opens the folder's own files only."""
    bait = tmp_path / "bait.txt"
    bait.write_text("x")
    digest = hashlib.sha256(bait.read_bytes()).hexdigest()

    def change(content):
        first(content)["config"]["activation"] = {"function": f"open({str(bait)!r}, 'w')"}

    assert "registered function" in refused(forged(tmp_path / "net", change=change))
    assert hashlib.sha256(bait.read_bytes()).hexdigest() == digest
