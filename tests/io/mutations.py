"""Damaged picture files without end, and a process of limited memory that decodes them.

    python -m tests.io.mutations SEED COUNT [FOLDER]

decodes COUNT mutations of small pictures, and of the small files of a folder, under a limit of
address space, and prints one JSON line. A crash, a hang or another exception ends the process.
"""

import json
import random
import resource
import signal
import struct
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from striate.errors import DataError
from striate.io.decode import decode, probe
from tests.io.picture_bytes import encoded, noise, png

ADDRESS_SPACE_BYTES = 2**29
MOST_SECONDS = 5
LARGEST_SEED_BYTES = 6000


def seeds():
    """Small files of every format and kind of pixel."""
    rng = np.random.default_rng(5)
    image = Image.fromarray(noise(rng, 12, 9, 3))
    turned = image.rotate(90)
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "words"
    yield encoded(image, "JPEG", exif=exif.tobytes())
    yield encoded(image, "JPEG", progressive=True, quality=95)
    yield encoded(image, "JPEG", subsampling=2, restart_marker_blocks=1)
    yield encoded(image.convert("L"), "JPEG", comment=b"words")
    yield encoded(image.convert("CMYK"), "JPEG")
    yield encoded(image, "MPO", save_all=True, append_images=[turned])
    yield encoded(image, "PNG", exif=exif.tobytes())
    yield encoded(image.convert("P"), "PNG", transparency=3)
    yield encoded(image.convert("RGBA"), "PNG")
    yield encoded(image.convert("1"), "PNG")
    yield png(5, 4, 16, 0, [bytes(range(10))] * 4)
    yield png(5, 4, 16, 6, [bytes(range(40))] * 4)
    yield encoded(image, "PNG", save_all=True, append_images=[turned])
    yield encoded(image, "BMP")
    yield encoded(image.convert("P"), "BMP")
    yield encoded(image.convert("1"), "BMP")
    yield encoded(image, "GIF", save_all=True, append_images=[turned])
    yield encoded(image.convert("L"), "GIF", transparency=5, interlace=1)
    yield encoded(image, "WEBP", lossless=True, exif=exif.tobytes())
    yield encoded(image, "WEBP", quality=50)
    yield encoded(image.convert("RGBA"), "WEBP", save_all=True, append_images=[turned])


def mutated(data, draw):
    """Some bytes changed, cut, doubled; or one chunk of a PNG, with a checksum that is right."""
    body = bytearray(data)
    if data.startswith(b"\x89PNG") and draw.random() < 0.5:
        return chunk_changed(bytes(body), draw)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(body))
        match draw.randrange(6):
            case 0:
                body[at] = draw.randrange(256)
            case 1:
                body[at] ^= 1 << draw.randrange(8)
            case 2:
                extreme = (b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f")
                body[at : at + 4] = draw.choice(extreme)
            case 3:
                del body[at : at + draw.randint(1, 20)]
            case 4:
                body[at:at] = body[: draw.randint(1, 40)]
            case _:
                del body[max(at, 1) :]
        body = body or bytearray(1)
    return bytes(body)


def chunk_changed(data, draw):
    chunks, at = [], 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        chunks.append([data[at + 4 : at + 8], bytearray(data[at + 8 : at + 8 + size])])
        at += 12 + size
    kind, content = draw.choice(chunks or [[b"IHDR", bytearray(13)]])
    match draw.randrange(4):
        case 0 if content:
            content[draw.randrange(len(content))] = draw.choice((0, 1, 127, 128, 255))
        case 1 if content:
            del content[draw.randrange(len(content)) :]
        case 2:
            content += bytes(draw.randint(1, 30))
        case _:
            chunks.insert(draw.randrange(len(chunks) + 1), [kind, content])
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return data[:8] + b"".join(parts)


def outcome(data):
    """What became of the bytes; anything but an array or one sentence is an AssertionError."""
    texts, shape, size_px = [], None, None
    try:
        out = decode(data, max_pixels=1_000_000)
        shape = out.shape
        assert (out.dtype, out.ndim, out.shape[2]) == (np.uint8, 3, 3)
    except DataError as error:
        texts.append(str(error))
    try:
        size_px = probe(data).size_px
    except DataError as error:
        texts.append(str(error))
    assert shape is None or size_px == shape[:2], texts
    for text in texts:
        assert text.startswith('Picture "bytes": must '), text
        assert "\n" not in text
        assert len(text) < 1000
    return texts[0].split(". Got ")[0] if texts else "decoded"


def peak_bytes():
    """The most memory that this process held. (`ru_maxrss` counts its parent's too.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def main(seed, count, folder=None):
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    draw, slowest, found = random.Random(seed), 0.0, Counter()
    sources = list(seeds())
    for path in sorted(Path(folder).rglob("*")) if folder else ():
        if path.is_file() and path.stat().st_size < LARGEST_SEED_BYTES:
            sources.append(path.read_bytes())
    for _ in range(count):
        data = mutated(draw.choice(sources), draw)
        signal.alarm(MOST_SECONDS)  # ends the process
        start = time.perf_counter()
        found[outcome(data)] += 1
        slowest = max(slowest, time.perf_counter() - start)
    signal.alarm(0)
    print(json.dumps({"found": found, "slowest_s": slowest, "rss_bytes": peak_bytes()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
