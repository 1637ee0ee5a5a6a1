"""What our layers are called in Keras: by name, by the counter of the class, in nested models."""

import torch

import striate
from striate import layers
from striate.architectures import convnext_tiny, resnet18, resnet20, xception
from striate.models.keras_layers import layers_in_keras, map_of, networks_in, other_dialects
from striate.models.origin import Origin


def small_xception(dialect="keras", **options):
    with torch.device("meta"):
        return xception((71, 71, 3), 2, dialect=dialect, **options)


def test_a_plain_net():
    x = inputs = striate.Input((8, 8, 3))
    short = layers.Conv2D(3, 1, name="short")(x)
    x = layers.Conv2D(3, 1, name="stem")(x)
    x = layers.BatchNormalization()(layers.Dropout(0.5)(x))
    model = striate.Model(inputs, layers.Add()([x, short]))
    found = layers_in_keras(model)
    assert [(each.name, each.counted) for each in found] == [
        ("stem", "conv2d"),
        ("batch_normalization", "batch_normalization"),
        ("short", "conv2d_1"),
    ]
    assert [tuple(view.shape) for view in found[0].views] == [(1, 1, 3, 3), (3,)]


def test_views_share_the_weights():
    model = striate.Sequential([layers.Dense(2, input_shape=(3,))])
    (found,) = layers_in_keras(model)
    found.views[0][2, 1] = 7.0
    assert model.layers[0].weight[1, 2] == 7.0
    assert found.tensors[0] is model.layers[0].weight


def test_models_in_models():
    inner = striate.Sequential(
        [layers.Dense(2, input_shape=(3,)), layers.Dense(4, name="a")], name="inner"
    )
    x = inputs = striate.Input((3,))
    y = striate.Model(x, layers.Dense(3)(x))(layers.Dense(3)(inputs))
    model = striate.Model(inputs, inner(y))
    assert [(each.name, each.counted) for each in layers_in_keras(model)] == [
        ("dense", "dense"),
        ("model/dense", "functional/dense"),
        ("inner/dense", "sequential/dense"),
        ("inner/a", "sequential/dense_1"),
    ]
    assert [each.name for each in networks_in(model)] == ["model", "model", "inner"]


def test_a_net_that_keras_has_takes_its_names():
    net = small_xception()
    found = {each.layer.name: (each.name, each.counted) for each in layers_in_keras(net)}
    assert found["block1_conv1"] == ("block1_conv1", "conv2d")
    assert found["block2_shortcut"][1] == "conv2d_2"
    shortcuts = [found[f"block{number}_shortcut"][0] for number in (2, 3, 4, 13)]
    numbers = [int(name.removeprefix("conv2d_")) for name in shortcuts]
    assert numbers == sorted(numbers)  # as they were made
    with torch.device("meta"):
        wide = convnext_tiny((32, 32, 3), 2, dialect="keras")
    stem = layers_in_keras(wide)[0]
    assert stem.name == "convnext_tiny_stem/convnext_tiny_stem_conv"
    assert stem.counted == "sequential/conv2d"


def test_also_inside_another_model():
    base = small_xception(include_top=False)
    x = striate.Input((71, 71, 3))
    with torch.device("meta"):
        model = striate.Model(x, layers.Dense(2)(layers.GlobalAveragePooling2D()(base(x))))
    found = {each.layer.name: each.name for each in layers_in_keras(model)}
    assert found["block1_conv1"] == "xception/block1_conv1"
    assert found["block2_shortcut"].startswith("xception/conv2d_")
    assert found["dense"] == "dense"


def test_maps_and_dialects():
    assert map_of(Origin("xception", "paper")).dialect == "paper"
    assert map_of(Origin("resnet50", "timm")).dialect == "keras"
    assert map_of(Origin("resnet18", "timm")) is None
    assert map_of(None) is None
    assert other_dialects(small_xception("paper")) == []
    assert other_dialects(small_xception("timm")) == [Origin("xception", "timm")]
    with torch.device("meta"):
        assert other_dialects(resnet18((32, 32, 3), 2)) == []
        assert other_dialects(resnet20((32, 32, 3), 2)) == []
