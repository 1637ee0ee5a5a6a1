"""Files that look like Keras' and must be refused, each with the words of its refusal."""

import io
import json
import stat
import warnings
import zipfile

import h5py
import numpy as np
from h5py import h5d, h5g, h5p, h5s, h5t

__all__ = ["ARCHIVES", "FILES", "archive", "base", "h5"]

KERNEL = np.arange(8, dtype=np.float32).reshape(2, 4)
CONV = "layers/conv2d/vars"
DENSE = "layers/dense/vars"


def base(file):
    """A layer as Keras 3 writes it."""
    variables = file.create_group(CONV)
    variables.attrs["name"] = "stem"
    variables["0"], variables["1"] = KERNEL, KERNEL[0]


def older(file):
    """The same as Keras wrote it before."""
    file.attrs["layer_names"] = [b"stem"]
    layer = file.create_group("stem")
    layer.attrs["weight_names"] = [b"stem/kernel:0"]
    layer["stem/kernel:0"] = KERNEL


def h5(change=lambda file, other: None, *, start=base, then=None, **how):
    """The bytes of a file: a good start, and one change of it.

    Args:
        change: change(file, other), the latter another file's path.
        then: what is done to the bytes.
    """

    def made(other):
        memory = io.BytesIO()
        with h5py.File(memory, "w", **how) as file:
            start(file)
            change(file, str(other))
        data = memory.getvalue()
        return then(data) if then else data

    return made


def put(name, value):
    return lambda file, other: file.__setitem__(name, value)


def noted(name, value, at="/"):
    return lambda file, other: file[at].attrs.__setitem__(name, value)


def stored(name=f"{DENSE}/0", **how):
    return lambda file, other: file.create_dataset(name, **how)


def outside(file, other):
    file.create_dataset(f"{DENSE}/0", (2,), "f4", external=[(other, 0, 8)])


def virtual(file, other):
    layout = h5py.VirtualLayout((2,), "f4")
    layout[:] = h5py.VirtualSource(other, "secret", (2,))
    file.create_virtual_dataset(f"{DENSE}/0", layout)


def virtual_without_end(file, other):
    """Its shape is known only when the other files are opened."""
    plan = h5p.create(h5p.DATASET_CREATE)
    space = h5s.create_simple((0,), (h5s.UNLIMITED,))
    space.select_hyperslab((0,), (h5s.UNLIMITED,), block=(1,))
    source = h5s.create_simple((1,), (h5s.UNLIMITED,))
    source.select_hyperslab((0,), (h5s.UNLIMITED,), block=(1,))
    plan.set_virtual(space, other.encode(), b"secret", source)
    whole = h5s.create_simple((0,), (h5s.UNLIMITED,))
    h5d.create(file.create_group(DENSE).id, b"0", h5t.IEEE_F32LE, whole, plan)


def of_kind(kind):
    """An array of 8 numbers of a kind that NumPy may not know."""

    def change(file, other):
        room = h5s.create_simple((8,))
        array = h5d.create(file.create_group(DENSE).id, b"0", kind(), room)
        array.write(h5s.ALL, h5s.ALL, np.zeros(8 * kind().get_size(), "u1"), kind())

    return change


def short_integer():
    kind = h5t.STD_I16LE.copy()
    kind.set_precision(12)
    return kind


def other_float():
    kind = h5t.IEEE_F32LE.copy()
    kind.set_ebias(100)
    return kind


def named_group(name):
    return lambda file, other: h5g.create(file.id, name)


def another_unpacker(data):
    """The packing "lzf" under a number that HDF5 would look up among its plugins."""
    at = data.index(b"lzf\0") - 8
    assert data[at : at + 2] == (32000).to_bytes(2, "little")
    return data[:at] + (32001).to_bytes(2, "little") + data[at + 2 :]


def changed(at, value):
    return lambda data: data[:at] + value + data[at + len(value) :]


def still_open(other):
    """As it stands while another program writes it."""
    memory = io.BytesIO()
    with h5py.File(memory, "w", libver="latest") as file:
        base(file)
        file.flush()
        file.swmr_mode = True
        file.flush()
        return memory.getvalue()


def nested(depth):
    config = {"class_name": "Dense", "config": {"name": "a"}}
    for _ in range(depth):
        config = {"class_name": "A", "config": {"name": "a", "layers": [config]}}
    return json.dumps(config)


ZEROS = np.zeros(1 << 23, np.float32)
TYPE = "a variable of another kind of number: 'dense/0'"
FILES = {
    "a link to another file": (
        h5(lambda file, other: put("layers/dense", h5py.ExternalLink(other, "/"))(file, other)),
        "a link to another file, at '/layers/dense'",
    ),
    "a soft link": (h5(put("layers/a", h5py.SoftLink("/layers/conv2d"))), "a soft link, at"),
    "a soft link to nothing": (h5(put("layers/a", h5py.SoftLink("/b"))), "a soft link, at"),
    "numbers outside": (h5(outside), "numbers in another file, at '/layers/dense/vars/0'"),
    "a virtual array": (h5(virtual), "numbers in another file"),
    "a virtual array without end": (h5(virtual_without_end), "numbers in another file"),
    "packed by lzf": (
        h5(stored(data=KERNEL, compression="lzf")),
        "packed by another method than gzip",
    ),
    "packed by a plugin": (
        h5(stored(data=KERNEL, compression="lzf"), then=another_unpacker),
        "packed by another method than gzip",
    ),
    "packed by rounding": (
        h5(stored(data=KERNEL.astype(int), scaleoffset=0)),
        "packed by another method than gzip",
    ),
    "records": (h5(stored(shape=(2,), dtype="f4,i4", data=np.zeros(2, "f4,i4"))), TYPE),
    "references": (
        h5(
            lambda file, other: put(f"{DENSE}/0", np.array([file.ref] * 2, h5py.ref_dtype))(file, 0)
        ),
        TYPE,
    ),
    "rows of any length": (
        h5(stored(data=np.array([KERNEL[0]] * 2 + [0], object)[:2], dtype=h5py.vlen_dtype("f4"))),
        TYPE,
    ),
    "texts": (h5(put(f"{DENSE}/0", ["os", "system"])), TYPE),
    "truths": (h5(put(f"{DENSE}/0", np.ones(3, bool))), TYPE),
    "complex numbers": (h5(put(f"{DENSE}/0", np.ones(3, complex))), TYPE),
    "lumps of 3 bytes": (h5(of_kind(lambda: h5t.create(h5t.OPAQUE, 3))), TYPE),
    "whole numbers of 12 bits": (h5(of_kind(short_integer)), TYPE),
    "floats of another kind": (h5(of_kind(other_float)), TYPE),
    "a shape bomb": (
        h5(stored(shape=(10**6, 10**6), dtype="f4", chunks=(100, 100))),
        r"far more numbers than fit into its [\d,]+ bytes",
    ),
    "a bomb of shapes": (
        h5(
            lambda file, _: (
                [
                    stored(f"a/{n}", data=ZEROS[:9], chunks=(9,), maxshape=(None,))(file, _)
                    for n in range(3)
                ]
                + [stored("a/b", shape=(1 << 20,), dtype="f8")(file, _)]
            )
        ),
        "far more numbers",
    ),
    "a chunk bomb": (
        h5(stored(shape=(4,), maxshape=(None,), dtype="f4", chunks=(1 << 28,), compression=1)),
        "far more numbers",
    ),
    "a gzip bomb": (h5(stored(data=ZEROS, compression=9)), "far more numbers"),
    "one value for all": (
        h5(stored(shape=(1000,), dtype="f4", fillvalue=1.0)),
        r"an array \(1000,\) whose numbers are not there",
    ),
    "chunks that are not there": (
        h5(stored(shape=(1000,), dtype="f4", chunks=(10,))),
        "whose numbers are not there",
    ),
    "packed chunks that are not there": (
        h5(stored(shape=(1000,), dtype="f4", compression=1)),
        "whose numbers are not there",
    ),
    "an array of nothing": (h5(put(f"{DENSE}/0", h5py.Empty("f4"))), "an array without a shape"),
    "a kind alone": (h5(put("layers/kind", np.dtype("f4"))), "something else than a group or an"),
    "groups in groups": (h5(lambda f, _: f.create_group("/".join("g" * 40))), "in groups, more"),
    "a group in itself": (
        h5(lambda file, other: put("layers/again", file["layers"])(file, other)),
        "one thing at two places, at '/layers/again'",
    ),
    "the first group in another": (
        h5(lambda file, other: put("layers/again", file["/"])(file, other)),
        "one thing at two places",
    ),
    "one array at two places": (
        h5(lambda file, other: put(f"{DENSE}/0", file[f"{CONV}/0"])(file, other)),
        "one thing at two places",
    ),
    "a name that is no UTF-8": (h5(named_group(b"a\xff")), "a name that is no UTF-8"),
    "a name with an order to the screen": (h5(named_group(b"\x1b[2J")), "a name that is no word"),
    "a name of 1000 letters": (h5(named_group(b"a" * 1000)), "a name that is no word"),
    "a variable too few": (h5(put(f"{CONV}/3", KERNEL)), "not numbered from 0, at 'layers/conv2d'"),
    "a number written otherwise": (h5(put(f"{CONV}/01", KERNEL)), "not numbered from 0"),
    "a layer named by a number": (h5(noted("name", 5, CONV)), "an attribute name that is no text"),
    "a layer of two names": (h5(noted("name", ["a", "b"], CONV)), "name is no word: 'a'"),
    "a layer's name of 1000 letters": (h5(noted("name", "a" * 1000, CONV)), "name is no word"),
    "a layer's name that is no UTF-8": (
        h5(noted("name", np.bytes_(b"\xff"), CONV)),
        "an attribute name that is no text of UTF-8",
    ),
    "a name that is another's path": (
        h5(
            lambda file, _: (
                [put(f"layers/{n}/vars/0", KERNEL)(file, _) for n in ("a", "b", "c")]
                + [
                    noted("name", name, f"layers/{n}/vars")(file, _)
                    for n, name in (("a", "x"), ("b", "x"), ("c", "layers/a"))
                ]
            )
        ),
        "two layers of one name, 'layers/a/0'",
    ),
    "no layers": (
        h5(put("a", KERNEL), start=lambda file: None),
        "without the variables of any Keras layer",
    ),
    "an older file without its list": (
        h5(lambda file, other: file.create_group("model_weights"), start=lambda file: None),
        "without the list of its layers",
    ),
    "a list of numbers": (h5(noted("layer_names", [1, 2]), start=older), "layer_names that is no"),
    "a layer that is not there": (
        h5(noted("layer_names", ["stem", "head"]), start=older),
        "a layer that is listed and not there: 'head'",
    ),
    "a layer without its list": (
        h5(lambda file, other: file["stem"].attrs.__delitem__("weight_names"), start=older),
        "a layer that is listed and not there: 'stem'",
    ),
    "a variable that is not there": (
        h5(noted("weight_names", ["stem/bias"], "stem"), start=older),
        "a variable that is listed and not there: 'stem/bias'",
    ),
    "a variable that climbs": (
        h5(noted("weight_names", ["../stem/stem/kernel:0"], "stem"), start=older),
        "a variable that is listed and not there",
    ),
    "a layer listed twice": (
        h5(noted("layer_names", ["stem", "stem"]), start=older),
        "lists a layer twice",
    ),
    "a variable listed twice": (
        h5(noted("weight_names", ["stem/kernel:0"] * 2, "stem"), start=older),
        "a layer that lists a variable twice: 'stem'",
    ),
    "names without end": (
        h5(noted("layer_names", np.array([b"x"] * 30_000)), start=older),
        "an attribute layer_names of too many texts",
    ),
    "a description that is no JSON": (h5(noted("model_config", "{"), start=older), "no JSON: "),
    "a description that is a number": (
        h5(noted("model_config", 1.5), start=older),
        "an attribute model_config that is no text",
    ),
    "two descriptions": (
        h5(noted("model_config", ["{}", "{}"]), start=older),
        "a model's description that is not one text",
    ),
    "a description that says two things": (
        h5(noted("model_config", '{"a": 1, "a": 2}'), start=older),
        "'a' stands twice in one object",
    ),
    "lists in lists": (
        h5(noted("model_config", "[" * 20_000 + "]" * 20_000), start=older),
        "nested too deep",
    ),
    "models in models": (h5(noted("model_config", nested(250)), start=older), "models in models"),
    "half a file": (h5(then=lambda data: data[: len(data) // 2]), "that HDF5 does not read"),
    "one byte too few": (h5(then=lambda data: data[:-1]), "that HDF5 does not read"),
    "only the first bytes": (h5(then=lambda data: data[:8]), "that HDF5 does not read"),
    "another version": (h5(then=changed(8, b"\x63")), "that HDF5 does not read"),
    "an end elsewhere": (h5(then=changed(40, b"\xff" * 7)), "that HDF5 does not read"),
    "a first group elsewhere": (h5(then=changed(64, b"\xf0" * 8)), "that HDF5 does not read"),
    "sizes of 255 bytes": (h5(then=changed(13, b"\xff\xff")), "that HDF5 does not read"),
    "something before it": (h5(userblock_size=512), "a file of another format"),
    "a file that is being written": (still_open, "that HDF5 does not read"),
}


def archive(*more, config="{}", numbers=None, method=zipfile.ZIP_STORED, without=(), then=None):
    """The bytes of an archive as Keras writes it, with one change."""

    def made(other):
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w", method) as file:
            parts = {"metadata.json": "{}", "config.json": config}
            parts["model.weights.h5"] = h5()(other) if numbers is None else numbers(other)
            for name, content in (*parts.items(), *more):
                if name not in without:
                    with warnings.catch_warnings(action="ignore"):  # of a name that stands twice
                        file.writestr(name, content)
        data = memory.getvalue()
        return then(data) if then else data

    return made


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


NUMBERS = "model.weights.h5"
FOREIGN = "an entry that Keras does not write"
ARCHIVES = {
    "without a description": (archive(without=["config.json"]), "archive without config.json"),
    "without numbers": (archive(without=[NUMBERS]), "a Keras archive without model.weights.h5"),
    "numbers of NumPy": (archive(("model.weights.npz", b"")), "numbers in NumPy's format"),
    "a program beside": (archive(("evil.py", b"")), f"{FOREIGN}: 'evil.py'"),
    "an entry that climbs": (archive(("../evil", b"")), FOREIGN),
    "an absolute entry": (archive(("/etc/evil", b"")), FOREIGN),
    "a link": (
        archive((link("config.json"), "/etc/passwd"), without=["config.json"]),
        f"{FOREIGN}: 'config.json'",
    ),
    "a folder for a description": (
        archive(("config.json/", b""), without=["config.json"]),
        FOREIGN,
    ),
    "two descriptions": (archive(("config.json", b"{}")), f"{FOREIGN}: 'config.json'"),
    "a pickle beside": (archive(("archive/data.pkl", b"")), f"{FOREIGN}: 'archive/data.pkl'"),
    "ten thousand entries": (
        archive(*((f"assets/{number}", b"") for number in range(10_000))),
        "more than 10,000 entries",
    ),
    "a changed number": (
        archive(then=lambda data: data.replace(KERNEL.tobytes(), (KERNEL + 1).tobytes())),
        "'model.weights.h5', whose check sum is wrong",
    ),
    "a bomb": (
        archive(numbers=lambda other: bytes(1 << 26), method=zipfile.ZIP_DEFLATED),
        "model.weights.h5 of 67,108,864 bytes, more than",
    ),
    "cut": (archive(then=lambda data: data[:-40]), "list of entries at its end is missing"),
    "numbers that are no HDF5": (archive(numbers=lambda other: b"GIF89a"), "no HDF5 file"),
    "numbers with something before": (archive(numbers=h5(userblock_size=512)), "no HDF5 file"),
    "numbers with a link outside": (
        archive(numbers=FILES["a link to another file"][0]),
        "a link to another file",
    ),
    "numbers outside": (archive(numbers=FILES["numbers outside"][0]), "numbers in another file"),
    "half the numbers": (archive(numbers=FILES["half a file"][0]), "HDF5 does not read"),
    "a description that is no JSON": (archive(config="import os"), "no JSON: "),
    "a description of 5 MB": (archive(config=" " * (5 << 20)), "config.json of 5,242,880 bytes"),
    "a description with NaN": (archive(config='{"a": NaN}'), "JSON with the number NaN"),
    "a description that says two things": (archive(config='{"a": 1, "a": 2}'), "stands twice in"),
    "models in models": (archive(config=nested(250)), "models in models"),
}
