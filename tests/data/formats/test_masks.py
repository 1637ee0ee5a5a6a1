import pytest

from striate.data.formats.masks import masks_clue, read_masks
from striate.errors import DataError


@pytest.fixture
def make(tmp_path):
    def files(*names):
        for name in names:
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path / "data"

    return files


def pairs(index):
    return [(index.paths.name(i), index.masks.name(i)) for i in range(len(index))]


@pytest.mark.parametrize("masks", ["masks", "labels", "annotations", "SegmentationClass"])
def test_folders_of_pictures_and_masks(make, masks):
    root = make("images/a.jpg", "images/deep/b.png", f"{masks}/a.png", f"{masks}/deep/b_mask.gif")
    index = read_masks(root)["train"]
    assert pairs(index) == [
        ("images/a.jpg", f"{masks}/a.png"),
        ("images/deep/b.png", f"{masks}/deep/b_mask.gif"),
    ]
    assert (index.kind, index.format, index.class_names) == ("masks", "masks", ())
    assert index.why == f"pictures are in images/, their masks in {masks}/"
    assert masks_clue(root).why == f'it holds pictures and masks in "images/", "{masks}/"'
    assert masks_clue(root).uses == {"images", masks}


@pytest.mark.parametrize("ending", ["_mask", "-mask", "_label", "_gt"])
def test_masks_beside_their_pictures(make, ending):
    root = make("a.jpg", f"a{ending}.png", "b.jpg", f"b{ending}.png", "c.jpg", f"d{ending}.png")
    index = read_masks(root)["train"]
    assert pairs(index) == [("a.jpg", f"a{ending}.png"), ("b.jpg", f"b{ending}.png")]
    assert [(path.name, why) for path, why in index.faults] == [
        ("c.jpg", "a picture without a mask")
    ]
    assert [(path.name, why) for path, why in index.skipped] == [
        (f"d{ending}.png", "a mask without a picture"),
    ]
    assert masks_clue(root).why == f"its pictures stand beside masks ending with {ending}"


@pytest.mark.parametrize(
    "layout",
    ["{part}/images {part}/masks", "images/{part} masks/{part}", "{part} {part}annot"],
)
def test_parts(make, layout):
    for part in ("train", "val"):
        images, masks = layout.format(part=part).split()
        root = make(f"{images}/a.jpg", f"{masks}/a.png")
    parts = read_masks(root)
    assert {part: pairs(index)[0] for part, index in parts.items()} == {
        part: tuple(
            f"{place}/a.{kind}"
            for place, kind in zip(layout.format(part=part).split(), ("jpg", "png"), strict=True)
        )
        for part in ("train", "val")
    }
    assert masks_clue(root) is not None


def test_what_does_not_pair_is_named(make):
    root = make("images/a.png", "images/b.png", "images/c.png", "images/.d.png", "masks/a.png")
    make("masks/c.png", "masks/c_mask.png", "masks/e.png", "masks/notes.txt")
    index = read_masks(root)["train"]
    assert pairs(index) == [("images/a.png", "masks/a.png")]
    assert {path.name: why for path, why in index.faults} == {
        "b.png": "a picture without a mask",
        "c.png": 'masks "c.png", "c_mask.png": which?',
    }
    assert {path.name: why for path, why in index.skipped} == {
        ".d.png": "hidden: its name begins with a dot",
        "notes.txt": 'no picture: its name ends with ".txt"',
        "e.png": "a mask without a picture",
    }


def test_class_names_come_from_a_file(make):
    root = make("images/a.png", "masks/a.png")
    (root / "classes.txt").write_text("sky\n\n road \n")
    assert read_masks(root)["train"].class_names == ("sky", "road")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            ["images/a.png"],
            r"must hold pictures and masks, as images/ and masks/\. Got none",
        ),
        (["images/a.png", "masks/a.jpg"], r"must hold pictures and masks"),
        (
            ["images/a.png", "masks/b.png"],
            r'must have a picture with a mask in the part train\. Got 1 picture in ".*" and 1 mask',
        ),
        (
            ["val/a.jpg", "valannot/a.png"],
            r"must have a part train\. Got val\. Name the parts train, val and test",
        ),
    ],
)
def test_what_does_not_fit(make, files, words):
    with pytest.raises(DataError, match=rf'^Folder ".*data": {words}'):
        read_masks(make(*files))


def test_no_clue(make):
    assert masks_clue(make("images/a.png", "labels/a.txt", "train/a.png", "x/a_mask.png")) is None


def test_real_masks(shared_data):
    nuclei = read_masks(shared_data / "nuclei")["train"]
    assert len(nuclei) == 110
    assert (nuclei.faults, nuclei.skipped) == ((), ())
    camvid = read_masks(shared_data / "camvid")
    assert {part: len(index) for part, index in camvid.items()} == {"train": 60, "val": 24}
    for index in (nuclei, *camvid.values()):
        assert all(path.is_file() for each in (index.paths, index.masks) for path in each)
        names = zip(index.paths, index.masks, strict=True)
        assert all(path.stem == mask.stem for path, mask in names)
