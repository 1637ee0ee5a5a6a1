import json

import numpy as np
import pytest

from striate.data.formats.coco import coco_clue, read_coco
from striate.data.formats.voc import read_voc
from striate.data.formats.yolo import read_yolo
from striate.errors import DataError
from tests.data.formats.boxed_data import draw, rows_of, write_coco

PICTURES = {"a.png": ((8, 9), [("cat", 1, 2, 3, 5), ("dog", 0, 0, 9, 8)]), "b.png": ((4, 4), [])}
CATEGORIES = {7: "dog", 2: "cat"}


@pytest.fixture
def root(tmp_path):
    draw(tmp_path, PICTURES)
    return tmp_path


def change(root, edit):
    data = write_coco(root / "a.json", PICTURES, CATEGORIES)
    edit(data)
    (root / "a.json").write_text(json.dumps(data))
    return root


def test_boxes_classes_and_sizes(root):
    write_coco(root / "a.json", PICTURES, CATEGORIES)
    index = read_coco(root)["train"]
    assert index.class_names == ("cat", "dog")
    assert index.class_ids == (2, 7)
    assert rows_of(index)["b.png"] == []
    assert index.boxes[0].boxes_xyxy.tolist() == [[1, 2, 3, 5], [0, 0, 9, 8]]
    assert index.boxes.labels.tolist() == [0, 1]
    assert index.boxes.references.tolist() == [500, 501]
    assert index.boxes.areas_px.tolist() == [6, 72]
    assert index.sizes_px.tolist() == [[8, 9], [4, 4]]
    why = "a.json holds images, annotations and categories; pictures are in its own folder"
    assert (index.format, index.why) == ("coco", why)
    assert coco_clue(root).why == 'it holds "a.json", with images, annotations and categories'


def test_crowds_areas_and_segments(root):
    def edit(data):
        data["annotations"][0] |= {"iscrowd": 1, "area": 2.5}
        data["annotations"][0]["segmentation"] = {"size": [8, 9], "counts": [70, 2]}
        data["annotations"][1]["segmentation"] = [[0, 0, 1, 0, 1, 1]]

    boxes = read_coco(change(root, edit))["train"].boxes
    assert boxes.crowd.tolist() == [True, False]
    assert boxes.areas_px.tolist() == [2.5, 72]


def test_sizes_that_lack_are_read_from_the_headers(root):
    def edit(data):
        del data["images"][0]["height"]
        data["images"][1]["width"] = 0

    assert read_coco(change(root, edit))["train"].sizes_px.tolist() == [[8, 9], [4, 4]]


@pytest.mark.parametrize(
    ("where", "pictures"),
    [
        ("annotations/instances_train2017.json", "train2017"),
        ("annotations/instances_train2017.json", "images/train2017"),
        ("annotations/train.json", "train"),
        ("annotations/train.json", "images/train"),
        ("train/_annotations.coco.json", "train"),
        ("coco.json", "images"),
        ("train.json", "."),
    ],
)
def test_where_pictures_are(tmp_path, where, pictures):
    draw(tmp_path / pictures, PICTURES)
    write_coco(tmp_path / where, PICTURES, CATEGORIES)
    index = read_coco(tmp_path)["train"]
    assert all(path.is_file() for path in index.paths)
    assert index.root == tmp_path
    assert coco_clue(tmp_path) is not None
    alone = read_coco(tmp_path / where)["train"]
    assert [path.resolve() for path in alone.paths] == [path.resolve() for path in index.paths]


def test_parts(tmp_path):
    for part in ("train2017", "val2017"):
        draw(tmp_path / part, PICTURES)
        write_coco(tmp_path / "annotations" / f"instances_{part}.json", PICTURES, CATEGORIES)
        for other in ("person_keypoints", "stuff"):
            file = tmp_path / "annotations" / f"{other}_{part}.json"
            write_coco(file, PICTURES, CATEGORIES)
    (tmp_path / "annotations" / "captions_train2017.json").write_text('{"images": []}')
    parts = read_coco(tmp_path)
    assert [index.paths.name(0) for index in parts.values()] == ["train2017/a.png", "val2017/a.png"]
    assert list(parts) == ["train", "val"]


def test_pictures_that_cannot_be_used_are_left_out_and_named(root):
    pictures = {
        **PICTURES,
        **{f"{n}.png": ((2, 2), [("cat", 0, 0, 1, 1)]) for n in range(6)},
        "gone.png": ((2, 2), []),
        "notes.txt": ((2, 2), []),
    }
    draw(root, {name: each for name, each in pictures.items() if name != "gone.png"} and PICTURES)
    draw(root, {f"{n}.png": ((2, 2), []) for n in range(6)})
    data = write_coco(root / "a.json", pictures, CATEGORIES)
    marks = data["annotations"][2:]
    marks[0]["bbox"] = [0, 0, 1]
    marks[1]["bbox"] = [0, 0, 1, float("nan")]
    marks[2]["category_id"] = 99
    marks[3]["segmentation"] = [[1, 2]]
    marks[4]["area"] = "1"
    data["annotations"] += [{"id": 9, "image_id": 77}, {"id": 10, "image_id": [1]}, {"id": 11}]
    data["images"].append({**data["images"][0], "id": 5})
    (root / "a.json").write_text(json.dumps(data))
    index = read_coco(root)["train"]
    assert sorted(path.name for path in index.paths) == ["5.png", "a.png", "b.png"]
    faults = [(path.name, why) for path, why in index.faults]
    assert faults == [
        ("a.json", "annotation 9 is of image 77, which is not among the images"),
        ("a.json", "annotation 10 is of image [1], which is not among the images"),
        ("a.json", "annotation 11 is of image None, which is not among the images"),
        ("0.png", "annotation 502: its bbox is not four numbers (a.json)"),
        ("1.png", "annotation 503: its bbox is not four numbers (a.json)"),
        ("2.png", "annotation 504: category 99 is not among the categories (a.json)"),
        ("3.png", "annotation 505: a polygon of its segmentation has no 3 corners x, y (a.json)"),
        ("4.png", "annotation 506: its area is no number (a.json)"),
        ("gone.png", "no such file (a.json)"),
        ("notes.txt", 'no picture: its name ends with ".txt" (a.json)'),
        ("a.png", "named before"),
    ]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            lambda d: d.pop("images"),
            r'must hold a list of objects "images"\. Got none',
        ),
        (lambda d: d.update(annotations=[1]), r'must hold a list of objects "annotations"'),
        (
            lambda d: d["images"][0].pop("file_name"),
            r"must have its file_name .*file_name=None in",
        ),
        (
            lambda d: d["images"][1].update(id=100),
            r'have another id in each of "images"\. Got 100',
        ),
        (
            lambda d: d["images"][1].update(id=[1]),
            r'have another id in each of "images"\. Got \[1\]',
        ),
        (
            lambda d: d["categories"][0].update(id=True),
            r"must have its id in each .*Got id=True in",
        ),
        (lambda d: d["categories"][0].update(name="cat"), r"have another name .*Got 'cat' twice"),
    ],
)
def test_files_of_another_structure(root, edit, words):
    with pytest.raises(DataError, match=rf'^File ".*a\.json": .*{words}'):
        read_coco(change(root, edit) / "a.json")


def test_files_that_may_be_meant_both_and_parts_that_do_not_fit(root):
    with pytest.raises(DataError, match=r"must hold a JSON file with images, .*Got none"):
        read_coco(root)
    for name in ("a", "b"):
        write_coco(root / f"{name}.json", PICTURES, CATEGORIES)
    words = r'must have one JSON file of boxes a part\. Got "a.json", "b.json"\. Name'
    with pytest.raises(DataError, match=words):
        read_coco(root)
    (root / "a.json").rename(root / "val.json")
    (root / "b.json").rename(root / "test.json")
    with pytest.raises(DataError, match=r"must have a part train\. Got test and val"):
        read_coco(root)
    (root / "test.json").rename(root / "train.json")
    write_coco(root / "val.json", PICTURES, {1: "dog", 2: "cat"})
    with pytest.raises(DataError, match=r"must have the category ids of train\.json\. Got others"):
        read_coco(root)
    write_coco(root / "val.json", PICTURES, {**CATEGORIES, 9: "eel"})
    with pytest.raises(DataError, match=r'must have the classes of train\.json\. Got "eel", which'):
        read_coco(root)


def test_panoptic_files_and_others_are_no_clue(root, shared_data):
    write_coco(root / "a.json", PICTURES, CATEGORIES, segments_info=[])
    (root / "package.json").write_text("{}")
    assert coco_clue(root) is None
    assert coco_clue(shared_data / "coco128" / "panoptic_segmentation") is None


def test_real_annotations_are_the_same_in_three_formats(shared_data, tmp_path):
    gts = shared_data / "objdet-metrics" / "data" / "database" / "gts"
    data = json.loads((gts / "coco_format_v1" / "instances_default.json").read_text())
    sizes = {row["file_name"]: ((row["height"], row["width"]), []) for row in data["images"]}
    draw(tmp_path / "images", sizes)
    (tmp_path / "coco").mkdir()
    for way, at in {
        "coco/a.json": gts / "coco_format_v1" / "instances_default.json",
        "coco/images": tmp_path / "images",
        "labels": gts / "yolo_format" / "obj_train_data",
        "classes.txt": gts / "yolo_format" / "obj.names",
        "Annotations": gts / "pascalvoc_format",
    }.items():
        (tmp_path / way).symlink_to(at)
    (tmp_path / "coco2").mkdir()
    (tmp_path / "coco2" / "a.json").symlink_to(gts / "coco_format_v2" / "instances_v2.json")
    (tmp_path / "coco2" / "images").symlink_to(tmp_path / "images")
    ways = (read_coco(tmp_path / "coco"), read_coco(tmp_path / "coco2"), read_yolo(tmp_path))
    coco, second, yolo, voc = (parts["train"] for parts in (*ways, read_voc(tmp_path)))
    assert [len(each) for each in (coco, second, yolo, voc)] == [100] * 4
    assert [len(each.boxes.labels) for each in (coco, second, yolo, voc)] == [273] * 4
    wanted = rows_of(coco)
    # Who made these files from VOC's took the corners as they stood, without the step to 0.
    moved = {"coco2": (second, 0), "yolo": (yolo, 0), "voc": (voc, np.array([1, 1, 0, 0]))}
    for index, step in moved.values():
        for name, rows in rows_of(index).items():
            assert [row[0] for row in rows] == [row[0] for row in wanted[name]]
            boxes, twin = (np.array([r[1:] for r in each]) for each in (rows, wanted[name]))
            key = [np.lexsort((boxes + step).round(1).T), np.lexsort(twin.round(1).T)]
            np.testing.assert_allclose((boxes + step)[key[0]], twin[key[1]], atol=2e-3)
