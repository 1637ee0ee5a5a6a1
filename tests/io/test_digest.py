import hashlib

import pytest

from striate.errors import ArgumentError
from striate.io.digest import Digest

WHOLE = hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    ("digest", "fits"),
    [
        (Digest("sha256", WHOLE), True),
        (Digest("sha256", WHOLE[:8].upper()), True),
        (Digest("sha256", WHOLE[1:9]), False),
        (Digest("md5", "900150983cd24fb0d6963f7d28e17f72"), True),  # RFC 1321, of "abc"
        (Digest("md5", "0" * 32), False),
    ],
)
def test_a_file_fits_or_not(tmp_path, digest, fits):
    (tmp_path / "a").write_bytes(b"abc")
    assert digest.fits(digest.of_file(tmp_path / "a")) is fits


def test_no_file_has_no_hash(tmp_path):
    digest = Digest("sha256", WHOLE)
    assert digest.of_file(tmp_path / "a") is None
    assert digest.of_file(tmp_path) is None
    assert not digest.fits(None)


def test_the_holder_is_told_at_every_block(tmp_path):
    (tmp_path / "a").write_bytes(bytes(3 << 20))
    calls = []
    Digest("md5", "0" * 32).of_file(tmp_path / "a", alive=lambda: calls.append(1))
    assert len(calls) == 3


def test_it_says_what_is_known():
    assert str(Digest("sha256", "ba7816bf")) == "sha256 ba7816bf…"
    assert str(Digest("sha256", WHOLE)) == f"sha256 {WHOLE}"
    assert str(Digest("md5", "0" * 32)) == f"md5 {'0' * 32}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sha1", "0" * 40), '`algorithm` must be one of "sha256", "md5"'),
        (("sha256", "ba7816b"), "`digits` must be 8 to 64 hexadecimal digits"),
        (("sha256", "0" * 65), "`digits` must be 8 to 64 hexadecimal digits"),
        (("md5", "0" * 31), "`digits` must be 32 hexadecimal digits"),
        (("sha256", "x" * 8), "`digits` must be 8 to 64 hexadecimal digits"),
    ],
)
def test_other_digits_are_refused(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        Digest(*arguments)
