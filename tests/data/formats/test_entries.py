import os

import pytest

from striate.data.formats.entries import entries, existing_folder, folders, pictures
from striate.errors import DataError


@pytest.fixture
def make(tmp_path):
    def files(*names):
        for name in names:
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir() if name.endswith("/") else path.touch()
        return tmp_path / "data"

    return files


def test_a_missing_folder_names_the_nearest(make):
    root = make("photos/", "labels/", "phones.txt")
    with pytest.raises(DataError) as caught:
        existing_folder(root / "fotos")
    assert str(caught.value) == (
        f'Folder "{root}/fotos": must be an existing folder. Got no such folder. The nearest name '
        f'there is "{root}/photos".'
    )
    with pytest.raises(DataError, match=r'Got no such folder\. Is ".*/nowhere" the right place\?'):
        existing_folder(root / "nowhere" / "deep")
    with pytest.raises(DataError, match=r"Got a file\. Name the folder that holds"):
        existing_folder(root / "phones.txt")


def test_pictures_are_in_the_order_of_their_paths_and_the_rest_has_reasons(make):
    root = make("b/2.png", "b/10.JPG", "a.gif", "c.txt", ".d.png", "README", "Z.bmp", "f.HEIC")
    os.symlink("nowhere", root / "e.png")
    os.symlink(root, root / "up")
    os.symlink(root / "loop.png", root / "loop.png")
    skipped = []
    names = list(pictures(root, skipped, "x/"))
    assert names == ["x/Z.bmp", "x/a.gif", "x/b/10.JPG", "x/b/2.png"]
    assert {path.name: why for path, why in skipped} == {
        ".d.png": "hidden: its name begins with a dot",
        "README": "no picture: its name has no ending",
        "c.txt": 'no picture: its name ends with ".txt"',
        "e.png": "a broken link",
        "f.HEIC": "of a format that is not decoded, .HEIC: convert it to PNG or JPEG",
        "loop.png": "a broken link",
        "up": "a link to a folder",
    }


def test_folders_are_those_that_are_not_hidden(make):
    root = make("b/", "a/", ".c/", "d.png")
    os.symlink(root / "a", root / "e")
    os.symlink(root / "f", root / "f")
    assert [entry.name for entry in folders(root)] == ["a", "b", "e"]
    assert [entry.name for entry in entries(root)] == [".c", "a", "b", "d.png", "e", "f"]


def test_a_folder_that_may_not_be_read(tmp_path):
    with pytest.raises(DataError, match=r'Folder ".*": must be readable\. Got No such file'):
        entries(tmp_path / "gone")
