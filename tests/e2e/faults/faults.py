"""Faults, set off in a child process before the command runs in it. All are real but for `spoil`
and `clock`, which put wrong numbers where they would come from."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import time
from pathlib import Path

CLONE_NEWNS, MS_RDONLY, MS_REMOUNT, MS_BIND = 0x20000, 1, 32, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
_CAPABILITIES_VERSION = 0x20080522
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2
libc = ctypes.CDLL(None, use_errno=True)


# What the system refuses


def limited_memory(mib):
    """The process may take so many MiB of address space more than it has.

    Freed blocks go back to the system at once, so that the limit is one of what is in use.
    """
    libc.mallopt(M_MMAP_THRESHOLD, 2**18)
    libc.mallopt(M_TRIM_THRESHOLD, 2**18)
    libc.malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def few_files(count):
    """The process may open so many files."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def short_files(size):
    """A file may have so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def powerless():
    """Rights of files hold for this process, even where its user is root."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    data = (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    for word in (0, 1):  # effective and permitted
        data[word] &= ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH)
    if os.geteuid() == 0 and libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def full_disk(folder, kib):
    """A folder lies on a disk of so many KiB."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    _own_mounts()
    _mount(b"none", folder, b"tmpfs", 0, f"size={kib}k".encode())


def read_only(folder):
    """A folder and all in it lie on a disk that is read only."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    _own_mounts()
    _mount(os.fsencode(folder), folder, None, MS_BIND, None)
    _mount(None, folder, None, MS_BIND | MS_REMOUNT | MS_RDONLY, None)


def can_mount():
    """Whether this process may have disks of its own."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            _own_mounts()
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _own_mounts():
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    _mount(None, "/", None, MS_REC | MS_PRIVATE, None)


def _mount(source, target, kind, flags, data):
    if libc.mount(source, os.fsencode(target), kind, ctypes.c_ulong(flags), data) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")


def full_output():
    """What is printed goes to a disk that is full."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


# What happens while the training runs


def at(moment, action, *given):
    """Does something when the training begins ("begin"), or an epoch, by its number from 0."""
    from striate.callbacks import ProgressBar

    name = "on_train_begin" if moment == "begin" else "on_epoch_begin"
    plain = getattr(ProgressBar, name)

    def changed(self, *values):
        if moment in ("begin", values[0] if values else None):
            globals()[action](*given) if action in ACTIONS else spoil(self.model, action)
        return plain(self, *values)

    setattr(ProgressBar, name, changed)


def delete(path):
    """A file or folder is gone."""
    while os.path.isdir(path):  # somebody may be writing into it
        shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def cut(path):
    """Half of a file is gone."""
    os.truncate(path, os.path.getsize(path) // 2)


def replace(path, other):
    """A file has the content of another."""
    time.sleep(0.01)
    os.replace(shutil.copy(other, f"{path}.new"), path)


ACTIONS = ("delete", "cut", "replace", "limited_memory")


def spoil(model, what):
    """A weight, or a gradient, is no longer finite."""
    weight = list(model.parameters())[2]
    if what == "weight":
        weight.data.view(-1)[0] = float("nan")
    else:
        weight.register_hook(lambda gradient: gradient * float("inf"))


def not_in_memory(then=None, *given):
    """Pictures are read from their files in every epoch, as those of a large data set are."""
    from striate.data import PictureSource

    os.environ["STRIATE_CACHE_GIB"] = "0"
    PictureSource.__init__.__kwdefaults__["memory_limit_bytes"] = 0
    if then:
        globals()[then](*given)


def reading_fails(kind, after):
    """The reading of pictures fails in its thread after so many of them."""
    from striate.data import picture_source

    plain, count = picture_source.read_picture, [0]

    def failing(*words, **named):
        count[0] += 1
        if count[0] > after:
            raise {"memory": MemoryError, "bug": ZeroDivisionError}[kind]("in a thread")
        return plain(*words, **named)

    picture_source.read_picture = failing


def clock(step):
    """The clock of the wall goes by so many seconds each time it is looked at."""
    now = [time.time()]

    def ticked():
        now[0] += step
        return now[0]

    time.time = ticked
    time.time_ns = lambda: int(ticked() * 1e9)
