"""A folder that cannot be written is told, and none is made."""

import os

import pytest

from striate.errors import DataError
from striate.io.writable import require_writable


def test_nothing_is_made(tmp_path):
    require_writable(tmp_path / "a" / "b")
    require_writable(tmp_path)
    assert os.listdir(tmp_path) == []


def test_what_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    for name in ("file", "file/under/it", "gone/under"):
        with pytest.raises(
            DataError, match=r"must be writable\. Got .* is no folder\. Name another"
        ):
            require_writable(tmp_path / name)


def test_a_folder_without_the_right_to_write(tmp_path):
    tmp_path.chmod(0o555)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(DataError, match="may not be written"):
        require_writable(tmp_path / "runs")
