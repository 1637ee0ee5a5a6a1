import numpy as np
import pytest
from PIL import Image

from striate.data.formats.yolo import read_yolo
from striate.errors import DataError
from tests.data.formats.boxed_data import draw

PICTURES = {"a.png": ((10, 20), []), "deep/b.png": ((8, 8), []), "c.png": ((4, 4), [])}


@pytest.fixture
def root(tmp_path):
    draw(tmp_path / "images", PICTURES)
    (tmp_path / "data.yaml").write_text("train: images\nnames: {1: cat, 5: dog}\n")
    for name in ("labels", "labels/deep"):
        (tmp_path / name).mkdir()
    return tmp_path


def label(root, text, name="a"):
    (root / "labels" / f"{name}.txt").write_text(text)
    return root


def test_boxes_are_pixels(root):
    label(root, "1 0.5 0.5 0.2 0.4\n\n5.0 0.25 0.5 0.5 1\n")
    label(root, "", "deep/b")
    index = read_yolo(root)["train"]
    assert [index.paths.name(i) for i in range(3)] == [
        "images/a.png",
        "images/c.png",
        "images/deep/b.png",
    ]
    np.testing.assert_allclose(index.boxes.boxes_xyxy, [[8, 3, 12, 7], [0, 0, 10, 10]], atol=1e-12)
    assert index.boxes.labels.tolist() == [0, 1]
    assert index.boxes.references.tolist() == [1, 3]
    assert index.boxes.offsets.tolist() == [0, 2, 2, 2]
    assert (index.class_names, index.class_ids) == (("cat", "dog"), (1, 5))
    assert (index.faults, index.skipped, index.format) == ((), (), "yolo")
    assert index.why == "data.yaml names 2 classes, and text files hold the boxes"


def test_sizes_are_upright(root):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("L", (20, 10)).save(root / "images" / "a.png", exif=exif)
    index = read_yolo(label(root, "1 0.5 0.5 1 1"))["train"]
    assert index.sizes_px[0].tolist() == [20, 10]
    assert index.boxes.boxes_xyxy.tolist() == [[0, 0, 10, 20]]


def test_outlines_give_their_boxes(root):
    label(root, "1 0.1 0.2 0.5 0.2 0.3 0.9\n1 0 0 1 0 1 1 0 1")
    boxes = read_yolo(root)["train"].boxes.boxes_xyxy
    np.testing.assert_allclose(boxes, [[2, 2, 10, 9], [0, 0, 20, 10]], atol=1e-12)


def test_keypoints_stand_behind_the_box(root):
    (root / "data.yaml").write_text("train: images\nnames: [cat]\nkpt_shape: [2, 2]\n")
    boxes = read_yolo(label(root, "0 0.5 0.5 1 1 0.1 0.2 0.3 0.4"))["train"].boxes
    assert boxes.boxes_xyxy.tolist() == [[0, 0, 20, 10]]


def test_labels_beside_the_pictures_and_lists(tmp_path):
    draw(tmp_path / "obj", PICTURES)
    (tmp_path / "obj" / "a.txt").write_text("0 0.5 0.5 1 1")
    (tmp_path / "obj" / "lost.txt").write_text("0 0.5 0.5 1 1")
    (tmp_path / "obj" / "classes.txt").write_text("cat")
    (tmp_path / "train.txt").write_text("./obj/a.png\n\nobj/deep/b.png\nobj/no.png\nobj/a.txt\n")
    (tmp_path / "data.yaml").write_text("train: train.txt\nval: obj\nnames: [cat]\n")
    parts = read_yolo(tmp_path)
    assert [len(index) for index in parts.values()] == [2, 3]
    assert [len(index.boxes.labels) for index in parts.values()] == [1, 1]
    assert [(path.name, why) for path, why in parts["train"].faults] == [
        ("no.png", "no such file (train.txt, line 4)"),
        ("a.txt", 'no picture: its name ends with ".txt" (train.txt, line 5)'),
    ]
    skipped = [(path.name, why) for each in parts.values() for path, why in each.skipped]
    assert sorted(skipped) == [
        ("classes.txt", 'no picture: its name ends with ".txt"'),
        ("lost.txt", "a label file without a picture"),
    ]


def test_labels_without_a_picture_are_named(root):
    label(label(root, "1 0 0 1 1"), "1 0 0 1 1", "gone")
    index = read_yolo(root)["train"]
    assert index.skipped == ((root / "labels" / "gone.txt", "a label file without a picture"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 0 0 1", r"4 fields are neither a box \(5\) nor an outline \(7, 9, …\) (a.txt, line 1)"),
        ("1 0 0 1 1 0.9", "6 fields are neither"),
        ("1 0 0 1 1\n1 0 0 1 1 1 1 1", "8 fields are neither"),
        ("1 0 0 1 x", "a field is no number (a.txt, line 1)"),
        ("1 0 0 1 1\n1 0 0 1 nan", "a field is no finite number (a.txt, line 2)"),
        ("0 0 0 1 1", "class 0 has no name (a.txt, line 1)"),
        ("1.5 0 0 1 1", "class 1.5 has no name"),
        ("\xff", "must be text in UTF-8"),
    ],
)
def test_a_picture_with_a_bad_label_file_is_left_out_whole(root, text, words):
    (root / "labels" / "a.txt").write_text(text, encoding="latin-1")
    index = read_yolo(root)["train"]
    assert len(index) == 2
    ((path, why),) = index.faults
    assert path == root / "images" / "a.png"
    assert words.replace("\\", "") in why


def test_a_picture_without_a_header_is_left_out(root):
    (root / "images" / "a.png").write_text("nothing")
    ((path, why),) = read_yolo(label(root, "1 0 0 1 1"))["train"].faults
    assert path.name == "a.png"
    assert "must be a whole picture" in why


def test_boxes_that_leave_the_picture_are_kept(root):
    index = read_yolo(label(root, "1 0.5 0.5 2 0"))["train"]
    assert index.boxes.boxes_xyxy.tolist() == [[-10, 5, 30, 5]]


def test_no_label_at_all(root):
    words = r'must have a text file of labels a picture\. Got none; the first was looked for at ".*'
    with pytest.raises(DataError, match=words):
        read_yolo(root)


@pytest.mark.parametrize("kind", ["object_detection", "instance_segmentation"])
def test_real_labels(shared_data, kind):
    index = read_yolo(shared_data / "coco128" / kind)["train"]
    assert len(index) == 24
    assert all(path.is_file() for path in index.paths)
    assert [why for _, why in index.faults] == ["the part val is not there"]
    text = (shared_data / "coco128" / kind / "labels" / "train2017").glob("*.txt")
    assert len(index.boxes.labels) == sum(len(path.read_text().splitlines()) for path in text)
    assert len(index.class_names) == 80
    limit = np.repeat(index.sizes_px[:, ::-1], np.diff(index.boxes.offsets), axis=0)
    assert (index.boxes.boxes_xyxy[:, :2] > -0.01).all()
    assert (index.boxes.boxes_xyxy[:, 2:] < limit + 0.01).all()


def test_boxes_and_outlines_of_the_same_pictures_agree(shared_data):
    kinds = ("object_detection", "instance_segmentation")
    boxes, outlines = (read_yolo(shared_data / "coco128" / kind)["train"] for kind in kinds)
    near = 0
    for i in range(len(boxes)):
        mine, theirs = boxes.boxes[i].boxes_xyxy, outlines.boxes[i].boxes_xyxy
        for box in mine:
            near += bool(len(theirs)) and np.abs(theirs - box).max(axis=1).min() < 8
    assert near > 0.7 * len(boxes.boxes.labels)
