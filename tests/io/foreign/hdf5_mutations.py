"""Damaged Keras files without end, each read in a process of its own.

    python -m tests.io.foreign.hdf5_mutations SEED COUNT

prints one JSON object: how many were read, refused and ended. Where one is read, h5py must read
the same numbers from the same bytes; anything else ends the program.
"""

import io
import json
import os
import random
import resource
import signal
import sys
from collections import Counter

import h5py
import numpy as np

from striate.io.damage import Damaged
from striate.io.foreign.hdf5 import warm_up
from striate.io.foreign.take_keras import converted

__all__ = ["main", "mutated", "sample"]

READ, REFUSED, WRONG = 0, 10, 11
SECONDS, MEMORY_BYTES = 1.0, 1 << 31
ENDED = (signal.SIGPROF, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGABRT)


def sample(**how):
    """A file as Keras writes it, with one packed array."""
    rng = np.random.default_rng(0)
    memory = io.BytesIO()
    with h5py.File(memory, "w", **how) as file:
        for number, kind in enumerate(("f4", "f2", "f8")):
            variables = file.create_group(f"layers/conv2d{f'_{number}' if number else ''}/vars")
            variables.attrs["name"] = f"conv_{number}"
            variables["0"] = rng.normal(size=(3, 3, 2, 4)).astype(kind)
            variables["1"] = rng.normal(size=4).astype(kind)
        file.create_dataset("layers/dense/vars/0", data=np.ones((9, 9)), compression=4)
    return memory.getvalue()


def mutated(data, draw):
    """Some bytes changed, cut, doubled, or made to point elsewhere."""
    body = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        at = min(draw.randrange(len(body)), draw.randrange(len(body)))
        match draw.randrange(5):
            case 0:
                body[at] = draw.randrange(256)
            case 1:
                body[at] ^= 1 << draw.randrange(8)
            case 2:
                extreme = (b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f")
                body[at : at + 4] = draw.choice(extreme)
            case 3:
                body[at : at + 8] = draw.randrange(len(body)).to_bytes(8, "little")
            case _:
                del body[at : at + draw.randint(1, 20)]
    return bytes(body)


def numbers_in(parts):
    """How often each (shape, bytes) is in a safetensors file, and the names of what is left out."""
    listed = json.loads(parts[1])
    notes = listed.pop("__metadata__")
    data = b"".join(parts[2:])
    found = ((tuple(e["shape"]), data[slice(*e["data_offsets"])]) for e in listed.values())
    return Counter(found), json.loads(notes["left_out"])


def expected(data):
    """The same of all arrays that h5py finds under `vars`."""
    found = Counter()

    def note(path, item):
        if isinstance(item, h5py.Dataset) and path.split("/")[-2:-1] == ["vars"]:
            values = np.asarray(item[()])
            values = values.astype(values.dtype.newbyteorder("<"))
            found[values.shape, values.tobytes()] += 1

    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(note)
    return found


def outcome(data):
    """What becomes of a file; what is read must be what h5py reads."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        found, left_out = numbers_in(converted(io.BytesIO(data), len(data)))
    except (Damaged, MemoryError):
        return REFUSED
    signal.setitimer(signal.ITIMER_PROF, 5 * SECONDS)
    wanted = expected(data)
    return READ if found == wanted or (left_out and found < wanted) else WRONG


def main(seed, count):
    warm_up()
    draw, found = random.Random(seed), Counter()
    samples = [sample(), sample(libver="latest")]
    for number in range(count):
        data = mutated(draw.choice(samples), draw)
        child = os.fork()
        if child == 0:
            os._exit(outcome(data))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in (READ, REFUSED) and -code not in ENDED:
            sys.exit(f"seed {seed}, file {number}: {code}")
        found["read" if code == READ else "refused" if code == REFUSED else "ended"] += 1
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
