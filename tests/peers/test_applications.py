"""Keras' applications: their files' addresses and hashes, their preprocessing, their nets."""

import importlib
import inspect

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving import legacy_h5_format
from keras.src.utils import file_utils
from tests.weights.file_server import serving

from striate import applications
from striate.applications import pretrained
from striate.architectures import ARCHITECTURES
from striate.io.digest import Digest
from striate.records import Preprocess
from striate.weights.catalogue import published_weights
from striate.weights.records import PublishedWeights, Web

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:`input_shape` is undefined or non-square:UserWarning"),
]

SAME = (
    *("vgg16", "vgg19", "resnet", "resnet50", "resnet_v2", "xception", "inception_v3"),
    *("densenet", "mobilenet", "mobilenet_v2", "mobilenet_v3", "efficientnet"),
    *("efficientnet_v2", "convnext"),
)


def keras_file(record, monkeypatch):
    """(address, hash) of the file that Keras would fetch for the net of a record."""
    ours = {"mobilenet_v1": "MobileNet", "mobilenet_v3_small": "MobileNetV3Small"}
    name = ours.get(record.architecture) or next(
        name
        for name, net in vars(applications).items()
        if getattr(net, "architecture", None) == record.architecture
    )
    asked = []

    def get_file(file, url, **options):
        asked.append((url, options.get("file_hash")))
        raise KeyboardInterrupt

    build = getattr(keras.applications, name)
    monkeypatch.setattr(file_utils, "get_file", get_file)
    with pytest.raises(KeyboardInterrupt):
        build(weights="imagenet", include_top=record.include_top)
    return asked[0]


@pytest.mark.parametrize("include_top", [True, False])
@pytest.mark.parametrize("architecture", ["mobilenet_v1", "mobilenet_v3_small", "vgg16"])
def test_a_file_is_the_one_that_keras_would_fetch(architecture, include_top, monkeypatch):
    (record,) = (
        each
        for each in published_weights()
        if (each.architecture, each.source, each.include_top)
        == (architecture, "keras", include_top)
    )
    known = record.digest.digits if record.digest else None
    assert keras_file(record, monkeypatch) == (record.place.url, known)


@pytest.mark.long
@pytest.mark.parametrize(
    "record",
    [r for r in published_weights() if r.source == "keras"],
    ids=lambda r: f"{r.architecture}-{r.include_top}",
)
def test_every_file_is_the_one_that_keras_would_fetch(record, monkeypatch):
    if record.architecture.startswith("mobilenet_v1_"):
        pytest.skip("asked for by a width")
    known = record.digest.digits if record.digest else None
    assert keras_file(record, monkeypatch) == (record.place.url, known)


def test_all_hashes_stand_in_the_source_of_keras():
    folder = importlib.import_module("keras.src.applications")
    words = ""
    for name in SAME:
        if name != "resnet50":
            module = importlib.import_module(f"{folder.__name__}.{name}")
            words += inspect.getsource(module)
    for each in published_weights():
        if each.source == "keras" and each.digest is not None:
            assert f'"{each.digest.digits}"' in words, each


@pytest.mark.parametrize("name", SAME)
def test_pixels_are_prepared_alike(name, rng, close):
    x = rng.integers(0, 256, (2, 5, 6, 3)).astype(np.float32)
    theirs = getattr(keras.applications, name).preprocess_input(x.copy())
    close(getattr(applications, name).preprocess_input(x), np.ascontiguousarray(theirs), 1e-6)


@pytest.fixture
def by_keras(tmp_path, monkeypatch, rng):
    """by_keras(name): (Keras' net with weights as if fetched, their file in its old format)."""

    def made(name, side):
        build = getattr(keras.applications, name)
        options = {"include_top": False, "pooling": "avg", "input_shape": (side, side, 3)}
        net = build(weights=None, **options)
        for weight in net.weights:
            values = np.asarray(weight)
            if "variance" in weight.path:
                weight.assign(rng.uniform(0.5, 1.5, values.shape))
            elif values.ndim == 1:  # kernels are drawn by Keras
                calm = 0.2 if "project_bn/gamma" in weight.path else 1.0  # a block adds little
                weight.assign(calm * values + 0.05 * rng.standard_normal(values.shape))
        path = tmp_path / f"{name}_notop.h5"
        with h5py.File(path, "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, net)
        monkeypatch.setattr(file_utils, "get_file", lambda *_, **__: str(path))
        return build(weights="imagenet", **options), path

    return made


@pytest.mark.parametrize(
    ("name", "architecture"),
    [
        ("MobileNetV3Small", "mobilenet_v3_small"),
        ("EfficientNetB0", "efficientnet_b0"),
        pytest.param("ConvNeXtTiny", "convnext_tiny", marks=pytest.mark.long),
        pytest.param("EfficientNetV2S", "efficientnet_v2_s", marks=pytest.mark.long),
        pytest.param("ResNet50", "resnet50", marks=pytest.mark.long),
        pytest.param("VGG16", "vgg16", marks=pytest.mark.long),
        pytest.param("Xception", "xception", marks=pytest.mark.long),
    ],
)
def test_a_file_of_keras_gives_the_same_from_the_same_pixels(
    name, architecture, by_keras, tmp_path, monkeypatch, rng, close
):
    """Fetched from a server, converted, and put behind the layers that Keras' net begins with."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STRIATE_OFFLINE", raising=False)
    side = 80 if ARCHITECTURES.get(architecture).least_px > 64 else 64
    theirs, path = by_keras(name, side)
    digest = Digest("md5", Digest("md5", "0" * 32).of_file(path))
    preprocess = Preprocess(size=side, channels=3)
    with serving({"/w.h5": path.read_bytes()}) as server:
        record = PublishedWeights(
            architecture,
            "imagenet",
            "keras",
            "keras",
            Web(f"{server.url}/w.h5", digest),
            "MIT",
            preprocess,
            include_top=False,
        )
        base = pretrained(
            architecture, record, include_top=False, pooling="avg", input_shape=(side, side, 3)
        ).net
    x = rng.integers(0, 256, (2, side, side, 3)).astype(np.float32)
    close(base.predict(x, verbose=0), theirs.predict(x, verbose=0), 1e-4)
