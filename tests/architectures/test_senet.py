"""SENet: the counts of its code and of timm, the table's shapes, its cost, its weighing."""

import pytest
import torch
from tests.architectures.measures import counted_multiply_adds, empty, multiply_adds, trainable

from striate import Model
from striate.architectures import se_resnet20

COUNTS = {  # of the code, of timm
    "se_resnet18": (11_778_592, 11_779_624),
    "se_resnet34": (21_958_868, 21_960_416),
    "se_resnet50": (28_088_024, 28_088_024),
    "se_resnet101": (49_326_872, 49_326_872),
    "se_resnet152": (66_821_848, 66_821_848),
    "se_resnext50_32x4d": (27_559_896, 27_559_896),
    "senet154": (115_088_984, 115_088_984),
}
BILLIONS = {
    "se_resnet18": 1.81,
    "se_resnet34": 3.66,
    "se_resnet50": 3.86,  # table 1: 3.87
    "se_resnet101": 7.57,  # 7.60
    "se_resnet152": 11.29,  # 11.32
    "se_resnext50_32x4d": 4.23,  # 4.25
    "senet154": 20.69,  # 20.7
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name):
    found = tuple(trainable(empty(name, dialect)) for dialect in ("paper", "timm"))
    assert found == COUNTS[name]


def test_what_the_dense_layers_add():
    added = trainable(empty("se_resnet50")) - trainable(empty("resnet50"))
    blocks = ((3, 256), (4, 512), (6, 1024), (3, 2048))
    weights = 2 / 16 * sum(count * c**2 for count, c in blocks)  # equation 5 of the paper
    biases = sum(count * (c + c // 16) for count, c in blocks)
    assert added == weights + biases


@pytest.mark.parametrize("name", BILLIONS)
def test_multiply_adds(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(BILLIONS[name], abs=0.005)


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("se_resnet34", (64, 64, 128, 256, 512)),
        ("se_resnet101", (64, 256, 512, 1024, 2048)),
        ("senet154", (128, 256, 512, 1024, 2048)),
    ],
)
def test_stages(name, channels):
    sides = {"conv1": 112, "conv2": 56, "conv3": 28, "conv4": 14, "conv5": 7}
    wide = dict(zip(sides, channels, strict=True))
    for dialect in ("paper", "timm"):
        found = empty(name, dialect).stages
        assert found == {stage: (None, side, side, wide[stage]) for stage, side in sides.items()}


def test_stages_of_small_pictures():
    small = {"conv2": (None, 32, 32, 16), "conv3": (None, 16, 16, 32), "conv4": (None, 8, 8, 64)}
    assert empty("se_resnet20").stages == small
    assert trainable(empty("se_resnet20")) - trainable(empty("resnet20")) == 3 * sum(
        2 * c * (c // 16) + c + c // 16 for c in (16, 32, 64)
    )


def test_how_senet154_differs_from_resnext():
    net = empty("senet154")
    convolutions = [net.get_layer(f"conv3_block1_{number}_conv") for number in (1, 2, 3, 0)]
    assert [each.filters for each in convolutions] == [256, 512, 512, 512]
    assert [each.kernel_size[0] for each in convolutions] == [1, 3, 1, 3]
    assert [each.strides[0] for each in convolutions] == [1, 2, 1, 2]
    assert convolutions[1].groups == 64
    assert net.get_layer("dropout").rate == 0.2


def test_a_closed_gate_leaves_the_shortcut():
    net = se_resnet20((16, 16, 3), 2)
    x = torch.rand(1, 16, 16, 3)
    ends = [net.get_layer(f"conv4_block{number}_out").output for number in (1, 3)]
    maps = Model(net.input, ends)
    first, last = maps(x)
    assert not torch.equal(first, last)
    for number in (2, 3):
        excite = net.get_layer(f"conv4_block{number}_se").excite
        excite.weight.data.zero_()
        excite.bias.data.fill_(-1e4)
    first, last = maps(x)
    torch.testing.assert_close(first, last)


def test_any_size_and_channels():
    net = empty("se_resnext50_32x4d", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
