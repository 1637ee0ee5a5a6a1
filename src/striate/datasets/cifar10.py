"""CIFAR-10: 60,000 photographs of ten kinds of things, 32 × 32 colour."""

from __future__ import annotations

from striate.datasets.find import find
from striate.datasets.record import Record, RemoteFile, Split

__all__ = ["CLASS_NAMES", "RECORD", "load_data"]

CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)

RECORD = Record(
    name="cifar10",
    title="CIFAR-10 photographs",
    shapes={
        "x_train": (50_000, 32, 32, 3),
        "y_train": (50_000, 1),
        "x_test": (10_000, 32, 32, 3),
        "y_test": (10_000, 1),
    },
    class_names=CLASS_NAMES,
    files=(
        RemoteFile(
            "cifar-10-python.tar.gz",
            ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            170_498_071,
        ),
    ),
    licence="none stated; cite the reference",
    reference=(
        'Krizhevsky, "Learning multiple layers of features from tiny images", '
        "technical report, University of Toronto, 2009"
    ),
    md5={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
    },
    keras="cifar-10-batches-py-target",
)


def load_data() -> Split:
    """((x_train, y_train), (x_test, y_test)) as uint8 arrays, as Keras shapes them.

    Looked for in our cache, in STRIATE_DATA (cifar10.npz, cifar-10-python.tar.gz or the folder
    cifar-10-batches-py, there or in its folder cifar10), in Keras' cache; else downloaded
    (163 MiB). The batches' hashes are checked; an .npz has none and is taken by its shapes. The
    batches are pickles; they are read by a reader that knows arrays and executes nothing.

    Shape:
        output ((50000, 32, 32, 3), (50000, 1)), ((10000, 32, 32, 3), (10000, 1))

    Raises:
        DataError: no copy at hand and none to be had; every place and its reason are named.

    Reference:
        Krizhevsky, "Learning multiple layers of features from tiny images", technical report,
        University of Toronto, 2009.
    """
    return find(RECORD)
