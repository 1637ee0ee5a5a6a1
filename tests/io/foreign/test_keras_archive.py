"""What an archive holds; the hostile ones go through the real processes."""

import io
import zipfile

import pytest

from striate.io.damage import Damaged
from striate.io.foreign.keras_archive import is_keras_archive, read_archive
from tests.io.foreign.hostile_files import GOOD, zipped
from tests.io.foreign.hostile_keras import archive, h5


def read(data):
    return read_archive(io.BytesIO(data), len(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_its_parts(method):
    data = archive(config='{"class_name": "Sequential"}', method=method)("")
    numbers, config, left_out = read(data)
    assert (numbers, config, left_out) == (h5()(""), {"class_name": "Sequential"}, ())


def test_what_is_left_out():
    more = [("assets/", b""), ("assets/_layers/words.txt", b"a")]
    data = archive(*more, config='{"compile_config": {"optimizer": "adam"}}')("")
    assert read(data)[2] == ("assets/_layers/words.txt", "compile_config")
    with pytest.raises(Damaged, match="does not write: 'assets'"):
        read(archive(("assets", b""))(""))


def test_archives_are_known_by_their_entries():
    assert is_keras_archive(io.BytesIO(archive()("")))
    assert is_keras_archive(io.BytesIO(archive(without=["config.json"])("")))
    assert not is_keras_archive(io.BytesIO(zipped(GOOD)))
    with pytest.raises(Damaged, match="no zip file"):
        is_keras_archive(io.BytesIO(b"PK\3\4"))
