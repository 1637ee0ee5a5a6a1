"""Small saved models of which a description, a list or a file was changed by hand."""

import hashlib
import json

import striate
from striate import layers
from striate.io.manifest import MANIFEST, manifest_text
from striate.io.store import write_folder


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
