"""Picture files made in memory for the tests of decoding."""

import io
import struct
import zlib

import numpy as np


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(rng, *shape):
    return rng.integers(0, 256, shape, dtype=np.uint8)


def png(width, height, depth, colour, rows, extra=b""):
    """A PNG written by hand: the oracle for the depths that Pillow does not write."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )
