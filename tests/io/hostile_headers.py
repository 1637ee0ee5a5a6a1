"""safetensors files that must be refused for the list of tensors at their head."""

import json
import os
import pickle
import struct

from tests.io import hostile_pickles
from tests.io.foreign.hostile_files import GOOD, zipped

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


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
