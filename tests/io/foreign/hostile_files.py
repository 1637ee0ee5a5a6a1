"""Files that look like torch.save's and must be refused, each with the words of its refusal."""

import io
import pickle
import struct
import zipfile
from pathlib import Path

import torch

from striate.io.damage import Damaged
from striate.io.foreign.take import plain_tensors
from striate.io.foreign.torch_file import read_contents
from tests.io import hostile_pickles
from tests.io.hostile_pickles import rebuilt, stored, unicode

__all__ = ["CASES", "ERRORS", "load", "prepare"]

ERRORS = (Damaged,)
TWO = struct.pack("<2f", 1.0, 2.0)
FLOAT64 = b"ctorch\nDoubleStorage\n"


def zipped(data, records=None, *, root="archive", method=zipfile.ZIP_STORED, more=()):
    """A file as torch.save writes it since 1.6."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(f"{root}/data.pkl", data)
        archive.writestr(f"{root}/byteorder", "little")
        for name, content in ({"data/0": TWO} if records is None else records).items():
            archive.writestr(f"{root}/{name}", content)
        archive.writestr(f"{root}/version", "3\n")
        for name, content in more:
            archive.writestr(name, content)
    return file.getvalue()


def legacy(data, *, version=1001, keys=("0",), storages=((2, TWO),)):
    """A file as torch.save wrote it before."""
    machine = {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}
    front = [0x1950A86A20F9469CFC6C, version, machine]
    out = b"".join(pickle.dumps(part, 2) for part in front) + data + pickle.dumps(list(keys), 2)
    return out + b"".join(struct.pack("<q", count) + data for count, data in storages)


def flipped(data, mark, by):
    """The file with one byte changed, `by` behind the last place of a mark."""
    at = data.rindex(mark) + by
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def twice(first, second):
    """A state dict of two tensors."""
    body = first[2:-2] + b"s" + second[3:]
    return b"\x80\x02" + body


OLD = b"N"  # the older format's references end with it


SHAPES = {
    "a shape bomb": (
        rebuilt(shape=(10**6, 10**6), strides=(0, 0)),
        "8,000,000,000|4,000,000,000,0",
    ),
    "a shape that overflows": (rebuilt(shape=(2**62, 4), strides=(0, 0)), "tensors of"),
    "a shape beyond the storage": (rebuilt(shape=(3,)), r"reaches beyond its 2 numbers"),
    "an offset beyond the storage": (rebuilt(offset=1), "reaches beyond"),
    "strides beyond the storage": (rebuilt(shape=(2,), strides=(2**40,)), "reaches beyond"),
    "a negative offset": (rebuilt(offset=-1), "begins before"),
    "a negative size": (rebuilt(shape=(-2,)), "not whole numbers"),
    "a negative stride": (rebuilt(offset=1, strides=(-1,)), "not whole numbers"),
    "a size that is a fraction": (rebuilt(shape=(2.0,)), "not whole numbers"),
    "a size that is a text": (rebuilt(shape=("2",)), "not whole numbers"),
    "more strides than sizes": (rebuilt(strides=(1, 1)), "up to 64 dimensions"),
    "dimensions by the thousand": (
        rebuilt(shape=(1,) * 5000, strides=(1,) * 5000),
        "up to 64 dimensions",
    ),
    "a storage of more than there is": (rebuilt(stored(count=10**6)), "instead of 4,000,000"),
    "a storage of less": (rebuilt(stored(count=1), shape=(1,)), "8 bytes of numbers under"),
    "a storage of another type": (rebuilt(stored(FLOAT64)), "instead of 16"),
    "a storage of a negative count": (rebuilt(stored(count=-2)), "without kind, key and count"),
    "a storage of a kind that is a text": (
        rebuilt(stored(unicode("FloatStorage"))),
        "without kind",
    ),
    "a storage that is not there": (rebuilt(stored(key="1")), "no bytes of numbers"),
    "a storage outside": (rebuilt(stored(key="../../../etc/passwd")), "no bytes of numbers"),
    "a storage with a number for a key": (rebuilt(stored(key=0)), "without kind, key"),
    "one key, two kinds": (
        twice(rebuilt(), rebuilt(stored(FLOAT64, count=1), shape=(1,))),
        "two storages of one key",
    ),
    "a view of a storage": (rebuilt(stored(more=b"K\x00K\x00K\x01\x87")), "than to a storage"),
    "a tensor of a tensor": (rebuilt(unicode("storage")), "without a storage"),
    "a tensor of too few parts": (
        b"\x80\x02}" + unicode("weight") + hostile_pickles.TORCH + b")Rs.",
        "that is no state dict",
    ),
}

CONTENTS = {
    "no tensor": (pickle.dumps({"epoch": 3}, 2), "no tensor, neither at the top nor under"),
    "a list": (pickle.dumps([1, 2], 2), "one list instead of names and tensors"),
    "a number": (pickle.dumps(3, 2), "one int instead of"),
    "a name that is a number": (
        rebuilt().replace(unicode("weight"), b"K\x01"),
        "name is no word",
    ),
    "a name of safetensors' own": (
        rebuilt().replace(unicode("weight"), unicode("__metadata__")),
        "name is no word: '__metadata__'",
    ),
    "a name of 1000 letters": (
        rebuilt().replace(unicode("weight"), unicode("w" * 1000)),
        "name is no word",
    ),
}

GOOD = rebuilt()
FILES = {
    "TorchScript": (
        zipped(GOOD, more=[("archive/constants.pkl", b""), ("archive/code/a.py", b"")]),
        "TorchScript archive",
    ),
    "TorchScript code alone": (zipped(GOOD, more=[("archive/code/x.py", b"x")]), "TorchScript"),
    "PT2": (zipped(GOOD, more=[("archive/archive_format", b"pt2")]), "PT2 archive"),
    "PT2 by its models": (zipped(GOOD, more=[("archive/models/model.json", b"")]), "PT2 archive"),
    "Keras": (zipped(GOOD, more=[("config.json", b"{}")]), "entry that (torch.save|Keras) does"),
    "NumPy": (zipped(GOOD, more=[("a.npy", b"")]), "NumPy arrays"),
    "a second pickle": (zipped(GOOD, more=[("archive/evil.pkl", b"")]), "does not write: 'archive"),
    "a second folder": (zipped(GOOD, more=[("other/version", b"")]), "does not write: 'other"),
    "two folders": (zipped(GOOD, more=[("other/data/7", b"")]), "is not one folder"),
    "an entry that climbs": (zipped(GOOD, more=[("../evil.py", b"")]), "does not write"),
    "an absolute entry": (zipped(GOOD, more=[("/etc/evil", b"")]), "does not write"),
    "an entry at the top": (zipped(GOOD, more=[("data.pkl", b"")]), "does not write"),
    "a Python file": (zipped(GOOD, more=[("archive/data/0.py", b"")]), "does not write"),
    "packed": (
        zipped(GOOD, {"data/0": bytes(10**6)}, method=zipfile.ZIP_DEFLATED),
        "unpack to 1,000,",
    ),
    "no pickle": (zipped(GOOD).replace(b"data.pkl", b"data/999"), "without data.pkl"),
    "two headers": (zipped(GOOD).replace(b"archive/version", b"archive/verzion", 1), "say diff"),
    "a changed number": (flipped(zipped(GOOD), TWO, 3), "check sum is wrong"),
    "a changed pickle": (flipped(zipped(GOOD), b"weight", 0), "check sum is wrong"),
    "cut": (zipped(GOOD)[:-30], "list of entries at its end is missing"),
    "something behind": (zipped(GOOD) + b"PK", "something behind it"),
    "a pickle of 9 MB": (zipped(b"\x80\x02" + b"0" * (9 << 20)), "a pickle of 9,437"),
    "legacy of another version": (legacy(GOOD, version=1000), "another version of torch's"),
    "legacy without its storages": (legacy(rebuilt(stored(more=OLD)), keys=()), "not those of the"),
    "legacy with more storages": (legacy(rebuilt(stored(more=OLD)), keys=("0", "1")), "not those"),
    "legacy with other keys": (legacy(rebuilt(stored(more=OLD)), keys=(0,)), "not those of the"),
    "legacy with a longer storage": (
        legacy(rebuilt(stored(more=OLD)), storages=((10**12, TWO),)),
        "1,000,000,000,000 numbers under the key '0', not 2",
    ),
    "legacy of a giant storage": (
        legacy(rebuilt(stored(count=10**12, more=OLD)), storages=((10**12, TWO),)),
        "bytes instead of the 4,000,000,000",
    ),
    "legacy cut": (legacy(rebuilt(stored(more=OLD)))[:-1], r"bytes instead of the"),
    "legacy with more behind": (legacy(rebuilt(stored(more=OLD))) + b"x", "bytes instead of the"),
    "legacy of one pickle": (legacy(GOOD)[:20], "no whole pickle"),
    "a tar": (bytes(257) + b"ustar\0" + bytes(300), "torch.save did not write"),
}


def _written(data):
    return lambda folder: (folder / "file.pt").write_bytes(data)


def _hostile(name, form):
    """Writes a pickle in one of the two formats; what it would touch lies beside the folder."""

    def make(folder):
        data = hostile_pickles.pickles(folder.parent / "touched")[name]
        (folder / "file.pt").write_bytes(form(data))

    return make


CASES = {
    **{name: (_written(data), words) for name, (data, words) in FILES.items()},
    **{name: (_written(zipped(data)), words) for name, (data, words) in SHAPES.items()},
    **{name: (_written(zipped(data)), words) for name, (data, words) in CONTENTS.items()},
}
for form in (zipped, legacy):
    CASES |= {
        f"{form.__name__}: {name}": (
            _hostile(name, form),
            "a pickle|no whole pickle|instead of names|list of storages",
        )
        for name in hostile_pickles.pickles("/none")
    }


def prepare(folder):
    """Has everything imported that a good file needs."""
    folder.mkdir()
    for data in (zipped(GOOD), legacy(rebuilt(stored(more=OLD)))):
        (folder / "file.pt").write_bytes(data)
        assert load(folder)["weight"].equal(torch.tensor([1.0, 2.0]))


def load(folder):
    """What both programs do with a file, in this process."""
    with open(Path(folder) / "file.pt", "rb") as file:
        contents = read_contents(file)
        file.seek(0)
        return plain_tensors(file, contents)
