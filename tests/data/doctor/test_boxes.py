"""Boxes that cannot be meant: each planted into a COCO file and a VOC folder."""

import json

import pytest
from PIL import Image

from striate.data.doctor import check_data
from tests.data.doctor.planted import jpeg, picture

PERSON = (
    "<annotation><filename>{0}.jpg</filename><size><width>48</width><height>40</height></size>"
    "<object><name>cat</name><bndbox><xmin>{1}</xmin><ymin>{2}</ymin><xmax>{3}</xmax>"
    "<ymax>{4}</ymax></bndbox></object></annotation>"
)


@pytest.fixture
def coco(tmp_path):
    """make(boxes of the first picture, its size as annotated): a COCO folder of four pictures."""

    def make(boxes, size=(40, 48), exif=None):
        images, marks = [], []
        for number in range(4):
            data = jpeg(picture(number), **({"exif": exif} if exif and not number else {}))
            (tmp_path / f"{number}.jpg").write_bytes(data)
            height, width = size if number == 0 else (40, 48)
            name = f"{number}.jpg"
            images.append({"id": number, "file_name": name, "height": height, "width": width})
            for box in boxes if number == 0 else [[4, 5, 20, 10]]:
                mark = {"id": len(marks) + 1, "image_id": number, "category_id": 7, "bbox": box}
                marks.append(mark)
        kinds = [{"id": 7, "name": "cat"}]
        document = {"images": images, "annotations": marks, "categories": kinds}
        (tmp_path / "instances.json").write_text(json.dumps(document))
        return check_data(tmp_path / "instances.json")

    return make


def test_boxes_that_are_right_raise_no_alarm(coco):
    found = coco([[0, 0, 48, 40], [1, 1, 3, 3], [-0.6, 0, 48.9, 40.4]])
    assert found.findings == ()
    assert found.classes["train"] == {"cat": 6}


@pytest.mark.parametrize(
    ("box", "kind", "words"),
    [
        ([5, 6, 0, 9], "box_empty", r'The box 5, 6, 5, 15 of "cat" \(number 2\) is 0 × 9 pixels'),
        ([5, 6, 9, 0.5], "box_empty", "is 9 × 0.5 pixels wide and high"),
        ([30, 6, 30, 9], "box_outside", "leaves the picture of 40 × 48 pixels by 12"),
        ([-3, 6, 30, 9], "box_outside", "by 3"),
        ([1, 2, 10, 10], "box_duplicate", "stands there again"),
    ],
)
def test_a_box_that_cannot_be_meant_is_named(coco, box, kind, words):
    found = coco([[1, 2, 10, 10], box])
    assert [each.kind for each in found.findings] == [kind]
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(found.findings[0].text)
    assert found.findings[0].paths[0].endswith("0.jpg")


def test_an_unknown_class_leaves_the_picture_out_and_is_an_error(coco, tmp_path):
    coco([[1, 2, 10, 10]])
    document = json.loads((tmp_path / "instances.json").read_text())
    document["annotations"][0]["category_id"] = 99
    (tmp_path / "instances.json").write_text(json.dumps(document))
    found = check_data(tmp_path / "instances.json")
    assert [(each.kind, each.severity) for each in found.findings] == [("unusable", "error")]
    assert "category 99 is not among the categories" in found.findings[0].text


def test_sizes_are_compared_with_the_headers_upright(coco):
    assert [each.kind for each in coco([[1, 2, 10, 10]], size=(80, 96)).findings] == ["box_sizes"]
    exif = Image.Exif()
    exif[0x0112] = 6
    found = coco([[1, 2, 10, 10]], exif=exif.tobytes())
    assert [each.kind for each in found.findings] == ["box_sizes", "rotated"]
    assert "before it is turned upright" in found.findings[0].text


def test_voc_writes_a_box_without_area_as_one_pixel(tmp_path):
    (tmp_path / "Annotations").mkdir()
    (tmp_path / "JPEGImages").mkdir()
    for number, corners in enumerate([(3, 4, 3, 4), (3, 4, 9, 9), (1, 1, 48, 40)]):
        (tmp_path / f"JPEGImages/{number}.jpg").write_bytes(jpeg(picture(number)))
        (tmp_path / f"Annotations/{number}.xml").write_text(PERSON.format(number, *corners))
    (tmp_path / "JPEGImages/alone.jpg").write_bytes(jpeg(picture(9)))
    found = check_data(tmp_path)
    assert [each.kind for each in found.findings] == ["box_empty", "unpaired"]
    assert found.findings[0].paths[0].endswith("0.jpg")
    assert found.findings[1].paths[0].endswith("alone.jpg")


def test_known_dirt_of_a_real_set(shared_data):
    found = check_data(shared_data / "bccd", full=False)
    empty = sorted(each.paths[0][-14:-4] for each in found.by_kind["box_empty"])
    assert empty == ["mage_00338", "mage_00343"]
