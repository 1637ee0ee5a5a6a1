from benchmarks import jpegs
from PIL import Image


def test_crops_of_the_bundled_photographs(tmp_path):
    jpegs.write(jpegs.photographs(None), tmp_path, 6)
    paths = sorted(tmp_path.rglob("*.jpg"))
    assert len(paths) == 6
    assert {path.parent.name for path in paths} == {"class0", "class1", "class2", "class3"}
    for path in paths:
        with Image.open(path) as image:
            assert image.size == (500, 375)


def test_of_a_folder_only_what_is_large_and_opens(tmp_path):
    for name, side in (("large.jpg", 400), ("small.jpeg", 100)):
        Image.new("RGB", (side, side)).save(tmp_path / name, format="JPEG")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    assert [each.size for each in jpegs.photographs(tmp_path)] == [(400, 400)]
