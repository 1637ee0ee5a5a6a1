import numpy as np
import pytest
import torch
from PIL import Image

from striate.data.directory import image_dataset_from_directory
from striate.data.loader import Loader
from striate.errors import ArgumentError, DataError
from striate.io.decode import decode


@pytest.fixture
def folder(tmp_path):
    """Pictures of one colour: cat/0..5 red 10, 11, …; dog/0..3 red 20, …; eel/deep/0 red 30."""
    root = tmp_path / "animals"
    for name, count, red in [("cat", 6, 10), ("dog", 4, 20), ("eel/deep", 1, 30)]:
        (root / name).mkdir(parents=True)
        for i in range(count):
            Image.new("RGB", (6, 4), (red + i, 7, 9)).save(root / name / f"{i}.png")
    (root / "cat" / "notes.txt").write_text("no picture")
    return root


def read(folder, *arguments, **options):
    """(red of each picture, labels) of an epoch, and the loader."""
    options = {"image_size": (4, 6), "batch_size": 4, "shuffle": False} | options
    loader = image_dataset_from_directory(folder, *arguments, **options)
    parts = list(loader)
    reds = torch.cat([part[0][:, 0, 0, 0] for part in parts]).int().tolist()
    return reds, torch.cat([part[1] for part in parts]) if len(parts[0]) > 1 else None, loader


REDS = [10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 30]


def test_batches_of_a_folder(folder):
    loader = image_dataset_from_directory(folder, image_size=(4, 6), batch_size=4, shuffle=False)
    assert isinstance(loader, Loader)
    assert loader.class_names == ["cat", "dog", "eel"]
    assert len(loader) == 3
    assert loader.file_paths[-1] == str(folder / "eel" / "deep" / "0.png")
    images, labels = next(iter(loader))
    assert images.dtype == torch.float32
    assert labels.dtype == torch.int32
    assert images.shape == (4, 4, 6, 3)
    assert images[1, 2, 3].tolist() == [11, 7, 9]
    assert labels.tolist() == [0, 0, 0, 0]


def test_each_epoch_has_an_order_of_its_own(folder):
    loader = image_dataset_from_directory(folder, image_size=(4, 6), seed=5)
    epochs = [next(iter(loader)) for _ in range(3)]
    reds = [images[:, 0, 0, 0].int().tolist() for images, _ in epochs]
    assert reds[0] != reds[1] != reds[2]
    for (_, labels), order in zip(epochs, reds, strict=True):
        assert sorted(order) == REDS
        assert [red // 10 - 1 for red in order] == labels.tolist()


def test_without_a_seed_numpy_s_generator_gives_one(folder):
    def paths():
        return image_dataset_from_directory(folder).file_paths

    np.random.seed(3)
    first = paths()
    second = paths()
    np.random.seed(3)
    assert paths() == first != second


@pytest.mark.parametrize(
    ("mode", "dtype", "row"),
    [("int", torch.int32, 2), ("categorical", torch.float32, [0, 0, 1])],
)
def test_label_modes(folder, mode, dtype, row):
    _, labels, _ = read(folder, label_mode=mode)
    assert labels.dtype == dtype
    assert labels[-1].tolist() == row


def test_binary_labels(folder):
    reds, labels, _ = read(folder, class_names=["dog", "cat"], label_mode="binary")
    assert labels.shape == (10, 1)
    assert labels.dtype == torch.float32
    assert labels.flatten().tolist() == [float(red < 20) for red in reds]


@pytest.mark.parametrize("options", [{"label_mode": None}, {"labels": None}])
def test_no_labels(folder, options):
    reds, labels, loader = read(folder, **options)
    assert reds == REDS
    assert labels is None
    assert loader.class_names is None


def test_given_labels_follow_the_sorted_paths(folder):
    reds, labels, loader = read(folder, [4 + i for i in range(11)])
    assert reds == REDS
    assert labels.tolist() == list(range(4, 15))
    assert loader.class_names == [str(i) for i in range(4, 15)]


def test_parts_hold_every_file_once(folder):
    options = {"validation_split": 0.3, "seed": 1, "shuffle": True}
    train, *_ = read(folder, subset="training", **options)
    held, *_ = read(folder, subset="validation", **options)
    assert (len(train), len(held)) == (8, 3)
    assert sorted(train + held) == REDS
    both = image_dataset_from_directory(folder, subset="both", image_size=(4, 6), **options)
    assert [loader.shuffle for loader in both] == [True, False]
    parts = [sorted(next(iter(loader))[0][:, 0, 0, 0].int().tolist()) for loader in both]
    assert parts == [sorted(train), sorted(held)]


@pytest.mark.parametrize(
    ("mode", "channels", "pixel"),
    [("grayscale", 1, [8]), ("rgb", 3, [10, 7, 9]), ("rgba", 4, [10, 7, 9, 255])],
)
def test_colour_modes(folder, mode, channels, pixel):
    loader = image_dataset_from_directory(
        folder, image_size=5, color_mode=mode, shuffle=False, batch_size=1
    )
    images, _ = next(iter(loader))
    assert images.shape == (1, 5, 5, channels)
    assert images[0, 0, 0].tolist() == pytest.approx(pixel, abs=1e-5)


def test_proportions_are_kept_by_cutting_or_by_bars(tmp_path):
    pixels = np.zeros((4, 8, 3), np.uint8) + np.array([50, 100, 150, 200] * 2, np.uint8)[:, None]
    (tmp_path / "a").mkdir()
    Image.fromarray(pixels).save(tmp_path / "a" / "1.png")

    def row(**options):
        loader = image_dataset_from_directory(tmp_path, **options)
        return next(iter(loader))[0][0, :, :, 0]

    cut = row(image_size=(4, 4), crop_to_aspect_ratio=True)
    assert cut[0].tolist() == [150, 200, 50, 100]
    bars = row(image_size=(8, 8), pad_to_aspect_ratio=True)
    assert bars[:, 0].tolist() == [0, 0, 50, 50, 50, 50, 0, 0]


def test_links_to_folders_are_followed_when_asked_and_never_twice(folder, tmp_path):
    (tmp_path / "far").mkdir()
    Image.new("RGB", (6, 4), (40, 0, 0)).save(tmp_path / "far" / "0.png")
    (folder / "eel" / "far").symlink_to(tmp_path / "far")
    (folder / "eel" / "loop").symlink_to(folder / "eel")
    assert read(folder)[0] == REDS
    assert read(folder, follow_links=True)[0] == [*REDS, 40]


def test_a_picture_that_cannot_be_read_is_named(folder):
    (folder / "dog" / "9.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r'^Picture ".*dog/9\.png": must be a whole picture'):
        read(folder)


def test_real_photos(shared_data):
    root = shared_data / "ants_bees224" / "val"
    loader = image_dataset_from_directory(root, image_size=(60, 80), seed=0, batch_size=8)
    images, labels = next(iter(loader))
    assert images.shape == (8, 60, 80, 3)
    assert 60 < images.mean() < 190
    batch = next(loader.epoch(0))
    path = loader.file_paths[batch.sample_ids[0]]
    assert ("/bees/" in path) == bool(labels[0])
    x = torch.from_numpy(decode(path).astype(np.float32)).permute(2, 0, 1)[None]
    oracle = torch.nn.functional.interpolate(x, (60, 80), mode="bilinear", antialias=False)
    assert (images[0].permute(2, 0, 1) - oracle[0]).abs().max() < 1e-3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"labels": "infered"}, r'`labels` must be one of "inferred"\. Got labels=\'infered\'\.'),
        ({"labels": [1, 2]}, r"`labels` must hold one class number for each of the 11 files\. Got"),
        ({"labels": [0.5] * 11}, r"Got labels='float64 of shape \(11,\)'"),
        (
            {"labels": list(range(1, 12)), "label_mode": "categorical"},
            r"`labels` must be class numbers from 0 to 10, as there are 11 classes\. Got labels='1 "
            r"to 11'\. Number them from 0",
        ),
        ({"labels": None, "class_names": ["cat"]}, "`class_names` must be left out unless labels="),
        (
            {"class_names": ["cat", "dgo"]},
            r"`class_names` must name folders of the directory\. Got class_names='dgo'\. Nearest: "
            r'"dog"',
        ),
        ({"label_mode": "onehot"}, '`label_mode` must be one of "int", "categorical", "binary"'),
        (
            {"label_mode": "binary"},
            r'`label_mode` must be "int" or "categorical" unless there are exactly 2 classes\. Got '
            r"label_mode='binary'\. There are 3 classes\.",
        ),
        ({"color_mode": "gray"}, r'`color_mode` must be one of .* Did you mean "grayscale"\?'),
        ({"interpolation": "lanczos3"}, '`interpolation` must be one of "nearest"'),
        ({"image_size": (0, 5)}, "`image_size` must be a whole number of at least 1"),
        ({"batch_size": None}, "Loader: `batch_size` must be a whole number of at least 1"),
        (
            {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
            "`pad_to_aspect_ratio` must be False where crop_to_aspect_ratio=True",
        ),
        (
            {"subset": "training"},
            r"`subset` must be given together with `validation_split`, or neither\. Got "
            r"subset='training'\. Got validation_split=None\.",
        ),
        ({"validation_split": 0.2}, "`subset` must be given together with"),
        ({"validation_split": 0.2, "subset": "test"}, '`subset` must be one of "training", "valid'),
        ({"validation_split": 0, "subset": "both"}, "`validation_split` must be above 0"),
        ({"validation_split": 1.5, "subset": "both"}, "`validation_split` must be a fraction"),
        (
            {"validation_split": 0.2, "subset": "both"},
            r"`seed` must be given where shuffled files are split, so that the parts do not",
        ),
        (
            {"validation_split": 0.01, "subset": "both", "seed": 0},
            "`validation_split` must leave at least one of the 11 files for validation",
        ),
    ],
)
def test_arguments_are_checked(folder, options, words):
    with pytest.raises(ArgumentError, match=words):
        image_dataset_from_directory(folder, **options)


def test_folders_without_pictures(folder, tmp_path):
    words = r"must hold pictures\. Got no file that ends with \.bmp, .*\. Name the folder that"
    for options in ({}, {"labels": None}):
        (tmp_path / "empty" / "a").mkdir(parents=True, exist_ok=True)
        with pytest.raises(DataError, match=rf'Folder "{tmp_path}/empty": {words}'):
            image_dataset_from_directory(tmp_path / "empty", **options)
    with pytest.raises(DataError, match=r'no such folder\. The nearest name there is ".*/animals"'):
        image_dataset_from_directory(tmp_path / "animal")
