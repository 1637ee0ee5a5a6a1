"""x scale + offset, by one number or by one a channel."""

import pytest
import torch

from striate.layers import config as layer_config
from striate.models.keras_config.lines import constant, layer_of_line, map_numbers
from tests.models.keras_config.test_arguments import Refused, refuse


@pytest.mark.parametrize(
    ("scale", "offset"),
    [(2.0, -1.0), (-2.0, 0.0), ([2.0, 0.3], [1.0, -3.0]), ([2.0, 0.3], 1.0), (1.5, [0.0, 7.0])],
)
def test_the_layer_computes_the_line(scale, offset, close):
    x = torch.linspace(-3, 3, 12).reshape(1, 2, 3, 2)
    layer = layer_config.from_json(layer_of_line(scale, offset, refuse))
    close(layer(x), x * torch.tensor(scale) + torch.tensor(offset), 1e-6)


@pytest.mark.parametrize(
    ("scale", "offset"), [([1.0, -1.0], 0.0), ([1.0, 0.0], 0.0), ([1.0, 2.0], [1.0]), (-1.0, [1.0])]
)
def test_errors(scale, offset):
    words = r"must have as many offsets as scales, and those above 0, where .* Use one number for a"
    with pytest.raises(Refused, match=words):
        layer_of_line(scale, offset, refuse)


@pytest.mark.parametrize("value", [True, None, "1", [], [[]], [1.0, "2"], [[1.0, 2.0]] * 2, {}])
def test_what_is_no_constant(value):
    assert constant(value) is None


def test_each_number():
    assert map_numbers(lambda n: -n, [1.0, 2.0]) == [-1.0, -2.0]
    assert map_numbers(lambda n: -n, 3.0) == -3.0
