"""What the doctor says aloud before a training begins."""

from PIL import Image

from striate.data import open_index
from striate.data.doctor import check_indices
from striate.tasks.pictures.doctor_warnings import doctor_warnings
from tests.data.doctor.planted import clean_classes, plant


def said(root):
    return doctor_warnings(check_indices(open_index(root), full=False))


def test_warnings_are_said_once_a_kind(tmp_path):
    root = clean_classes(tmp_path / "pets")
    plant(root)
    sentences = said(root)
    assert sum(one.startswith("Same picture in two classes: ") for one in sentences) == 1
    assert sum(one.startswith("Classes out of balance: ") for one in sentences) == 1
    assert not any("two parts" in one for one in sentences)


def test_nothing_is_said_of_a_clean_set(tmp_path):
    assert said(clean_classes(tmp_path / "pets")) == ()


def test_animations_are_said(tmp_path):
    root = clean_classes(tmp_path / "pets")
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    place = next(path for path in root.rglob("*.jpg")).parent
    frames[0].save(place / "moving.gif", save_all=True, append_images=frames[1:])
    words = "Several frames: 1 holds several frames, of which the first is used"
    assert [one.startswith(words) for one in said(root)].count(True) == 1
