"""MNIST: 70,000 handwritten digits, 28 × 28 grey."""

from __future__ import annotations

from striate.datasets.find import find
from striate.datasets.record import Record, RemoteFile, Split

__all__ = ["CLASS_NAMES", "RECORD", "load_data"]

CLASS_NAMES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


def _file(name: str, sha256: str, size_bytes: int) -> RemoteFile:
    return RemoteFile(name, tuple(mirror + name for mirror in _MIRRORS), sha256, size_bytes)


RECORD = Record(
    name="mnist",
    title="MNIST handwritten digits",
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
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            9_912_422,
        ),
        _file(
            "train-labels-idx1-ubyte.gz",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            28_881,
        ),
        _file(
            "t10k-images-idx3-ubyte.gz",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            1_648_877,
        ),
        _file(
            "t10k-labels-idx1-ubyte.gz",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            4_542,
        ),
    ),
    licence="CC BY-SA 3.0",
    reference=(
        "LeCun, Bottou, Bengio, Haffner, "
        '"Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998'
    ),
    sha256={
        "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    },
)


def load_data() -> Split:
    """((x_train, y_train), (x_test, y_test)) as uint8 arrays, as Keras shapes them.

    Looked for in our cache, in STRIATE_DATA (mnist.npz, mnist.pkl.gz or the four idx files, .gz
    or not, there or in its folder mnist), in Keras' cache; else downloaded. Wherever it comes
    from, the arrays' sha256 are checked.

    Shape:
        output ((60000, 28, 28), (60000,)), ((10000, 28, 28), (10000,))

    Raises:
        DataError: no copy at hand and none to be had; every place and its reason are named.

    Reference:
        LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
        recognition", Proceedings of the IEEE 86(11), 1998.
    """
    return find(RECORD)
