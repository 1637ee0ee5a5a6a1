"""Fashion-MNIST: 70,000 articles of clothing, 28 × 28 grey, in the form of MNIST."""

from __future__ import annotations

from striate.datasets.find import find
from striate.datasets.record import Record, RemoteFile, Split

__all__ = ["CLASS_NAMES", "RECORD", "load_data"]

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

_MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
)


def _file(name: str, sha256: str, size_bytes: int) -> RemoteFile:
    return RemoteFile(name, tuple(mirror + name for mirror in _MIRRORS), sha256, size_bytes)


RECORD = Record(
    name="fashion_mnist",
    title="Fashion-MNIST articles of clothing",
    shapes={
        "x_train": (60_000, 28, 28),
        "y_train": (60_000,),
        "x_test": (10_000, 28, 28),
        "y_test": (10_000,),
    },
    class_names=CLASS_NAMES,
    files=(
        _file(
            "train-images-idx3-ubyte.gz",
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            26_421_880,
        ),
        _file(
            "train-labels-idx1-ubyte.gz",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            29_515,
        ),
        _file(
            "t10k-images-idx3-ubyte.gz",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            4_422_102,
        ),
        _file(
            "t10k-labels-idx1-ubyte.gz",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            5_148,
        ),
    ),
    licence="MIT",
    reference=(
        'Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking '
        'machine learning algorithms", 2017, arXiv:1708.07747'
    ),
    sha256={
        "x_train": "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
        "y_train": "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
        "x_test": "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
        "y_test": "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
    },
    keras="fashion-mnist",
    folders=("/usr/share/datasets/fashion-mnist",),
)


def load_data() -> Split:
    """((x_train, y_train), (x_test, y_test)) as uint8 arrays, as Keras shapes them.

    Looked for in our cache, in STRIATE_DATA (fashion_mnist.npz or the four idx files, .gz or not,
    there or in its folder fashion_mnist), in Keras' cache, where Debian's package
    dataset-fashion-mnist puts it; else downloaded. Wherever it comes from, the arrays' sha256 are
    checked.

    Shape:
        output ((60000, 28, 28), (60000,)), ((10000, 28, 28), (10000,))

    Raises:
        DataError: no copy at hand and none to be had; every place and its reason are named.

    Reference:
        Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine
        learning algorithms", 2017, arXiv:1708.07747.
    """
    return find(RECORD)
