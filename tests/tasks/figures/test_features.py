"""The feature maps that are drawn are what the layers put out."""

import numpy as np
import torch

from striate import Input, Sequential, layers
from striate.records import Preprocess
from striate.tasks.convnet import convnet
from striate.tasks.figures import features_figure
from striate.tasks.figures.features import feature_layers

PREPROCESS = Preprocess(scale=1 / 255)


def test_the_first_layer_of_each_size_is_shown():
    assert feature_layers(convnet((28, 28, 1), 10)) == [
        "block1_relu1",
        "block2_relu1",
        "block3_relu1",
    ]
    plain = Sequential(
        [
            Input((9, 9, 1)),
            layers.Conv2D(4, 3, activation="relu", name="one"),
            layers.Conv2D(4, 3, padding="same", name="same_size"),
            layers.Conv2D(4, 3, name="two"),
            layers.Flatten(),
        ]
    )
    assert feature_layers(plain) == ["one", "two"]


def test_maps_are_those_of_the_layer_strongest_first():
    torch.manual_seed(0)
    net = convnet((8, 8, 1), 3)
    image = np.random.default_rng(0).integers(0, 256, (8, 8, 1), np.uint8)
    figure = features_figure(net, image, preprocess=PREPROCESS, label="cat (7.png)")
    x = torch.from_numpy(image)[None].float() / 255
    with torch.no_grad():
        kernel = net.get_layer("block1_conv1").weight
        maps = torch.conv2d(x.permute(0, 3, 1, 2), kernel, padding=1)[0] / np.sqrt(1 + 1e-3)
    maps = maps.relu().numpy()
    order = np.argsort(-maps.mean(axis=(1, 2)), kind="stable")[:16]
    picture, *tiles = (axes for axes in figure.axes if axes.get_visible())
    assert np.allclose(picture.images[0].get_array(), image[..., 0] / 255)
    assert len(tiles) == 2
    shown = tiles[0].images[0].get_array()  # two rows of eight, of 64 pixels and a gap of 4
    assert shown.shape == (2 * 68 - 4, 8 * 68 - 4)
    for place, number in enumerate(order):
        low, high = maps[number].min(), maps[number].max()
        top, left = place // 8 * 68, place % 8 * 68
        tile = shown[top : top + 64, left : left + 64].reshape(8, 8, 8, 8)
        wanted = (maps[number] - low) / (high - low or 1)
        assert np.allclose(tile, wanted[:, None, :, None], atol=1e-4)
    assert figure.get_suptitle() == "Feature maps of convnet for a picture of cat (7.png)"
