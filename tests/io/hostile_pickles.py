"""Pickles that try to do something, by every instruction that could."""

import base64
import builtins
import io
import os
import pickle
import pickletools
import struct
import subprocess

import torch

OS_SYSTEM = b"cos\nsystem\n"
TORCH = b"ctorch._utils\n_rebuild_tensor_v2\n"


class Reduces:
    """Pickles itself as a call."""

    def __init__(self, function, *arguments, **more):
        self.call = (function, arguments, *more.values())

    def __reduce__(self):
        return self.call


def dumped(function, *arguments, protocol=2, **more):
    return pickle.dumps(Reduces(function, *arguments, **more), protocol)


def state(value, protocol=2):
    return pickle.dumps({"weight": value}, protocol)


def unicode(text):
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def pickles(bait):
    """name -> the bytes of a pickle that writes the file `bait` if it is followed.

    Args:
        bait: path of a file that must not come to be.
    """
    order = f"touch {bait}"
    word = unicode(order)
    write = (open, str(bait), "w")
    return {
        "REDUCE of os.system": dumped(os.system, order),
        "REDUCE in a state dict": state(Reduces(os.system, order)),
        "REDUCE of open": dumped(*write),
        "REDUCE of eval": dumped(eval, f"open({str(bait)!r}, 'w')"),
        "REDUCE of exec": dumped(exec, f"open({str(bait)!r}, 'w')"),
        "REDUCE of compile": dumped(compile, "1", "x", "eval"),
        "REDUCE of import": dumped(builtins.__import__, "antigravity"),
        "REDUCE of getattr": b"\x80\x02c__builtin__\ngetattr\ncos\nsystem\n" + word + b"\x86R.",
        "REDUCE of subprocess": dumped(subprocess.check_output, ["touch", str(bait)]),
        "REDUCE of torch.load": dumped(torch.load, str(bait)),
        "REDUCE of _load_from_bytes": dumped(
            torch.storage._load_from_bytes, dumped(os.system, order)
        ),
        "REDUCE of torch.hub": dumped(torch.hub.load, "a/b", "c"),
        "REDUCE of pickle.loads": dumped(pickle.loads, dumped(os.system, order)),
        "REDUCE of runpy": b"\x80\x02crunpy\n_run_code\n" + word + b"\x85R.",
        "REDUCE of base64": dumped(base64.b64decode, "aWQ="),
        "REDUCE of bytearray": dumped(bytearray, 10**12),
        "REDUCE of a socket": b"\x80\x02csocket\ncreate_connection\n" + word + b"\x85R.",
        "GLOBAL alone": b"\x80\x02" + OS_SYSTEM + b".",
        "GLOBAL of nt": b"\x80\x02cnt\nsystem\n" + word + b"\x85R.",
        "GLOBAL of posix": b"\x80\x02cposix\nsystem\n" + word + b"\x85R.",
        "GLOBAL with a dot": b"\x80\x02ccollections\nOrderedDict.update\n)R.",
        "GLOBAL of a torch subclass": b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n)R.",
        "GLOBAL of a module": b"\x80\x02ctorch.nn.modules.linear\nLinear\n)R.",
        "GLOBAL of argparse": b"\x80\x02cargparse\nNamespace\n)\x81.",
        "GLOBAL of numpy": b"\x80\x02cnumpy.core.multiarray\nscalar\n)R.",
        "STACK_GLOBAL": dumped(os.system, order, protocol=4),
        "STACK_GLOBAL in protocol 5": dumped(os.system, order, protocol=5),
        "INST": b"(S'" + order.encode() + b"'\nios\nsystem\n.",
        "OBJ": b"(cos\nsystem\n" + word + b"o.",
        "NEWOBJ": b"\x80\x02cos\nsystem\n)\x81.",
        "NEWOBJ_EX": b"\x80\x04cos\nsystem\n)}\x92.",
        "BUILD": b"\x80\x02cos\nsystem\n}" + unicode("a") + OS_SYSTEM + b"sb.",
        "BUILD of a storage's kind": (
            b"\x80\x02ctorch\nFloatStorage\n}" + unicode("item_bytes") + b"K\x00sb."
        ),
        "BUILD of a function": b"\x80\x02" + TORCH + b"N}" + unicode("does") + b"Ns\x86b.",
        "EXT1": b"\x80\x02\x82\x01.",
        "EXT2": b"\x80\x02\x83\x01\x00.",
        "EXT4": b"\x80\x02\x84\x01\x00\x00\x00.",
        "PERSID": b"Pstorage\n.",
        "BINPERSID of a module": b"\x80\x02(" + unicode("module") + OS_SYSTEM + b"NNtQ.",
        "BINPERSID of a number": b"\x80\x02K\x01Q.",
        "a pickle in a pickle": state(dumped(os.system, order), 3),
        "a buffer": b"\x80\x05\x97.",
        "a memo of four thousand million": b"\x80\x02Nr\xff\xff\xff\xff.",
        "a text longer than the file": b"\x80\x02X\xff\xff\xff\x7fabc.",
        "a text of 2**60 letters": b"\x80\x04\x8d" + struct.pack("<Q", 1 << 60) + b".",
        "a number of many digits": b"L" + b"9" * 5000 + b"L\n.",
        "lists in lists": b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b".",
        "no end": b"\x80\x02}",
        "an empty stack": b"\x80\x02.",
        "protocol 200": b"\x80\xc8}.",
        "nothing": b"",
    }


def rebuilt(storage=None, offset=0, shape=(2,), strides=(1,), more=b"\x89}"):
    """The pickle of {"weight": a tensor}, rebuilt as torch does from what is given."""
    out = io.BytesIO()
    out.write(b"\x80\x02}" + unicode("weight") + TORCH + b"(")
    out.write(storage if storage is not None else stored())
    for value in (offset, shape, strides):
        out.write(plain(value))
    out.write(more + b"tRs.")
    return out.getvalue()


def plain(value):
    """A plain value as instructions of protocol 2, without frame or end."""
    return pickletools.optimize(pickle.dumps(value, 2))[2:-1]


def stored(kind=b"ctorch\nFloatStorage\n", key="0", count=2, device="cpu", more=b""):
    """The reference to a storage."""
    head = b"(" + unicode("storage") + kind
    return head + plain(key) + plain(device) + plain(count) + more + b"tQ"
