"""MBConv: its steps in torch's words, its names, and where its input is added."""

import pytest
import torch
import torch.nn.functional as F

import striate
from striate.layers.dialect import KERAS, TORCHVISION
from striate.layers.mbconv import KERNEL, MBConv, linear, plus_input


def built(block, dialect=TORCHVISION, side=9, **more):
    """A model of one block, each of its numbers drawn."""
    x = striate.Input((side, side, 8))
    if more:
        y = plus_input(x, block, dialect=dialect, name="b", **more)
    else:
        y = block(x, dialect=dialect, name="b")
    model = striate.Model(x, y)
    for name, tensor in model.state_dict().items():
        tensor.copy_(
            torch.rand(tensor.shape) if "running_var" in name else 0.3 * torch.randn(tensor.shape)
        )
    return model


def by_torch(model, x, *, strides, kernel, act, squeezes=True):
    """The block in torch's functions, n c h w, with borders alike on both sides."""

    def conv_norm(x, conv, norm, **words):
        conv, norm = model.get_layer(f"b_{conv}"), model.get_layer(f"b_{norm}")
        x = F.conv2d(x, conv.weight, **words)
        stats = (norm.running_mean, norm.running_var, norm.weight, norm.bias)
        return F.batch_norm(x, *stats, eps=norm.epsilon)

    x = x.permute(0, 3, 1, 2)
    if "b_expand_conv" in model.layer_names:
        x = act(conv_norm(x, "expand_conv", "expand_bn"))
    x = act(conv_norm(x, "dwconv", "bn", stride=strides, padding=kernel // 2, groups=x.shape[1]))
    if squeezes:
        reduce, expand = (model.get_layer(f"b_se_{name}") for name in ("reduce", "expand"))
        gate = act(F.conv2d(x.mean((2, 3), keepdim=True), reduce.weight, reduce.bias))
        x = x * torch.sigmoid(F.conv2d(gate, expand.weight, expand.bias))
    return conv_norm(x, "project_conv", "project_bn").permute(0, 2, 3, 1)


@pytest.mark.parametrize(
    ("expansion", "strides", "kernel"), [(1, 1, 3), (6, 1, 5), (4, 2, 3), (6, 2, 5)]
)
def test_its_steps_are_torchs(expansion, strides, kernel, close):
    model = built(MBConv(expansion, 12, strides, kernel))
    x = torch.randn(2, 9, 9, 8)
    close(model(x), by_torch(model, x, strides=strides, kernel=kernel, act=F.silu))
    assert model.get_layer("b_se_reduce").filters == 2  # a quarter of the input's channels


def test_a_lighter_one(close):
    model = built(MBConv(6, 12, 2, activation="relu6", squeezes=False))
    x = 3 * torch.randn(2, 9, 9, 8)
    close(model(x), by_torch(model, x, strides=2, kernel=3, act=F.relu6, squeezes=False))
    assert not [name for name in model.layer_names if "_se_" in name]


def test_the_border_is_the_dialects():
    assert built(MBConv(6, 12, 2), KERAS).get_layer("b_dwconv").padding == "same"
    assert built(MBConv(6, 12, 2), TORCHVISION).get_layer("b_dwconv").padding == (
        (1, 1),
        (1, 1),
    )


def test_names():
    names = built(MBConv(6, 8, windows="windows"), left_out=0.2).layer_names
    assert names[1:] == [
        "b_expand_conv",
        "b_expand_bn",
        "b_expand_activation",
        "b_windows",
        "b_bn",
        "b_activation",
        "b_se_squeeze",
        "b_se_reduce",
        "b_se_expand",
        "b_se_excite",
        "b_project_conv",
        "b_project_bn",
        "b_drop",
        "b_add",
    ]


def test_the_input_is_added_where_it_fits(close):
    model = built(MBConv(6, 8), left_out=0.5)
    x = torch.randn(2, 9, 9, 8)
    close(model(x), x + by_torch(model, x, strides=1, kernel=3, act=F.silu))
    assert model.get_layer("b_drop").rate == 0.5
    whole = built(MBConv(6, 8), left_out=0.0).layer_names
    assert "b_drop" not in whole
    assert "b_add" in whole
    for block in (MBConv(6, 8, 2), MBConv(6, 12)):
        assert built(block, left_out=0.5).layer_names[-1] == "b_project_bn"


def test_linear_is_a_convolution_and_its_norm():
    x = striate.Input((8, 8, 4))
    model = striate.Model(x, linear(x, 6, 3, strides=2, dialect=KERAS, name="a"))
    assert (model.layer_names[1:], model.output.shape) == (["a_conv", "a_bn"], (None, 4, 4, 6))
    assert model.get_layer("a_conv").kernel_initializer is KERNEL
