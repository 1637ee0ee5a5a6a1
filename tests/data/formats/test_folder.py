import os

import pytest

from striate.data.formats.folder import class_folders_clue, read_class_folders, read_splits
from striate.errors import DataError


@pytest.fixture
def make(tmp_path):
    """make("a/1.png", …) makes files below a folder "data" and returns the folder."""

    def files(*names):
        for name in names:
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir() if name.endswith("/") else path.touch()
        return tmp_path / "data"

    return files


def names_of(index):
    return [path.relative_to(index.root).as_posix() for path in index.paths]


def test_classes_and_pictures_are_sorted(make):
    root = make("dog/2.png", "dog/10.JPG", "cat/b.webp", "cat/a.jpeg", "Zebra/1.gif", "ant/1.bmp")
    index = read_class_folders(root)
    assert index.class_names == ("Zebra", "ant", "cat", "dog")
    assert names_of(index) == [
        *("Zebra/1.gif", "ant/1.bmp", "cat/a.jpeg", "cat/b.webp", "dog/10.JPG", "dog/2.png")
    ]
    assert index.labels.tolist() == [0, 1, 2, 2, 3, 3]
    assert index.counts == {"Zebra": 1, "ant": 1, "cat": 2, "dog": 2}
    assert len(index) == 6
    assert index.skipped == ()
    assert (index.root, index.format, index.kind) == (root, "folder", "labels")
    assert index.why == 'it holds 4 class folders: "Zebra", "ant", "cat", "dog"'
    assert read_class_folders(str(root)).paths == index.paths


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("two\nlines", r"'two\\nlines'"),
        ("two\u2028lines", r"\\u2028"),
        ("caf\udce9", r"'caf\\udce9'"),
    ],
)
def test_a_class_folder_whose_name_is_no_line_of_text(make, name, said):
    root = make("cat/1.png", f"{name}/1.png")
    words = rf"must name each class folder by one line of text in UTF-8\. Got .*{said}.*\. Rename"
    with pytest.raises(DataError, match=words):
        read_class_folders(root)


def test_pictures_deeper_inside_belong_to_the_class(make):
    index = read_class_folders(make("cat/1.png", "cat/more/old/2.png", "dog/x/3.png"))
    assert names_of(index) == ["cat/1.png", "cat/more/old/2.png", "dog/x/3.png"]
    assert index.labels.tolist() == [0, 0, 1]


def test_what_is_skipped_is_listed_with_its_reason(make):
    root = make(
        *("cat/1.png", "cat/.hidden.png", "cat/notes.txt", "cat/README", "cat/.git/2.png"),
        *("dog/1.png", "loose.png", "labels.csv", ".cache/3.png", "dog/Thumbs.db"),
    )
    (root / "dog" / "gone.png").symlink_to(root / "nowhere.png")
    os.mkfifo(root / "dog" / "pipe.png")
    index = read_class_folders(root)
    assert names_of(index) == ["cat/1.png", "dog/1.png"]
    assert {path.relative_to(root).as_posix(): reason for path, reason in index.skipped} == {
        ".cache": "hidden: its name begins with a dot",
        "cat/.git": "hidden: its name begins with a dot",
        "cat/.hidden.png": "hidden: its name begins with a dot",
        "cat/README": "no picture: its name has no ending",
        "cat/notes.txt": 'no picture: its name ends with ".txt"',
        "dog/Thumbs.db": 'no picture: its name ends with ".db"',
        "dog/gone.png": "a broken link",
        "dog/pipe.png": "no regular file",
        "labels.csv": 'no picture: its name ends with ".csv"',
        "loose.png": "a picture outside the class folders",
    }


def test_links_to_files_are_followed_and_links_to_folders_never_loop(make, tmp_path):
    root = make("cat/1.png", "dog/1.png")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "bird.png").touch()
    (root / "cat" / "linked.png").symlink_to(tmp_path / "elsewhere" / "bird.png")
    (root / "cat" / "up").symlink_to(root)
    (root / "bird").symlink_to(tmp_path / "elsewhere")
    index = read_class_folders(root)
    assert names_of(index) == ["bird/bird.png", "cat/1.png", "cat/linked.png", "dog/1.png"]
    assert [(path.name, reason) for path, reason in index.skipped] == [("up", "a link to a folder")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            ["cat/1.png", "dog/", "eel/notes.txt"],
            r'must have at least one picture in each class folder\. Got none in "dog", "eel"\. '
            r"Put pictures in, or remove the folder\.",
        ),
        (
            ["1.png", "2.jpg"],
            r"must hold class folders with pictures\. Got 2 pictures and no folder\. Expected is "
            r"one folder a class, with its pictures inside:\n    data/\n    ├── cat/",
        ),
        (["cat/", "dog/"], r'Got 2 folders \("cat", "dog"\) without a picture\. Expected'),
        (["a.txt", ".b"], r"Got 2 other entries\. Expected"),
        (["x/"], r'Got 1 folder \("x"\) without'),
    ],
)
def test_folders_that_are_no_class_folders(make, files, words):
    root = make(*files)
    with pytest.raises(DataError, match=rf'^Folder "{root}": .*{words}'):
        read_class_folders(root)


def test_an_empty_folder(tmp_path):
    with pytest.raises(DataError, match=r"Got an empty folder\. Expected is one folder a class"):
        read_class_folders(tmp_path)


@pytest.mark.parametrize("val", ["val", "valid", "validation", "VAL"])
@pytest.mark.parametrize("train", ["train", "training", "Train"])
def test_parts_are_recognised(make, train, val):
    root = make(*(f"{part}/{name}/1.png" for part in (train, val, "test") for name in "ab"))
    parts = read_splits(root)
    assert list(parts) == ["train", "val", "test"]
    assert [index.root.name for index in parts.values()] == [train, val, "test"]
    assert all(index.class_names == ("a", "b") for index in parts.values())


def test_other_folders_beside_parts_are_no_classes(make):
    root = make("train/a/1.png", "val/a/1.png", "annotations/x.json", "train/readme.txt")
    assert list(read_splits(root)) == ["train", "val"]


def test_a_folder_without_parts_is_all_train(make):
    parts = read_splits(make("cat/1.png", "dog/1.png"))
    assert list(parts) == ["train"]
    assert parts["train"].class_names == ("cat", "dog")


def test_classes_named_as_parts_are_classes_where_they_hold_pictures(make):
    parts = read_splits(make("train/1.png", "bus/1.png", "tram/1.png"))
    assert parts["train"].class_names == ("bus", "train", "tram")
    parts = read_splits(make("test/1.png"))
    assert parts["train"].class_names == ("bus", "test", "train", "tram")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            ["train/a/1.png", "train/b/1.png", "val/b/1.png", "val/c/1.png"],
            r'Folder ".*/val": must have the classes of train/\. Got no "a"; "c", which train/ has '
            r"not\. Give every part the same classes\.",
        ),
        (
            ["train/a/1.png", "val/a/1.png", "valid/a/1.png"],
            r"must name its part val once\. Got val/ and valid/\. Join the two, or rename one\.",
        ),
        (
            ["val/a/1.png", "test/a/1.png"],
            r"must have a part train/ beside the others\. Got test/ and val/\. Rename one of them",
        ),
        (["train/", "val/a/1.png"], r'Folder ".*/train": must hold class folders with pictures'),
    ],
)
def test_parts_that_do_not_fit(make, files, words):
    with pytest.raises(DataError, match=words):
        read_splits(make(*files))


def test_real_folders(shared_data):
    parts = read_splits(shared_data / "clothing128")
    assert {part: len(index) for part, index in parts.items()} == {"train": 800, "val": 250}
    assert parts["train"].class_names == (
        *("dress", "hat", "longsleeve", "outwear", "pants"),
        *("shirt", "shoes", "shorts", "skirt", "t-shirt"),
    )
    assert set(parts["train"].counts.values()) == {80}
    insects = read_splits(shared_data / "ants_bees224")
    assert [len(index) for index in insects.values()] == [142, 153]


def clue(root, used=()):
    found = class_folders_clue(root, used)
    return None if found is None else found.why


def test_the_clue_of_class_folders(make):
    assert clue(make("notes/1.txt", "pics/1.png")) is None
    root = make("cat/deep/1.png", "pics/1.png", ".git/1.png")
    assert clue(root) == 'it holds class folders: "cat", "pics"'
    assert clue(root, {"pics"}) is None
    assert clue(make("Train/a/1.png", "Train/b/1.png")) == 'Train/ holds class folders: "a", "b"'


def test_folders_of_other_formats_are_no_clue(make):
    assert clue(make("images/1.png", "masks/1.png")) is None
    assert clue(make("train/images/1.png", "train/masks/1.png", "test/images/1.png")) is None


@pytest.mark.parametrize("layout", ["train", "flat"])
def test_trees_are_read_whole(make, layout):
    names = [f"c{c}/{'deep/' * (i % 3)}{i}.png" for c in range(5) for i in range(7)]
    root = make(*(f"train/{name}" if layout == "train" else name for name in names))
    index = read_splits(root)["train"]
    found = {index.paths.name(i): index.class_names[index.labels[i]] for i in range(len(index))}
    assert found == {name: name.split("/")[0] for name in names}
