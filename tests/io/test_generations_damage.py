"""Mutated, cut and exchanged files of the newest generation: found each time, the one before read.

Whatever is done to the newest one alone: no crash, no long wait, and either its own bytes come
back or, with a note, those of the one before.
"""

import json
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
import torch

from striate.io.generations import Generations
from striate.io.manifest import MANIFEST, manifest_text

MOST_SECONDS = 5


def contents(number):
    draw = torch.Generator().manual_seed(number)
    kernel = torch.randn(8, 3, 3, 3, generator=draw)
    return {
        "run.json": json.dumps({"step": number, "history": [number] * 20}).encode(),
        "empty.txt": b"",
        "model.safetensors": {
            "conv.weight": kernel.contiguous(memory_format=torch.channels_last),
            "conv.bias": torch.randn(8, generator=draw).bfloat16(),
        },
        "optimizer.safetensors": {"conv.weight": kernel * number, "step": torch.tensor(number)},
    }


def same(files, number):
    """Bit for bit, and in the same memory format."""
    wanted = contents(number)
    if set(files) != set(wanted):
        return False
    for name, value in wanted.items():
        if isinstance(value, bytes):
            if files[name] != value:
                return False
        elif set(files[name]) != set(value) or not all(
            files[name][key].equal(tensor)
            and files[name][key].stride() == tensor.stride()
            and files[name][key].dtype == tensor.dtype
            for key, tensor in value.items()
        ):
            return False
    return True


def a_file(newest, draw):
    return newest / draw.choice(sorted(path.name for path in newest.iterdir()))


def bits(newest, older, draw):
    """Some bits flipped: anywhere, or in the first bytes, where headers are."""
    path = a_file(newest, draw)
    data = bytearray(path.read_bytes())
    if not data:
        data = bytearray(1)
    for _ in range(draw.choice((1, 1, 1, 2, 8))):
        at = draw.randrange(len(data) if draw.random() < 0.7 else min(len(data), 16))
        data[at] ^= 1 << draw.randrange(8)
    path.write_bytes(data)


def cut(newest, older, draw):
    path = a_file(newest, draw)
    data = path.read_bytes()
    path.write_bytes(data[: draw.randrange(len(data))] if data else b"\0")


def longer(newest, older, draw):
    path = a_file(newest, draw)
    path.write_bytes(path.read_bytes() + bytes(draw.choice((1, 7, 4096))))


def a_block(newest, older, draw):
    """One stretch of a file is zeros, is another stretch of it, or is noise."""
    path = a_file(newest, draw)
    data = bytearray(path.read_bytes())
    size = draw.choice((1, 8, 64, 512))
    at, other = (draw.randrange(max(1, len(data) - size)) for _ in range(2))
    stretch = draw.choice((bytes(size), bytes(data[other : other + size]), draw.randbytes(size)))
    data[at : at + size] = stretch
    path.write_bytes(data)


def missing(newest, older, draw):
    a_file(newest, draw).unlink()


def extra(newest, older, draw):
    (newest / draw.choice(("x", ".hidden", "model.json", "LATEST"))).write_bytes(b"extra")


def two_exchanged(newest, older, draw):
    one, two = a_file(newest, draw), a_file(newest, draw)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def from_the_older(newest, older, draw):
    path = a_file(newest, draw)
    path.write_bytes((older / path.name).read_bytes())


def the_older_folder(newest, older, draw):
    shutil.rmtree(newest)
    shutil.copytree(older, newest)


def no_file(newest, older, draw):
    """A folder, a link or a pipe where a file was."""
    path = a_file(newest, draw)
    path.unlink()
    make = draw.choice((path.mkdir, lambda: path.symlink_to(older / path.name), None))
    os.mkfifo(path) if make is None else make()


def forged(newest, older, draw):
    """A manifest whose own hash is right and that lies, or fits contents that were changed."""
    body = json.loads((newest / MANIFEST).read_bytes())["files"]
    name = draw.choice(sorted(body))
    match draw.randrange(8):
        case 0:
            body[name]["sha256"] = draw.randbytes(32).hex()
        case 1:
            body[name]["bytes"] += draw.choice((-1, 1, 10**6, 10**18, -(10**6)))
        case 2:
            del body[name]
        case 3:
            body[name] = draw.choice((None, 3, [], {}, "x", {"bytes": "1"}, {"bytes": 1e400}))
        case 4:
            other = draw.choice(sorted(body))
            body[name], body[other] = body[other], body[name]
        case 5:
            body["../../outside"] = dict(body[name])
        case 6:
            changed = {"a": "contiguous"}, {}, [], "x", {"conv.weight": "contiguous"}, 5
            body[name]["tensors"] = draw.choice(changed)
        case _:
            old = json.loads((older / MANIFEST).read_bytes())["files"]
            (newest / name).write_bytes((older / name).read_bytes())
            body[name] = old[name]
    (newest / MANIFEST).write_bytes(manifest_text(body))


def strange_manifest(newest, older, draw):
    deep = draw.choice((10, 990, 100_000))
    texts = (
        b"",
        b"[]",
        b"[" * deep,
        b'{"striate_folder": 1, "files": ' + b"[" * deep + b"]" * deep + b"}",
        b'{"striate_folder": 1, "files": {}}',
        b'{"striate_folder": 99, "files": {}}',
        b'{"striate_folder": ' + b"9" * 5000 + b', "files": {}}',
        b"\xff\xfe" * 10,
        b" " * 10**6,
    )
    (newest / MANIFEST).write_bytes(draw.choice(texts))


def latest(newest, older, draw):
    """The pointer alone is damaged: the newest stays what it is."""
    path = newest.parent / "LATEST"
    data = bytearray(path.read_bytes())
    match draw.randrange(5):
        case 0:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        case 1:
            del data[draw.randrange(len(data)) :]
        case 2:
            data = bytearray(draw.randbytes(draw.randrange(2000)))
        case 3:
            path.unlink()
            return
        case _:
            path.unlink()
            path.mkdir()
            return
    path.write_bytes(data)


CHANGES = (
    *(bits,) * 6,
    *(cut,) * 3,
    *(forged,) * 3,
    a_block,
    a_block,
    longer,
    missing,
    extra,
    two_exchanged,
    from_the_older,
    the_older_folder,
    no_file,
    strange_manifest,
    latest,
    latest,
)


def tree(folder):
    """Every name below a folder with its bytes; what is no file is named."""
    found = {}
    for path in sorted(folder.rglob("*")):
        plain = path.is_file() and not path.is_symlink()
        found[path.relative_to(folder).as_posix()] = path.read_bytes() if plain else None
    return found


def restored(folder, pristine):
    shutil.rmtree(folder)
    shutil.copytree(pristine, folder)


def damage_and_read(count, seed):
    """What came back, counted by change and outcome; fails at the first that is not right."""
    draw, found, slowest = random.Random(seed), Counter(), 0.0
    place = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    try:
        pristine, folder = place / "pristine", place / "run"
        run = Generations(pristine)
        for number in (1, 2):
            run.write(number, contents(number))
        before = tree(pristine)
        shutil.copytree(pristine, folder)
        newest, older = folder / "step-0000000002", folder / "step-0000000001"
        for number in range(count):
            change = draw.choice(CHANGES)
            change(newest, older, draw)
            changed = tree(folder) != before
            begun = time.perf_counter()
            generation = Generations(folder).newest()
            slowest = max(slowest, time.perf_counter() - begun)
            what = (seed, number, change.__name__, generation.number, generation.notes)
            assert same(generation.files, generation.number), what
            if changed and change not in (extra, latest):
                assert generation.number == 1, what
                assert any("step-0000000002" in note for note in generation.notes), what
            else:
                assert generation.number == 2, what
                assert bool(generation.notes) == (changed and change is latest), what
            found[change.__name__, generation.number] += 1
            if changed:
                restored(folder, pristine)
    finally:
        shutil.rmtree(place)
    assert slowest < MOST_SECONDS
    print(f"{sum(found.values()):,} states, slowest {slowest:.3f} s", dict(found))
    return found


def test_damage_is_found_and_the_one_before_is_read():
    found = damage_and_read(1_200, seed=1)
    assert {name for name, _ in found} == {change.__name__ for change in CHANGES}
    assert sum(n for (_, number), n in found.items() if number == 1) > 900


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2, 11))
def test_damage_is_found_every_time(seed):
    damage_and_read(1_000, seed=seed)
