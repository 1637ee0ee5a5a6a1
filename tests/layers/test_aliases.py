import pytest

from striate import layers
from striate.layers import aliases

# What the books call -> the layer that it is.
TABLE = {
    "AvgPool2D": "AveragePooling2D",
    "Convolution2D": "Conv2D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "MaxPool2D": "MaxPooling2D",
}


@pytest.mark.parametrize("alias", aliases.__all__)
def test_an_alias_is_the_same_class(alias):
    assert getattr(layers, alias) is getattr(layers, TABLE[alias])


def test_the_table_is_whole():
    assert set(TABLE) == set(aliases.__all__)
    assert set(TABLE) <= set(layers.__all__)
