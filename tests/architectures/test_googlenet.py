"""GoogLeNet: the counts of the paper's table and of torchvision, its shapes, its cost."""

import numpy as np
import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    trainable,
)

import striate
from striate import Model
from striate.architectures import googlenet, googlenet_3x3
from striate.errors import ShapeError

ROWS = {  # table 1, "ops": millions; 5a prints 54, but its own filters make 51
    "3a": 128,
    "3b": 304,
    "4a": 73,
    "4b": 88,
    "4c": 100,
    "4d": 119,
    "4e": 170,
    "5a": 51,
    "5b": 71,
}


def main(net):
    """What inference runs."""
    return Model(net.input, net.output)


def inside(net, beginning):
    """Parameters of the layers whose names begin so."""
    pairs = zip(net.layer_names, net.layers, strict=True)
    return sum(
        p.numel() for name, layer in pairs if name.startswith(beginning) for p in layer.parameters()
    )


def test_counts_of_the_paper():
    net = empty("googlenet")
    assert trainable(main(net)) == 6_998_552
    assert (inside(net, "aux1"), inside(net, "aux2")) == (3_188_840, 3_190_888)
    assert trainable(net) == 13_378_280
    assert trainable(empty("googlenet", include_top=False)) == 6_998_552 - 1_025_000


@pytest.mark.parametrize("dialect", ["paper", "torchvision"])
def test_counts_of_torchvision(dialect):
    net = empty("googlenet_3x3", dialect)
    assert (trainable(main(net)), trainable(net)) == (6_624_904, 13_004_888)


@pytest.mark.parametrize("row", ROWS)
def test_rows_of_table_1(row):
    net, millions = empty("googlenet"), 0
    for name, layer in zip(net.layer_names, net.layers, strict=True):
        if name.startswith(f"inception_{row}") and layer.weights:
            millions += layer.cost((1, *layer.input.shape[1:])).multiply_adds / 1e6
    assert abs(millions - ROWS[row]) < 1


def test_stages_of_table_1():
    sizes = {name: shape[1:] for name, shape in empty("googlenet").stages.items()}
    assert sizes == {
        "conv2": (56, 56, 192),
        "inception_3": (28, 28, 480),
        "inception_4": (14, 14, 832),
        "inception_5": (7, 7, 1024),
    }
    assert empty("googlenet_3x3").stages == empty("googlenet").stages
    net = empty("googlenet")
    channels = {"3a": 256, "4a": 512, "4b": 512, "4c": 512, "4d": 528, "5a": 832}
    for name, wanted in channels.items():
        assert net.get_layer(f"inception_{name}_concat").output.shape[-1] == wanted
    for name, wanted in {"aux1": (4, 4, 512), "aux2": (4, 4, 528)}.items():
        assert net.get_layer(f"{name}_pool").output.shape[1:] == wanted


@pytest.mark.parametrize(("name", "billions"), [("googlenet", 1.58), ("googlenet_3x3", 1.50)])
def test_multiply_adds(name, billions):
    net = main(empty(name))
    assert multiply_adds(net) == counted_multiply_adds(empty(name))
    assert multiply_adds(net) / 1e9 == pytest.approx(billions, abs=0.005)


def test_the_classifiers_beside_count_three_tenths(tmp_path):
    net = googlenet((79, 79, 1), 3)
    x, y = np.random.RandomState(0).rand(4, 79, 79, 1).astype("float32"), np.array([0, 1, 2, 0])
    net.compile("sgd", loss="sparse_categorical_crossentropy")
    logs = net.fit(x, y, batch_size=4, verbose=0).history
    whole = logs["predictions_loss"][0] + 0.3 * (logs["aux1_loss"][0] + logs["aux2_loss"][0])
    assert logs["loss"][0] == pytest.approx(whole, rel=1e-6)
    assert net.predict(x).shape == (4, 3)
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert np.array_equal(again.predict(x), net.predict(x))
    assert list(again(x, training=True)) == ["predictions", "aux1", "aux2"]
    assert again.stages == net.stages


def test_any_size_and_channels():
    bare = empty("googlenet", include_top=False, input_shape=(None, None, 4))
    assert bare.output.shape == (None, None, None, 1024)
    assert empty("googlenet_3x3", "torchvision", input_shape=(None, None, 4), classes=3)
    with pytest.raises(ShapeError, match=r'"aux1_pool": input must be at least as large as'):
        googlenet_3x3((78, 78, 3))
