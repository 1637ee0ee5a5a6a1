import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from striate.data.boxes import Box
from striate.data.formats.boxed import BoxedPictures, sizes_of
from striate.data.formats.coco import read_coco
from striate.data.formats.voc import read_voc
from striate.data.formats.yolo import read_yolo
from striate.errors import DataError
from tests.data.formats.boxed_data import draw, rows_of, write_coco, write_voc, write_yolo

NAMES = ("bee", "ant", "wasp")


@st.composite
def sets(draw_from):
    """{name: ((h, w), [(class, x0, y0, x1, y1), …])}, each class at least once."""
    pictures = {}
    for number in range(draw_from(st.integers(1, 4))):
        height, width = draw_from(st.integers(1, 60)), draw_from(st.integers(1, 60))
        boxes = [(name, 0, 0, width, height) for name in NAMES] if not number else []
        for _ in range(draw_from(st.integers(0, 3))):
            x = sorted(draw_from(st.tuples(*[st.integers(0, width)] * 2)))
            y = sorted(draw_from(st.tuples(*[st.integers(0, height)] * 2)))
            boxes.append((draw_from(st.sampled_from(NAMES)), x[0], y[0], x[1], y[1]))
        pictures[f"{number}.png"] = ((height, width), boxes)
    return pictures


@given(pictures=sets())
@settings(max_examples=15)
def test_three_formats_of_the_same_boxes_are_one(pictures, tmp_path_factory):
    root = tmp_path_factory.mktemp("boxed")
    wanted = {n: sorted((w, *map(float, c)) for w, *c in b) for n, (_, b) in pictures.items()}
    draw(root / "images", pictures)
    write_coco(root / "c" / "boxes.json", pictures, {3: "wasp", 7: "bee", 90: "ant"})
    write_yolo(root / "labels", pictures, NAMES)
    (root / "data.yaml").write_text("train: images\nnames: [bee, ant, wasp]\n")
    write_voc(root / "Annotations", pictures)
    (root / "c" / "images").symlink_to(root / "images")
    found = [read_coco(root / "c"), read_yolo(root), read_voc(root)]
    for index in (each["train"] for each in found):
        assert (index.faults, index.skipped) == ((), ())
        assert index.sizes_px.tolist() == [list(size) for size, _ in pictures.values()]
        rows = rows_of(index)
        assert rows.keys() == wanted.keys()
        for name, boxes in wanted.items():
            if index.format == "yolo":
                flat = np.array([row[1:] for row in boxes]).reshape(-1, 4)
                mine = np.array([row[1:] for row in rows[name]]).reshape(-1, 4)
                order = [np.lexsort(each.round(6).T) for each in (flat, mine)]
                np.testing.assert_allclose(mine[order[1]], flat[order[0]], atol=1e-9)
            else:
                assert rows[name] == boxes
    assert found[0]["train"].class_names == ("wasp", "bee", "ant")
    assert found[0]["train"].class_ids == (3, 7, 90)
    assert found[1]["train"].class_names == NAMES
    assert found[2]["train"].class_names == tuple(sorted(NAMES))


def test_pictures_are_gathered(tmp_path):
    part = BoxedPictures(tmp_path, "train")
    part.add("a.png", (3, 4), [Box((0, 0, 1, 1), 0)])
    part.add("a.png", (3, 4), [])
    part.refuse(tmp_path / "b.png", "no such file")
    index = part.index(["cat"], format="coco", why="so")
    assert len(index) == 1
    assert index.faults == (
        (tmp_path / "a.png", "named before"),
        (tmp_path / "b.png", "no such file"),
    )
    assert (index.why, index.format, index.sizes_px.tolist()) == ("so", "coco", [[3, 4]])


def test_a_part_without_a_picture(tmp_path):
    part = BoxedPictures(tmp_path, "val")
    words = r'Folder ".*": must hold pictures with boxes in the part val\. Got none\. Check where'
    with pytest.raises(DataError, match=words):
        part.index(["cat"], format="coco", why="")
    part.refuse(tmp_path / "b.png", "no such file")
    words = r'Got none, but 1 that cannot be used\. The first: ".*b\.png", no such file\.'
    with pytest.raises(DataError, match=words):
        part.index(["cat"], format="coco", why="")


def test_sizes_are_upright_and_faults_are_words(tmp_path):
    draw(tmp_path, {"a.png": ((3, 5), [])})
    (tmp_path / "b.png").write_text("no picture")
    size, words = sizes_of([tmp_path / "a.png", tmp_path / "b.png"])
    assert size == (3, 5)
    assert "must be a whole picture" in words
