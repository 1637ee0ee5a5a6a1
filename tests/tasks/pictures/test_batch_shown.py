"""A batch is drawn of what the net gets: fitted pictures, and targets that moved along."""

import json

import numpy as np
import pytest
from PIL import Image

from striate.data import open_index
from striate.errors import ArgumentError, DataError, WeightsError
from striate.records import Preprocess
from striate.tasks.pictures.batch_shown import seen_batch, show_batch
from tests.data.doctor.planted import clean_classes, jpeg, picture


@pytest.fixture
def pets(tmp_path):
    return clean_classes(tmp_path / "pets", train=4, val=1)


def test_a_png_is_written_and_depends_on_the_seed_alone(pets, tmp_path):
    first, again, other = (tmp_path / f"{name}.png" for name in "abc")
    assert show_batch(pets, first, count=4) == first
    show_batch(pets, again, count=4)
    show_batch(pets, other, count=4, seed=1)
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()
    with Image.open(first) as image:
        assert image.format == "PNG"


def test_boxes_and_masks_are_on_the_scale_of_the_fitted_picture(tmp_path):
    square = Image.new("RGB", (48, 40))
    square.paste((255, 255, 255), (12, 10, 36, 30))
    square.save(tmp_path / "a.png")
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [12, 10, 24, 20]}
    image = {"id": 1, "file_name": "a.png", "height": 40, "width": 48}
    document = {"images": [image], "annotations": [box], "categories": [{"id": 1, "name": "x"}]}
    (tmp_path / "c.json").write_text(json.dumps(document))
    preprocess = Preprocess(size=(32, 32), channels=3)
    index = open_index(tmp_path / "c.json")["train"]
    batch = seen_batch(index, preprocess, sample_ids=np.array([0]))
    left, top, right, bottom = map(int, batch.targets.boxes_xyxy[0, 0])
    assert (left, top, right, bottom) == (8, 8, 24, 24)
    assert batch.images[0, top + 1 : bottom - 1, left + 1 : right - 1].min() > 230
    for name in ("images", "masks"):
        (tmp_path / "m" / name).mkdir(parents=True)
    square.save(tmp_path / "m/images/a.png")
    square.convert("L").point(lambda v: 3 if v else 0).save(tmp_path / "m/masks/a.png")
    index = open_index(tmp_path / "m")["train"]
    batch = seen_batch(index, preprocess, sample_ids=np.array([0]))
    expected = np.zeros((32, 32), np.uint8)
    expected[8:24, 8:24] = 3
    np.testing.assert_array_equal(batch.targets.classes[0].numpy(), expected)
    assert show_batch(tmp_path / "m", tmp_path / "m.png").exists()


def test_several_classes_a_picture_are_drawn(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(picture(number)))
    (tmp_path / "t.csv").write_text("file,labels\n0.jpg,cat;dog\n1.jpg,cat\n2.jpg,dog\n")
    index = open_index(tmp_path / "t.csv")["train"]
    batch = seen_batch(index, Preprocess(size=(8, 8), channels=3), sample_ids=np.arange(3))
    assert batch.targets.tolist() == [[1, 1], [1, 0], [0, 1]]


def test_what_breaks_a_rule_is_refused(pets, tmp_path):
    with pytest.raises(ArgumentError, match="`file` must lie outside the data"):
        show_batch(pets, pets / "batch.png")
    with pytest.raises(ArgumentError, match=r"`file` must end with \.png"):
        show_batch(pets, tmp_path / "batch.jpg")
    with pytest.raises(ArgumentError, match="`count` must be at most 32"):
        show_batch(pets, tmp_path / "batch.png", count=33)
    with pytest.raises(ArgumentError, match="`name` must be one of"):
        show_batch(pets, tmp_path / "batch.png", augment="wild")
    (tmp_path / "file").touch()
    with pytest.raises(WeightsError, match="must be writable"):
        show_batch(pets, tmp_path / "file" / "batch.png")
    with pytest.raises(ArgumentError, match=r"`seed` must be a whole number from 0 to"):
        show_batch(pets, tmp_path / "batch.png", seed=2**64)
    assert not (tmp_path / "batch.png").exists()


def test_a_picture_that_stands_there_is_kept_unless_it_may_be_replaced(pets, tmp_path):
    target = tmp_path / "holiday.png"
    target.write_bytes(b"the only one")
    with pytest.raises(ArgumentError, match=r"`file` must be a new file\. .*\(--overwrite\)"):
        show_batch(pets, target)
    assert target.read_bytes() == b"the only one"
    show_batch(pets, target, count=1, overwrite=True)
    with Image.open(target) as image:
        assert image.format == "PNG"


def test_masks_of_things_are_refused(tmp_path):
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    (tmp_path / "images/a.jpg").write_bytes(jpeg(picture(0)))
    Image.fromarray(np.full((40, 48), 300, np.uint16)).save(tmp_path / "masks/a.png")
    with pytest.raises(DataError, match=r"must hold class numbers up to 255\. Got .* 300"):
        show_batch(tmp_path, tmp_path.parent / "things.png")
