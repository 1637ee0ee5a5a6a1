"""A disk that loses what was not flushed: it records a writer's real calls and replays crashes.

What a crash may leave, after any call: of the changes of a folder's names that were not followed
by an fsync of this folder, any; of the bytes of a file that were not followed by its fsync, none,
some, or zeros. A rename is one change. Everything else is on the disk.
"""

import contextlib
import copy
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

RENAMES = ("rename", "replace")
CALLS = ("open", "mkdir", "unlink", "remove", "rmdir", "fsync", *RENAMES)
ALL_SUBSETS = 5  # of so many pending changes every subset is tried, of more a part


@dataclass
class Disk:
    """Inodes by number. A folder's is its names, a file's its bytes."""

    names: dict = field(default_factory=lambda: {0: {}})  # as a running program sees them
    data: dict = field(default_factory=dict)
    safe_names: dict = field(default_factory=lambda: {0: {}})  # as the disk has them
    safe_data: dict = field(default_factory=dict)
    pending: list = field(default_factory=list)  # (folder, {name: inode or None})

    def at(self, parts):
        inode = 0
        for part in parts:
            inode = self.names[inode][part]
        return inode

    def change(self, folder, changes):
        self.pending.append((folder, changes))
        apply(self.names, folder, changes)

    def add(self, parts, data=None):
        inode = 1 + max(max(self.names), max(self.data, default=0))
        if data is None:
            self.names[inode], self.safe_names[inode] = {}, {}
        else:
            self.data[inode], self.safe_data[inode] = data, b""
        self.change(self.at(parts[:-1]), {parts[-1]: inode})

    def flush(self, inode):
        if inode in self.data:
            self.safe_data[inode] = self.data[inode]
            return
        for folder, changes in self.pending:
            if folder == inode:
                apply(self.safe_names, folder, changes)
        self.pending = [(folder, changes) for folder, changes in self.pending if folder != inode]

    def flush_all(self):
        for inode in (*self.names, *self.data):
            self.flush(inode)


def apply(names, folder, changes):
    for name, inode in changes.items():
        if inode is None:
            names[folder].pop(name, None)
        else:
            names[folder][name] = inode


class Recorder:
    """A context in which the calls of this process that change `root` are recorded.

    `moments` holds the disk after each call, with what `mark` had been given until then.
    `deaf_to` "files" or "folders" leaves out their fsyncs, to see that they are needed.
    """

    def __init__(self, root, monkeypatch, deaf_to=None):
        self.root, self.deaf_to, self.patch = Path(root), deaf_to, monkeypatch
        self.disk, self.moments, self.calls, self.marked = Disk(), [], [], None
        for path in sorted(self.root.rglob("*")):
            self.disk.add(self.parts(path), path.read_bytes() if path.is_file() else None)
        self.disk.flush_all()
        self.real = {name: getattr(os, name) for name in CALLS}

    def __enter__(self):
        for name in CALLS:
            self.patch.setattr(os, name, getattr(self, f"_{name}", None) or self._renaming(name))
        self.moment("start")
        return self

    def __exit__(self, *_):
        for name in CALLS:
            self.patch.setattr(os, name, self.real[name])

    def mark(self, value):
        """From here on, `value` is what the writer was told to be safe."""
        self.marked = value
        self.moment("returned")

    def moment(self, call):
        self.calls.append(call)
        self.moments.append((self.marked, copy.deepcopy(self.disk)))

    def parts(self, path, dir_fd=None):
        """The names from the root to a path; None outside of it."""
        if dir_fd is not None:
            path = Path(os.readlink(f"/proc/self/fd/{dir_fd}")) / path
        path = Path(os.path.abspath(path))
        return path.relative_to(self.root).parts if path.is_relative_to(self.root) else None

    def look(self):
        """What was written since the last call: a moment of its own."""
        before = dict(self.disk.data)

        def walk(inode, path):
            for name, each in self.disk.names[inode].items():
                if each in self.disk.names:
                    walk(each, path / name)
                else:
                    self.disk.data[each] = (path / name).read_bytes()

        walk(0, self.root)
        if self.disk.data != before:
            self.moment("write")

    def _open(self, path, flags, *rest, dir_fd=None, **options):
        parts = None if isinstance(path, int) else self.parts(path, dir_fd)
        new = parts and flags & os.O_CREAT and not os.path.lexists(self.root.joinpath(*parts))
        handle = self.real["open"](path, flags, *rest, dir_fd=dir_fd, **options)
        if new:
            self.look()
            self.disk.add(parts, b"")
            self.moment(f"open {parts[-1]}")
        return handle

    def _mkdir(self, path, *rest, dir_fd=None):
        parts = self.parts(path, dir_fd)
        self.real["mkdir"](path, *rest, dir_fd=dir_fd)
        if parts is not None:
            self.look()
            self.disk.add(parts)
            self.moment(f"mkdir {parts[-1]}")

    def _gone(self, call, path, dir_fd):
        parts = self.parts(path, dir_fd)
        if parts is not None:
            self.look()
        self.real[call](path, dir_fd=dir_fd)
        if parts is not None:
            self.disk.change(self.disk.at(parts[:-1]), {parts[-1]: None})
            self.moment(f"{call} {parts[-1]}")

    def _unlink(self, path, *, dir_fd=None):
        self._gone("unlink", path, dir_fd)

    def _remove(self, path, *, dir_fd=None):
        self._gone("remove", path, dir_fd)

    def _rmdir(self, path, *, dir_fd=None):
        self._gone("rmdir", path, dir_fd)

    def _renaming(self, call):
        def rename(old, new):
            before, after = self.parts(old), self.parts(new)
            if before is not None:
                self.look()
            self.real[call](old, new)
            if before is not None:
                if before[:-1] != after[:-1]:
                    raise NotImplementedError("a rename from folder to folder")
                inode = self.disk.at(before)
                self.disk.change(self.disk.at(before[:-1]), {before[-1]: None, after[-1]: inode})
                self.moment(f"{call} {before[-1]} {after[-1]}")

        return rename

    def _fsync(self, handle):
        parts = self.parts(os.readlink(f"/proc/self/fd/{handle}"))
        if parts is None:
            return
        self.look()
        inode = self.disk.at(parts)
        if self.deaf_to != ("files" if inode in self.disk.data else "folders"):
            self.disk.flush(inode)
        self.moment(f"fsync {parts[-1] if parts else '.'}")


def crashes(disk, draw, share=8):
    """Trees that a crash may leave: {path: bytes, or None for a folder}; each one once."""
    count, seen = len(disk.pending), set()
    everything = (1 << count) - 1
    if count <= ALL_SUBSETS:
        subsets = set(range(1 << count))
    else:
        subsets = {0, everything}
        subsets |= {(1 << n) - 1 for n in range(count)}  # a journal keeps the order
        subsets |= {everything ^ (1 << n) for n in range(count)}
        subsets |= {draw.getrandbits(count) for _ in range(share)}
    for subset in sorted(subsets):
        names = copy.deepcopy(disk.safe_names)
        for n, (folder, changes) in enumerate(disk.pending):
            if subset >> n & 1:
                apply(names, folder, changes)
        for torn in ("none", "half", "half", "half", "zeros", "all", "mixed"):
            tree = dict(walk(disk, names, 0, (), torn, draw))
            key = tuple(sorted(tree.items(), key=lambda item: item[0]))
            if key not in seen:
                seen.add(key)
                yield tree


def walk(disk, names, inode, path, torn, draw):
    for name, each in names[inode].items():
        here = (*path, name)
        if each in names:
            yield here, None
            yield from walk(disk, names, each, here, torn, draw)
        else:
            yield here, left_of(disk.safe_data[each], disk.data[each], torn, draw)


def left_of(safe, written, torn, draw):
    if safe == written:
        return safe
    if torn == "mixed":
        torn = draw.choice(("none", "half", "zeros", "all"))
    if torn == "half":
        return written[: draw.randrange(len(written) + 1)]
    return {"none": safe, "zeros": bytes(len(written)), "all": written}[torn]


def replay(recorder, place, draw, act, *, share=1.0):
    """Makes every state real that a crash may leave, and acts on it; returns how many there were.

    `act(root, marked)` is called with the state and with what was marked when it came about.
    `share` of the states are taken, drawn at random.
    """
    seen = set()
    for marked, disk in recorder.moments:
        for tree in crashes(disk, draw):
            key = (marked, tuple(sorted(tree.items(), key=lambda item: item[0])))
            if key in seen or draw.random() > share:
                continue
            seen.add(key)
            root = place / f"state-{len(seen)}"
            root.mkdir()
            build(tree, root)
            act(root, marked)
            shutil.rmtree(root)
    return len(seen)


def build(tree, root):
    """Makes a tree of `crashes` real."""
    for parts, data in tree.items():
        if data is None:
            root.joinpath(*parts).mkdir()
        else:
            root.joinpath(*parts).write_bytes(data)


@contextlib.contextmanager
def memory(monkeypatch):
    """A folder in memory, where there is one: the replays need no real disk and no real flush."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    place = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    yield Path(place)
    shutil.rmtree(place)
