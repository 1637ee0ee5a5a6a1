"""The same files, classes, labels, parts and pictures as Keras' image_dataset_from_directory."""

import shutil

import keras
import numpy as np
import pytest
from keras.src.utils import dataset_utils
from PIL import Image

from striate.utils import image_dataset_from_directory

pytestmark = pytest.mark.peers

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")


@pytest.fixture(scope="module")
def clothes(shared_data, tmp_path_factory):
    """Three classes of 6 JPEGs, one of them deeper, and of 2 PNGs of 32 × 32."""
    root = tmp_path_factory.mktemp("clothes")
    for name in ("hat", "shoes", "Dress"):
        files = sorted((shared_data / "clothing128" / "train" / name.lower()).iterdir())[:6]
        (root / name / "old").mkdir(parents=True)
        for i, path in enumerate(files):
            shutil.copy(path, root / name / ("old" if i == 3 else ".") / f"{9 + i}.JPG")
        for i, path in enumerate(files[:2]):
            with Image.open(path) as image:
                image.resize((32, 32)).save(root / name / f"small{i}.png")
    (root / "list.csv").write_text("no picture")
    return root


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("class_names", [None, ["shoes", "Dress"]])
@pytest.mark.parametrize("subset", [None, "training", "validation"])
def test_files_labels_and_parts(clothes, shuffle, class_names, subset):
    share = None if subset is None else 0.3
    paths, labels, names = dataset_utils.index_directory(
        str(clothes),
        "inferred",
        formats=SUFFIXES,
        class_names=class_names,
        shuffle=shuffle,
        seed=7,
        verbose=False,
    )
    paths, labels = dataset_utils.get_training_or_validation_split(paths, labels, share, subset)
    ours = image_dataset_from_directory(
        clothes,
        class_names=class_names,
        shuffle=shuffle,
        seed=7,
        validation_split=share,
        subset=subset,
    )
    assert ours.file_paths == list(paths)
    assert ours.class_names == names
    assert ours.source.targets.tolist() == labels.tolist()


def difference(ours, interpolation, **options):
    """Greatest difference from Keras' resizing of the same decoded pixels, of 255."""
    worst = 0.0
    for batch in ours.epoch(0):
        for image, number in zip(batch.images, batch.sample_ids.tolist(), strict=True):
            with Image.open(ours.file_paths[number]) as picture:
                pixels = np.asarray(picture.convert("RGB"), np.float32)
            theirs = keras.ops.image.resize(
                pixels, image.shape[:2], interpolation=interpolation, **options
            )
            worst = max(worst, (image - theirs.cpu()).abs().max().item())
    return worst


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("keep", [None, "crop_to_aspect_ratio", "pad_to_aspect_ratio"])
@pytest.mark.parametrize("size", [(50, 70), (180, 180)])
def test_resized_photos(clothes, size, keep, interpolation):
    options = {keep: True} if keep else {}
    ours = image_dataset_from_directory(
        clothes, image_size=size, interpolation=interpolation, **options
    )
    assert difference(ours, interpolation, **options) <= 1e-3


def test_pictures_of_the_wanted_size_are_exact(clothes):
    ours = image_dataset_from_directory(clothes, image_size=(32, 32), shuffle=False)
    small = {path: n for n, path in enumerate(ours.file_paths) if path.endswith(".png")}
    images, _, _ = ours.source.fetch(np.array(list(small.values())))
    assert len(small) == 6
    for path, image in zip(small, images, strict=True):
        np.testing.assert_array_equal(image.numpy(), keras.utils.img_to_array(Image.open(path)))


@pytest.mark.parametrize("label_mode", ["int", "categorical", None])
@pytest.mark.parametrize("color_mode", ["rgb", "grayscale", "rgba"])
def test_whole_batches(clothes, label_mode, color_mode):
    pytest.importorskip("grain", reason="Keras makes its batches with grain or TensorFlow")
    options = {
        "label_mode": label_mode,
        "color_mode": color_mode,
        "image_size": (40, 30),
        "shuffle": False,
        "batch_size": 5,
    }
    ours = list(image_dataset_from_directory(clothes, **options))
    theirs = list(
        keras.utils.image_dataset_from_directory(
            str(clothes), format="grain", verbose=False, **options
        )
    )
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        parts = other if label_mode else (other,)
        assert len(mine) == len(parts)
        for a, b in zip(mine, parts, strict=True):
            b = b.cpu().numpy() if hasattr(b, "cpu") else np.asarray(b)
            assert a.shape == b.shape
            assert np.abs(a.numpy() - b).max() <= 1e-3
