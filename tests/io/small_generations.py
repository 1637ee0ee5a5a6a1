"""Generations of one small tensor: how they are written, compared, counted and damaged."""

import torch

from striate.io.generations import Generations


def contents(number):
    return {"run.json": b"run %d" % number, "w.safetensors": {"w": torch.full((7,), number)}}


def same(generation, number):
    found = generation.files
    return (
        generation.number == number
        and set(found) == {"run.json", "w.safetensors"}
        and found["run.json"] == b"run %d" % number
        and found["w.safetensors"]["w"].equal(torch.full((7,), number))
    )


def written(folder, *numbers, keep=2, best=()):
    run = Generations(folder, keep=keep)
    for number in numbers:
        run.write(number, contents(number), best=number in best)
    return run


def numbers(folder):
    names = sorted(path.name for path in folder.iterdir() if path.name != "LATEST")
    assert all(name.startswith("step-") for name in names), names
    return [int(name[5:]) for name in names]


def damage(folder, name="run.json"):
    file = folder / name
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
