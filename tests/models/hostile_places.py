"""What may stand in the place of a model's file, or in its manifest, and must be refused."""

import os
import pickle
import shutil
import socket

from striate.io.manifest import MANIFEST
from tests.io import hostile_pickles
from tests.models.forged_folders import net


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


def in_place(name, act):
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


def listen(file, outside):
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
    "a socket": listen,
    "nothing": lambda file, outside: None,
}
GOT = {
    "a folder": "a folder, pipe or device",
    "a pipe": "a folder, pipe or device",
    "a socket": "No such device or address",
    "nothing": "No such file or directory",
}
FILES = ("model.json", "model.safetensors", MANIFEST)
