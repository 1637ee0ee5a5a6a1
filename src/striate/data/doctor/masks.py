"""Masks: unreadable, of another size, of 0 and 255, with numbers that no class has."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures
from striate.data.index import PictureIndex
from striate.errors import DataError
from striate.io.class_numbers import read_class_numbers
from striate.io.decode import probe
from striate.records import IGNORED_PIXEL

__all__ = ["mask_faults"]

_CHUNK, _SHOWN = 64, 5


def mask_faults(pictures: Pictures) -> Iterator[Finding]:
    """What is wrong with each mask: its header is compared, and in full its numbers are read."""
    for part, index in pictures.indices.items():
        if index.masks is None:
            continue
        begin = pictures.begins[part]
        sizes = [(int(f["height"]), int(f["width"])) for f in pictures.facts[begin:][: len(index)]]

        def one(
            own: int, index: PictureIndex = index, sizes: list[tuple[int, int]] = sizes
        ) -> list[Finding]:
            return list(_of_one(index, own, sizes[own], full=pictures.full))

        with ThreadPoolExecutor(thread_name_prefix="striate-doctor") as pool:
            for start in range(0, len(index), _CHUNK):
                for found in pool.map(one, range(start, min(start + _CHUNK, len(index)))):
                    yield from found


def _of_one(
    index: PictureIndex, own: int, size: tuple[int, int], *, full: bool
) -> Iterator[Finding]:
    if index.masks is None:
        return
    path = str(index.masks[own])
    paths = [path, str(index.paths[own])]
    try:
        shape = probe(path).size_px
        numbers = np.unique(read_class_numbers(path)) if full else np.zeros(0, np.int64)
    except DataError as error:
        yield Finding.of("mask_undecodable", str(error), paths)
        return
    if size[0] and shape != size:
        text = f"The mask has {shape[0]} × {shape[1]} pixels, its picture {size[0]} × {size[1]}."
        yield Finding.of("mask_size", text, paths)
    known = len(index.class_names)
    strange = numbers[(numbers >= known) & (numbers != IGNORED_PIXEL)] if known else numbers[:0]
    if len(numbers) and numbers[-1] > IGNORED_PIXEL:
        text = f"The mask holds {len(numbers):,} numbers, up to {numbers[-1]:,}."
        yield Finding.of("mask_ids", text, paths)
    elif set(numbers.tolist()) in ({0, IGNORED_PIXEL}, {IGNORED_PIXEL}):
        text = f"The mask holds only {' and '.join(map(str, numbers))}: 255 means ignored."
        yield Finding.of("mask_255", text, paths)
    elif len(strange):
        some = ", ".join(map(str, strange[:_SHOWN]))
        text = f"The mask holds {some}, and there are {known} classes, 0 to {known - 1}."
        yield Finding.of("mask_unknown", text, paths)
