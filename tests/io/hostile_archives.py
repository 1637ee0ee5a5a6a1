"""Archives that must be refused, each with the words of its refusal."""

import gzip
import io
import itertools
import stat
import struct
import tarfile
import zipfile
import zlib

PIXELS = b"\x89PNG" + bytes(range(200)) * 3


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """The bytes of a zip file of (name or ZipInfo, contents)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, contents in entries:
            archive.writestr(name, contents)
    return file.getvalue()


def moded(name, mode):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def tarred(*entries, format=tarfile.GNU_FORMAT):
    """The bytes of a tar file of (name, contents) or (TarInfo, contents)."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as archive:
        for name, contents in entries:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if info.isreg():
                info.size = len(contents)
            archive.addfile(info, io.BytesIO(contents))
    return file.getvalue()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def keyed(name, **headers):
    info = tarfile.TarInfo(name)
    info.pax_headers = headers
    return info


def local(name, packed, method=0, crc=None, size=None, flags=0):
    crc = zlib.crc32(packed) if crc is None else crc
    size = len(packed) if size is None else size
    head = (20, flags, method, 0, 33, crc, len(packed), size, len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\3\4", *head) + name + packed


def listed(name, packed, offset, method=0, crc=None, size=None, flags=0):
    crc = zlib.crc32(packed) if crc is None else crc
    size = len(packed) if size is None else size
    head = (20, 20, flags, method, 0, 33, crc, len(packed), size, len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", *head) + name


def ended(count, length, begin, disk=0):
    return struct.pack("<4s4H2LH", b"PK\5\6", disk, disk, count, count, length, begin, 0)


def one(name=b"a.png", packed=PIXELS, there=None, **other):
    """A zip file of one entry whose two headers may differ: `there` changes the list's."""
    body = local(name, packed, **other)
    entry = {**other, **(there or {})}
    listing = listed(entry.pop("name", name), entry.pop("packed", packed), 0, **entry)
    return body + listing + ended(1, len(listing), len(body))


def quoted_overlap():
    """Two entries with one body, as in the bombs that do not nest."""
    body = local(b"a.png", PIXELS)
    listing = listed(b"a.png", PIXELS, 0) + listed(b"a.png", PIXELS, 0)
    return body + listing + ended(2, len(listing), len(body))


def inner_overlap():
    """The second entry lies in the contents of the first."""
    inner = local(b"b.png", PIXELS)
    body = local(b"a.png", inner)
    listing = listed(b"a.png", inner, 0) + listed(b"b.png", PIXELS, len(body) - len(inner))
    return body + listing + ended(2, len(listing), len(body))


def many(count):
    """A zip file of many entries of nothing."""
    names = [b"%d.txt" % number for number in range(count)]
    bodies = [local(name, b"") for name in names]
    offsets = itertools.accumulate(map(len, bodies), initial=0)
    rows = b"".join(listed(name, b"", at) for name, at in zip(names, offsets, strict=False))
    body = b"".join(bodies)
    here = min(count, 0xFFFF)
    return body + rows + ended(here, len(rows), len(body))


def far_list():
    """A list of 64 bits whose place is outside the file."""
    data = one()
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 51, 1 << 50)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 1 << 50, 1)
    return data[:-22] + end + locator + data[-22:]


def header(name=b"a.png", size=None, flag=b"0", body=PIXELS):
    """One tar entry, its header written by hand; its size may be said otherwise."""
    size = b"%011o\0" % len(body) if size is None else size
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108], block[124:136], block[156:157] = b"0000644\0", size, flag
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + body + bytes(-len(body) % 512)


def broken(data, at):
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def bad_check_sum():
    packed = gzip.compress(tarred(("a.png", PIXELS)))
    return broken(packed, len(packed) - 8)


DEFLATED = zlib.compress(PIXELS)[2:-4]
OUT = "leads out of the folder"
SAME = "take for the same"
GOOD = ("a.png", PIXELS)

ZIPS = {
    "parent": (lambda: zipped(("../evil.png", b"")), OUT),
    "parent inside": (lambda: zipped(GOOD, ("a/../../evil.png", b"")), OUT),
    "parent in the middle": (lambda: zipped(("a/../b.png", b"")), OUT),
    "absolute": (lambda: zipped(("/evil.png", b"")), OUT),
    "drive": (lambda: zipped(("C:/evil.png", b"")), OUT),
    "drive without a slash": (lambda: zipped(("C:evil.png", b"")), OUT),
    "parent folder": (lambda: zipped(GOOD, ("../evil/", b"")), OUT),
    "backslash": (lambda: zipped(("..\\evil.png", b"")), "a backslash"),
    "share": (lambda: zipped(("\\\\host\\share\\evil.png", b"")), "a backslash"),
    "no name": (lambda: one(b""), OUT),
    "zero byte": (lambda: one(b"a.png\0.txt"), "a control character"),
    "new line": (lambda: zipped(("a\n.png", b"")), "a control character"),
    "escape": (lambda: zipped(("\x1b[2J.png", b"")), "a control character"),
    "long word": (lambda: zipped(("a" * 252 + ".png", b"")), "a name that is too long"),
    "long path": (lambda: zipped(("a/" * 600 + "a.png", b"")), "a name that is too long"),
    "false utf-8": (lambda: one(b"\xff.png", flags=0x800), "a name that is no UTF-8"),
    "link": (lambda: zipped(GOOD, (moded("l", stat.S_IFLNK | 0o777), "/")), "a link, 'l'"),
    "through a link": (
        lambda: zipped((moded("l", stat.S_IFLNK | 0o777), "/tmp"), ("l/evil.png", b"")),
        "a link, 'l'",
    ),
    "link called a picture": (
        lambda: zipped((moded("a.png", stat.S_IFLNK | 0o777), "/etc/hostname")),
        "a link, 'a.png'",
    ),
    "character device": (lambda: zipped((moded("a.png", stat.S_IFCHR), b"")), "device or pipe"),
    "pipe": (lambda: zipped((moded("a.png", stat.S_IFIFO), b"")), "device or pipe"),
    "socket": (lambda: zipped((moded("a.png", stat.S_IFSOCK), b"")), "device or pipe"),
    "case": (lambda: zipped(("cat/a.png", b""), ("cat/A.PNG", b"")), SAME),
    "case of folders": (lambda: zipped(("cat/a.png", b""), ("Cat/b.png", b"")), SAME),
    "case beyond English": (lambda: zipped(("stra\u00dfe.png", b""), ("STRASSE.png", b"")), SAME),
    "composed letters": (lambda: zipped(("\u00e9.png", b""), ("e\u0301.png", b"")), SAME),
    "case of what is skipped": (lambda: zipped(GOOD, ("x.py", b""), ("X.py", b"")), SAME),
    "file and folder": (lambda: zipped(GOOD, ("a.png/b.png", b"")), SAME),
    "folder and file": (lambda: zipped(("a.png/b.png", b""), GOOD), SAME),
    "encrypted": (lambda: one(flags=1), "which is encrypted"),
    "bzip2": (lambda: zipped(GOOD, method=zipfile.ZIP_BZIP2), "packed by method 12"),
    "lzma": (lambda: zipped(GOOD, method=zipfile.ZIP_LZMA), "packed by method 14"),
    "bomb": (lambda: zipped(("a.txt", bytes(90 << 20))), "more than the .* bytes that it may hold"),
    "bomb of many": (
        lambda: zipped(*((f"{n}.txt", bytes(9 << 20)) for n in range(10))),
        "more than the .* bytes that it may hold",
    ),
    "quoted overlap": (quoted_overlap, "contents that overlap, at 'a.png'"),
    "inner overlap": (inner_overlap, "contents that overlap, at 'b.png'"),
    "overlap with the list": (
        lambda: one(there={"packed": PIXELS + b"12", "size": len(PIXELS)}),
        "overlap the list of entries",
    ),
    "two names": (lambda: one(there={"name": b"b.png"}), "two headers of 'b.png'"),
    "two methods": (lambda: one(there={"method": 8}), "two headers of 'a.png'"),
    "check sum": (lambda: one(crc=1), "whose check sum is wrong"),
    "says less": (lambda: one(packed=DEFLATED, method=8, size=5, crc=1), "not of the 5 bytes"),
    "says more": (lambda: one(packed=DEFLATED, method=8, size=9999, crc=1), "not of the 9,999"),
    "stored says less": (lambda: one(size=5), "not of the 5 bytes"),
    "cut deflate": (
        lambda: one(packed=DEFLATED[:-9], method=8, size=len(PIXELS)),
        "not of the|too early or too late",
    ),
    "deflate and more": (
        lambda: one(packed=DEFLATED + b"123", method=8, size=len(PIXELS), crc=zlib.crc32(PIXELS)),
        "too early or too late",
    ),
    "no deflate": (lambda: one(packed=b"\xff" * 50, method=8), "which cannot be unpacked"),
    "cut": (lambda: zipped(GOOD)[:-30], "the list of entries at its end is missing"),
    "cut in the front": (lambda: zipped(GOOD)[20:], "something before the first entry"),
    "no zip": (lambda: b"\x89PNG" * 50, "the list of entries at its end is missing"),
    "empty file": (lambda: b"", "the list of entries at its end is missing"),
    "something before": (lambda: b"#!/bin/sh\n" + zipped(GOOD), "something before"),
    "something behind": (lambda: zipped(GOOD) + b"1", "something behind it"),
    "several parts": (lambda: one()[:-22] + ended(1, 51, 645, disk=1), "several parts"),
    "no list": (lambda: broken(one(), len(PIXELS) + 30 + 5 + 1), "is no such list"),
    "far list": (far_list, "an end in the middle of its list"),
    "nothing": (lambda: zipped(), "no picture, text or JSON"),
    "nothing of use": (lambda: zipped(("a.exe", b""), (".b.png", b"")), "no picture, text or JSON"),
}

TARS = {
    "parent": (lambda: tarred(("../evil.png", b"")), OUT),
    "absolute": (lambda: tarred(("/evil.png", b"")), OUT),
    "link": (lambda: tarred(GOOD, (special("l", tarfile.SYMTYPE, "/"), b"")), "a link, 'l'"),
    "hard link": (
        lambda: tarred((special("a.png", tarfile.LNKTYPE, "/etc/hostname"), b"")),
        "a hard link, 'a.png'",
    ),
    "through a link": (
        lambda: tarred((special("l", tarfile.SYMTYPE, "/tmp"), b""), ("l/evil.png", b"")),
        "a link, 'l'",
    ),
    "character device": (lambda: tarred((special("a.png", tarfile.CHRTYPE), b"")), "a device"),
    "block device": (lambda: tarred((special("a.png", tarfile.BLKTYPE), b"")), "a device"),
    "pipe": (lambda: tarred((special("a.png", tarfile.FIFOTYPE), b"")), "a pipe"),
    "sparse": (lambda: header(flag=b"S"), "a sparse file"),
    "sparse by keywords": (
        lambda: tarred(
            (keyed("a.png", **{"GNU.sparse.size": "99999999999"}), PIXELS),
            format=tarfile.PAX_FORMAT,
        ),
        "a sparse file",
    ),
    "case": (lambda: tarred(("a.png", b""), ("A.png", b"")), SAME),
    "twice": (lambda: tarred(GOOD, GOOD), SAME),
    "long name": (lambda: tarred(("x/" * 60 + "../" * 70 + "evil.png", b"")), OUT),
    "keyword path": (
        lambda: tarred((keyed("a.png", path="../evil.png"), b""), format=tarfile.PAX_FORMAT),
        OUT,
    ),
    "keyword size": (
        lambda: tarred((keyed("a.png", size="99999999999"), b""), format=tarfile.PAX_FORMAT),
        "an end in the middle of 'a.png'",
    ),
    "keyword no size": (
        lambda: tarred((keyed("a.png", size="-5"), b""), format=tarfile.PAX_FORMAT),
        "whose size is '-5'",
    ),
    "one path for all": (
        lambda: header(flag=b"g", body=b"15 path=a.png \n") + header(),
        "one name or size for all|no such list",
    ),
    "no keywords": (
        lambda: header(flag=b"x", body=b"99 path=a") + header(),
        "no such list",
    ),
    "keywords without end": (
        lambda: header(flag=b"x", body=b"0 path=ab") + header(),
        "no such list",
    ),
    "long long name": (
        lambda: header(flag=b"L", size=b"07777777777\0"),
        "keywords of 1,073,741,823 bytes",
    ),
    "unknown kind": (lambda: header(flag=b"Z"), "unknown kind b'Z'"),
    "no number": (lambda: header(size=b"99999999999\0"), "for a number"),
    "negative number": (lambda: header(size=b"\xff" * 12), "for a number"),
    "great number": (
        lambda: header(size=b"\x80" + b"\x7f" * 11),
        "an end in the middle of 'a.png'",
    ),
    "check sum": (lambda: broken(header(), 3), "whose check sum is wrong"),
    "cut contents": (lambda: header()[:700], "an end in the middle of 'a.png'"),
    "cut header": (lambda: header() + header()[:300], "an end in the middle of a header"),
    "no tar": (lambda: PIXELS * 3, "no tar file|for a number"),
    "zeros": (lambda: bytes(10240), "no picture, text or JSON"),
}

GZIPS = {
    "bomb": (
        lambda: gzip.compress(tarred(("a.txt", bytes(90 << 20)))),
        "more (when unpacked|than the)",
    ),
    "bomb in what is skipped": (
        lambda: gzip.compress(tarred(GOOD, ("a.exe", bytes(90 << 20)))),
        "more when unpacked",
    ),
    "bomb behind the end": (
        lambda: gzip.compress(tarred(GOOD) + bytes(90 << 20)),
        "more when unpacked",
    ),
    "cut": (lambda: gzip.compress(tarred(GOOD))[:-20], "what gzip cannot unpack"),
    "no gzip": (lambda: b"\x1f\x8b" + PIXELS, "what gzip cannot unpack"),
    "plain tar": (lambda: tarred(GOOD), "what gzip cannot unpack"),
    "check sum": (bad_check_sum, "what gzip cannot unpack"),
    "link": (lambda: gzip.compress(TARS["link"][0]()), "a link, 'l'"),
}

HOSTILE = {
    f"{ending}: {name}": (ending, make, words)
    for ending, cases in (("zip", ZIPS), ("tar", TARS), ("tar.gz", GZIPS))
    for name, (make, words) in cases.items()
}
