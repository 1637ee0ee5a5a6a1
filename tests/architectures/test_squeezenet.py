"""SqueezeNet: the counts of table 1 and of torchvision, the table's shapes, its cost."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    trainable,
)

COUNTS = {"squeezenet": 1_248_424, "squeezenet_1_1": 1_235_496}
FIRES = {  # table 1, "total without pruning"
    "fire2": 11_920,
    "fire3": 12_432,
    "fire4": 45_344,
    "fire5": 49_440,
    "fire6": 104_880,
    "fire7": 111_024,
    "fire8": 188_992,
    "fire9": 197_184,
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name):
    for dialect in ("paper", "torchvision"):
        assert trainable(empty(name, dialect)) == COUNTS[name]


def test_counts_of_each_row_of_table_1():
    net = empty("squeezenet")
    for fire, count in FIRES.items():
        inside = [name for name in net.layer_names if name.startswith(f"{fire}_")]
        assert sum(net.get_layer(name).count_params() for name in inside) == count
    assert net.get_layer("conv1").count_params() == 14_208
    assert net.get_layer("conv10").count_params() == 513_000


def test_stages_of_table_1():
    sizes = [shape[1:] for shape in empty("squeezenet").stages.values()]
    assert sizes == [(111, 111, 96), (55, 55, 256), (27, 27, 512), (13, 13, 512)]
    sizes = [shape[1:] for shape in empty("squeezenet_1_1").stages.values()]
    assert sizes == [(113, 113, 64), (56, 56, 128), (28, 28, 256), (14, 14, 512)]


@pytest.mark.parametrize(("name", "billions"), [("squeezenet", 0.83), ("squeezenet_1_1", 0.39)])
def test_multiply_adds(name, billions):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(billions, abs=0.005)


def test_the_later_version_is_twice_as_cheap():
    """The authors say 2.4 times less computation, for pictures of 224 pixels."""
    costs = [multiply_adds(empty(name, input_shape=(224, 224, 3))) for name in COUNTS]
    assert costs[0] / costs[1] == pytest.approx(2.3, abs=0.15)


def test_any_size_and_channels():
    assert empty("squeezenet", input_shape=(None, None, 4), classes=3).output.shape == (None, 3)
