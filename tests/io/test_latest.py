import hashlib

import pytest

from striate.errors import WeightsError
from striate.io.damage import Damaged
from striate.io.latest import LATEST, name_latest, read_latest
from striate.io.manifest import manifest_hash
from striate.io.store import write_folder


def test_it_names_a_folder_and_its_manifest(tmp_path):
    for name in ("a", "b"):
        name_latest(write_folder(tmp_path / name, {"x": name.encode()}))
        assert read_latest(tmp_path) == (name, manifest_hash(tmp_path / name))
    assert sorted(path.name for path in tmp_path.iterdir()) == [LATEST, "a", "b"]


def test_a_bit_that_flips_is_found(tmp_path):
    name_latest(write_folder(tmp_path / "step-0000000012", {"x": b"1"}))
    good = (tmp_path / LATEST).read_bytes()
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 << at % 8
        (tmp_path / LATEST).write_bytes(bad)
        with pytest.raises(Damaged, match="other bytes than were written"):
            read_latest(tmp_path)
    for size in range(0, len(good), 5):
        (tmp_path / LATEST).write_bytes(good[:size])
        with pytest.raises(Damaged):
            read_latest(tmp_path)


def test_other_things_of_this_name(tmp_path):
    with pytest.raises(Damaged, match="no such file"):
        read_latest(tmp_path)
    (tmp_path / LATEST).mkdir()
    with pytest.raises(Damaged, match="a link or a folder"):
        read_latest(tmp_path)
    (tmp_path / LATEST).rmdir()
    (tmp_path / LATEST).write_bytes(b"x" * 10**6)
    with pytest.raises(Damaged, match="other bytes"):
        read_latest(tmp_path)


def test_a_folder_without_a_manifest_is_not_named(tmp_path):
    (tmp_path / "net").mkdir()
    with pytest.raises(WeightsError, match=r'Folder ".*net": must hold manifest\.json as a reg'):
        name_latest(tmp_path / "net")
    assert not (tmp_path / LATEST).exists()


@pytest.mark.parametrize("name", [b"\x1b[2J", b"\x07", b"a\tb"])
def test_a_name_gives_no_orders_to_the_terminal(tmp_path, name):
    line = name + b" " + b"0" * 64
    text = line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"
    (tmp_path / LATEST).write_bytes(text)
    with pytest.raises(Damaged, match="a name that cannot be printed"):
        read_latest(tmp_path)
