import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from striate.data.formats.detect import FORMATS, open_index
from striate.errors import ArgumentError, DataError
from tests.data.formats.boxed_data import draw, write_coco, write_voc, write_yolo

PICTURES = {"a.png": ((8, 9), [("cat", 1, 2, 3, 5), ("dog", 0, 0, 9, 8)]), "b.png": ((4, 4), [])}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))


def write(root, format):
    """One data set in each format."""
    if format == "folder":
        draw(root / "cat", PICTURES)
        draw(root / "dog", PICTURES)
    elif format == "table":
        draw(root / "images", PICTURES)
        (root / "labels.csv").write_text("file,label\na.png,cat\nb.png,dog\n")
    elif format == "coco":
        draw(root / "images", PICTURES)
        write_coco(root / "annotations" / "instances_default.json", PICTURES, {1: "cat", 9: "dog"})
    elif format == "yolo":
        draw(root / "images" / "train", PICTURES)
        write_yolo(root / "labels" / "train", PICTURES, ["cat", "dog"])
        (root / "data.yaml").write_text("train: images/train\nnames: [cat, dog]\n")
    elif format == "voc":
        draw(root / "JPEGImages", PICTURES)
        write_voc(root / "Annotations", PICTURES)
    elif format == "masks":
        draw(root / "images", PICTURES)
        draw(root / "masks", PICTURES)
    return root


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_is_told_from_the_others(tmp_path, format):
    root = write(tmp_path / "data", format)
    index = open_index(root)["train"]
    assert index.format == format
    assert len(index) == (4 if format == "folder" else 2)
    assert index.why
    named = open_index(str(root), format)["train"]
    assert named.paths == index.paths
    assert named.why == f"it was named; {index.why}"


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_in_an_archive(tmp_path, format):
    root = write(tmp_path / "data", format)
    (root / "run.py").write_text("print(1)")
    whole = open_index(root)["train"]
    for ending, kind in ((".zip", "zip"), (".tar", "tar"), (".tar.gz", "gztar")):
        shutil.make_archive(str(tmp_path / "pets"), kind, tmp_path, "data")
        index = open_index(tmp_path / f"pets{ending}")["train"]
        assert [index.paths.name(i) for i in range(len(index))] == [
            whole.paths.name(i) for i in range(len(whole))
        ]
        assert index.why == f"in pets{ending}, {whole.why}"
        (path, why) = index.skipped[-1]
        assert path == tmp_path / f"pets{ending}" / "data" / "run.py"
        assert why == 'no picture, text or JSON: its name ends with ".py"'
        assert [path.read_bytes() for path in index.paths] == [p.read_bytes() for p in whole.paths]


@pytest.mark.parametrize(
    ("first", "second"),
    [("coco", "yolo"), ("voc", "coco"), ("yolo", "table"), ("voc", "masks")],
)
def test_two_formats_at_once_are_named(tmp_path, first, second):
    root = write(write(tmp_path / "data", first), second)
    with pytest.raises(DataError) as caught:
        open_index(root)
    words = str(caught.value)
    assert words.startswith(f'Folder "{root}": must be in one format. Got ')
    for format in (first, second):
        assert f"{format}: " in words
        assert f"--format {format}" in words
        assert open_index(root, format)["train"].format == format


def test_a_table_beside_class_folders_is_a_second_format(tmp_path):
    root = write(tmp_path / "data", "folder")
    (root / "labels.csv").write_text("file,label\ncat/a.png,cat\ndog/a.png,dog\n")
    words = r"Got table: .*; folder: .*Say which by --format table or --format folder\.$"
    with pytest.raises(DataError, match=words):
        open_index(root)
    assert len(open_index(root, "table")["train"]) == 2
    assert len(open_index(root, "folder")["train"]) == 4


def test_files_are_told_by_their_ending(tmp_path):
    for format, name in (
        *(("table", "labels.csv"), ("coco", "annotations/instances_default.json")),
        ("yolo", "data.yaml"),
    ):
        root = write(tmp_path / format, format)
        assert open_index(root / name)["train"].format == format
        assert open_index(root / name, format)["train"].why.startswith("it was named; ")
    with pytest.raises(DataError, match=r"must be a folder for the format coco\. Got a file"):
        open_index(tmp_path / "table" / "labels.csv", "coco")
    words = (
        r'must be a folder, or a file that ends with \.csv, .*\.zip.*\. Got "\.png"\. Name the fo'
    )
    with pytest.raises(DataError, match=words):
        open_index(tmp_path / "table" / "images" / "a.png")


def test_what_is_in_no_format(tmp_path):
    with pytest.raises(ArgumentError, match=r"open_index: `format` must be one of .*mean \"yolo\""):
        open_index(tmp_path, "yolov8")
    with pytest.raises(DataError, match=r"must be an existing folder\. Got no such folder"):
        open_index(tmp_path / "gone")
    with pytest.raises(DataError, match=r"must be a file that can be read\. Got No such file"):
        open_index(tmp_path / "gone.zip")
    draw(tmp_path / "data", PICTURES)
    (tmp_path / "data" / "x.txt").touch()
    words = (
        r'Folder ".*data": must be in one of the formats folder, table, coco, yolo, voc, masks\. '
        r"Got 2 pictures, 1 other entry, and no folder\. Expected is one folder a class"
    )
    with pytest.raises(DataError, match=words):
        open_index(tmp_path / "data")
    write(tmp_path / "data" / "inside", "yolo")
    with pytest.raises(DataError, match=r'Name one of the folders in it: ".*/inside" \(yolo\)\.$'):
        open_index(tmp_path / "data")


def test_what_is_wrong_with_parts_of_class_folders_is_said(tmp_path):
    draw(tmp_path / "data" / "train" / "cat", PICTURES)
    draw(tmp_path / "data" / "train" / "dog", PICTURES)
    draw(tmp_path / "data" / "val" / "cat", PICTURES)
    with pytest.raises(DataError, match=r'must have the classes of train/\. Got no "dog"'):
        open_index(tmp_path / "data")
    os.rename(tmp_path / "data" / "train", tmp_path / "data" / "test")
    with pytest.raises(DataError, match=r"must have a part train/ beside the others"):
        open_index(tmp_path / "data")


@pytest.mark.parametrize("outside", ["../../secret.png", "/secret.png"])
@pytest.mark.parametrize("format", ["table", "coco"])
def test_an_archive_may_not_name_what_is_outside(tmp_path, format, outside):
    secret = tmp_path / "cache" / "secret.png"
    draw(tmp_path / "cache", {"secret.png": ((4, 4), [])})
    name = str(secret) if outside[0] == "/" else "../../../secret.png"
    root = tmp_path / "data"
    draw(root, PICTURES)
    if format == "table":
        (root / "a.csv").write_text(f"file,label\na.png,cat\n{name},dog\n")
    else:
        write_coco(root / "a.json", {**PICTURES, name: ((4, 4), [])}, {1: "cat", 2: "dog"})
    shutil.make_archive(str(tmp_path / "a"), "zip", root)
    words = (
        r'^Archive ".*a\.zip": must name only pictures that it holds\. Got ".*secret\.png"\. Mend'
    )
    with pytest.raises(DataError, match=words):
        open_index(tmp_path / "a.zip")


def test_a_yaml_in_an_archive_may_not_name_what_is_outside(tmp_path):
    root = write(tmp_path / "data", "yolo")
    draw(tmp_path / "out", PICTURES)
    (tmp_path / "out" / "a.txt").write_text("0 0.5 0.5 1 1")
    (root / "data.yaml").write_text(f"train: {tmp_path}/out\nnames: [cat, dog]\n")
    assert len(open_index(root, "yolo")["train"]) == 2
    shutil.make_archive(str(tmp_path / "a"), "zip", root)
    with pytest.raises(DataError, match=r"must have a part train\. Got no part\. Mend train:"):
        open_index(tmp_path / "a.zip")


def test_an_archive_of_parts_is_not_opened_further(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        for name in ("train/cat/1.png", "train/dog/1.png"):
            file.writestr(name, b"")
    index = open_index(tmp_path / "a.zip")["train"]
    assert index.class_names == ("cat", "dog")


def test_real_folders(shared_data):
    found = {}
    for name in ("clothing128", "ants_bees224", "bccd", "nuclei", "camvid"):
        parts = open_index(shared_data / name)
        found[name] = (parts["train"].format, [len(index) for index in parts.values()])
    assert found == {
        "clothing128": ("folder", [800, 250]),
        "ants_bees224": ("folder", [142, 153]),
        "bccd": ("voc", [205, 87]),
        "nuclei": ("masks", [110]),
        "camvid": ("masks", [60, 24]),
    }
    assert open_index(shared_data / "coco128" / "object_detection")["train"].format == "yolo"
    with pytest.raises(DataError, match=r"Got 3 pictures, 1 other entry, and no folder"):
        open_index(shared_data / "cifar10-lossless")
    with pytest.raises(DataError, match=r'object_detection" \(yolo\)'):
        open_index(shared_data / "coco128")


MEASURE = """
import gc, re, sys
from striate.data import open_index

def anonymous_bytes():
    gc.collect()
    text = open("/proc/self/status").read()
    return 1024 * int(re.search(r"RssAnon:\\s+(\\d+)", text)[1])

open_index(sys.argv[2])
before = anonymous_bytes()
index = open_index(sys.argv[1])["train"]
print(len(index), anonymous_bytes() - before)
"""


def grown_bytes(tmp_path, count):
    """Anonymous bytes that a process holds for each file of class folders, the index kept."""
    for root, number in (("many", count // 10), ("few", 2)):
        for folder in (tmp_path / root / f"class_{c}" for c in range(10)):
            draw(folder, {"picture_0.png": ((1, 1), [])})
            for n in range(1, number):
                os.link(folder / "picture_0.png", folder / f"picture_{n:06}.png")
    command = [sys.executable, "-c", MEASURE, tmp_path / "many", tmp_path / "few"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found, grown = map(int, done.stdout.split())
    assert found == count
    return grown / count


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_index_takes_little_memory(tmp_path):
    assert grown_bytes(tmp_path, 10_000) < 150


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_index_of_very_many_files_takes_little_memory(tmp_path):
    assert grown_bytes(tmp_path, 100_000) < 150


def test_folders_without_pictures_and_a_class_alone_are_told_apart(tmp_path):
    for name in ("phone/cat/1.heic", "phone/dog/2.heic", "alone/cat/1.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    words = r"2 folders, 0 of them with pictures \(cat, dog\); left aside is \".*1\.heic\" as of a"
    with pytest.raises(DataError, match=words):
        open_index(tmp_path / "phone")
    with pytest.raises(DataError, match=r"1 folder, 1 of them with pictures \(cat\)\. Expected"):
        open_index(tmp_path / "alone")
    (tmp_path / "empty" / "cat").mkdir(parents=True)
    with pytest.raises(DataError, match=r"1 folder, 0 of them with pictures \(cat\)\. Expected"):
        open_index(tmp_path / "empty")
