"""Cases for the judge itself: each does one thing that it must see, or one that it must not."""

import os
import socket
import time

ERRORS = (ValueError,)
ACTS = {
    "reads outside": lambda folder: open("/proc/self/stat").close(),
    "reads by a way outside": lambda folder: open(folder / ".." / "y").close(),
    "reads by a link outside": lambda folder: open(folder / "link").close(),
    "writes inside": lambda folder: open(folder / "x", "w").close(),
    "writes inside by os": lambda folder: os.close(os.open(folder / "x", os.O_RDWR | os.O_CREAT)),
    "compiles": lambda folder: compile("1", "x", "eval"),
    "evaluates": lambda folder: eval("1"),
    "imports": lambda folder: __import__("antigravity_is_not_there"),
    "starts": lambda folder: os.system("true"),
    "connects": lambda folder: socket.socket().close(),
    "makes a folder": lambda folder: os.mkdir(folder / "z"),
    "removes": lambda folder: os.remove(folder / "inside"),
    "renames": lambda folder: os.rename(folder / "inside", folder / "w"),
}
QUIET = {
    "reads inside": lambda folder: open(folder / "inside", "rb").close(),
    "lists": lambda folder: os.listdir(folder),
}
SLOW = {"takes long": "long", "takes memory": "memory"}


def _make(name):
    def make(folder):
        (folder / "inside").write_bytes(b"")
        (folder.parent / "y").write_bytes(b"")
        (folder / "link").symlink_to(folder.parent / "y")
        (folder / "name").write_text(name)

    return make


CASES = {name: (_make(name), "refused") for name in (*ACTS, *QUIET, *SLOW)}


def prepare(folder):
    folder.mkdir()


def load(folder):
    name = (folder / "name").read_text()
    act = ACTS.get(name) or QUIET.get(name)
    if act is not None:
        try:
            act(folder)
        except ImportError:
            pass
    elif name == "takes long":
        started = time.process_time()
        while time.process_time() < started + 1.1:
            pass
    else:
        bytearray(400 << 20)
    raise ValueError("refused")
