import numpy as np
import pytest

from striate.data.formats.voc import read_voc, voc_clue
from striate.errors import DataError
from tests.data.formats.boxed_data import draw, rows_of, voc_text, write_voc

PICTURES = {
    "a.png": ((8, 9), [("dog", 0, 0, 9, 8), ("cat", 2, 3, 4, 4)]),
    "b.png": ((4, 5), []),
    "c.png": ((6, 6), [("cat", 1, 1, 2, 2)]),
}


@pytest.fixture
def root(tmp_path):
    draw(tmp_path / "JPEGImages", PICTURES)
    write_voc(tmp_path / "Annotations", PICTURES)
    return tmp_path


def lists(root, **parts):
    (root / "ImageSets" / "Main").mkdir(parents=True, exist_ok=True)
    for part, text in parts.items():
        (root / "ImageSets" / "Main" / f"{part}.txt").write_text(text)
    return root


def annotate(root, text, name="b"):
    (root / "Annotations" / f"{name}.xml").write_text(text)
    return root


def test_corners_are_counted_from_0_and_the_right_ones_lie_outside(root):
    index = read_voc(root)["train"]
    assert index.class_names == ("cat", "dog")
    assert index.boxes.boxes_xyxy.tolist() == [[0, 0, 9, 8], [2, 3, 4, 4], [1, 1, 2, 2]]
    assert index.boxes.labels.tolist() == [1, 0, 0]
    assert index.boxes.references.tolist() == [1, 2, 1]
    assert index.boxes.offsets.tolist() == [0, 2, 2, 3]
    assert index.sizes_px.tolist() == [[8, 9], [4, 5], [6, 6]]
    assert (index.faults, index.skipped, index.format) == ((), (), "voc")
    assert voc_clue(root).why == '"Annotations" holds XML files of annotations'


def test_flags(root):
    annotate(root, voc_text("b.png", (4, 5), [("cat", 0, 0, 1, 1)], difficult=1, truncated=0))
    annotate(root, voc_text("c.png", (6, 6), [("cat", 0, 0, 1, 1)], difficult=0, truncated=1), "c")
    boxes = read_voc(root)["train"].boxes
    assert boxes.difficult.tolist() == [False, False, True, False]
    assert boxes.truncated.tolist() == [False, False, False, True]


def test_lists_name_the_parts(root):
    lists(root, train="a\nd\n", val="c 1\n", cat_train="b\n", trainval="a\nb\nc\n")
    parts = read_voc(root)
    assert {part: sorted(rows_of(index)) for part, index in parts.items()} == {
        "train": ["a.png"],
        "val": ["c.png"],
    }
    (fault,) = parts["train"].faults
    assert (fault[0].name, fault[1]) == ("d.xml", "no such file, but a list names it")
    assert parts["train"].skipped == ((root / "Annotations" / "b.xml", "in no list of a part"),)
    (root / "ImageSets" / "Main" / "train.txt").unlink()
    assert len(read_voc(root)["train"]) == 3


def test_each_part_may_have_its_folder(tmp_path):
    for part in ("train", "valid"):
        draw(tmp_path / part, PICTURES)
        write_voc(tmp_path / part, PICTURES)
    draw(tmp_path / "train", {"lonely.png": ((3, 3), [])})
    parts = read_voc(tmp_path)
    assert [index.paths.name(0) for index in parts.values()] == ["train/a.png", "valid/a.png"]
    assert [why for _, why in parts["train"].skipped] == ["a picture without an annotation"]


def test_sizes_that_lack_are_read_from_the_headers(root):
    annotate(root, "<annotation><filename>b.png</filename></annotation>")
    text = voc_text("c.png", (6, 6), [("cat", 0, 0, 1, 1)]).replace("<width>6", "<width>six")
    annotate(root, text, "c")
    assert read_voc(root)["train"].sizes_px.tolist() == [[8, 9], [4, 5], [6, 6]]


def test_pictures_are_found_by_the_file_then_by_what_is_written(root):
    (root / "Annotations" / "b.xml").rename(root / "Annotations" / "x.xml")
    draw(root / "JPEGImages", {"c.bmp": ((6, 6), [])})
    index = read_voc(root)["train"]
    assert sorted(path.name for path in index.paths) == ["a.png", "b.png", "c.png"]
    assert index.skipped == ()
    annotate(root, "<annotation><filename>C:\\pictures\\b.png</filename></annotation>", "x")
    assert len(read_voc(root)["train"]) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<annotation>", "must hold plain XML"),
        ("<annotation><object/></annotation>", "object 1: it has no name"),
        ("<annotation><object><name>cat</name></object></annotation>", "its xmin is no number"),
        (
            voc_text("b.png", (4, 5), [("cat", 0, 0, 1, 1), ("cat", 0, 0, "x", 1)]),
            "object 2: its xmax is no number",
        ),
        (voc_text("b.png", (4, 5), [("cat", 0, 0, 1, "inf")]), "its ymax is no finite number"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><annotation>&b;</annotation>', "must hold plain XML"),
    ],
)
def test_a_picture_with_a_bad_annotation_is_left_out_whole(root, text, words):
    index = read_voc(annotate(root, text))["train"]
    assert len(index) == 2
    ((path, why),) = index.faults
    assert path == root / "Annotations" / "b.xml"
    assert words in why


def test_an_annotation_without_a_picture(root):
    index = read_voc(annotate(root, voc_text("no.png", (1, 1), []), "e"))["train"]
    assert index.faults == ((root / "Annotations" / "e.xml", 'no picture "e" or "no.png"'),)


def test_a_header_that_cannot_be_read(root):
    (root / "JPEGImages" / "b.png").write_text("nothing")
    annotate(root, "<annotation><filename>b.png</filename></annotation>")
    ((_, why),) = read_voc(root)["train"].faults
    assert "must be a whole picture" in why


def test_what_does_not_fit(root, tmp_path):
    lists(root, train="c\n", val="a\n")
    words = r'must have classes that the part train has\. Got "dog" in the part val\. Give the part'
    with pytest.raises(DataError, match=words):
        read_voc(root)
    lists(root, train="", val="a\n")
    with pytest.raises(DataError, match=r"Got \"cat\", \"dog\" in the part val|in the part train"):
        read_voc(root)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "page.xml").write_text("<html/>")
    assert voc_clue(tmp_path / "other") is None
    with pytest.raises(DataError, match=r"must hold XML files of annotations\. Got none\. Put"):
        read_voc(tmp_path / "other")
    (root / "ImageSets" / "Main" / "train.txt").unlink()
    with pytest.raises(DataError, match=r"must have a part train\. Got val\. Name the parts"):
        read_voc(root)


def test_real_annotations(shared_data):
    parts = read_voc(shared_data / "bccd")
    assert {part: len(index) for part, index in parts.items()} == {"train": 205, "val": 87}
    both = {name: sum(index.counts[name] for index in parts.values()) for name in ("RBC", "WBC")}
    names = ["Platelets", "RBC", "WBC"]
    text = [path.read_text() for path in (shared_data / "bccd" / "Annotations").iterdir()]
    assert both == {name: sum(t.count(f"<name>{name}</name>") for t in text) for name in both}
    assert all(index.class_names == tuple(names) for index in parts.values())
    assert all(index.faults == () for index in parts.values())
    # The known boxes of xmin = xmax and ymin = ymax: one pixel by VOC's way of counting.
    tiny = {
        index.paths[i].stem
        for index in parts.values()
        for i in range(len(index))
        for box in index.boxes[i].boxes_xyxy
        if np.ptp(box.reshape(2, 2), axis=0).max() <= 1
    }
    assert tiny == {"BloodImage_00338", "BloodImage_00343"}
