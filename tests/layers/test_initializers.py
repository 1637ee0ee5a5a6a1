import math

import pytest
import torch
from scipy import stats

from striate.errors import ArgumentError
from striate.layers import initializers
from striate.layers.initializers import fans

SHAPE = (3, 3, 64, 256)
FAN_IN, FAN_OUT = 9 * 64, 9 * 256

# name -> (distribution, variance) of a kernel of SHAPE, as the papers have them
RULES = {
    "glorot_uniform": ("uniform", 2 / (FAN_IN + FAN_OUT)),
    "glorot_normal": ("truncated", 2 / (FAN_IN + FAN_OUT)),
    "he_uniform": ("uniform", 2 / FAN_IN),
    "he_normal": ("truncated", 2 / FAN_IN),
    "lecun_uniform": ("uniform", 1 / FAN_IN),
    "lecun_normal": ("truncated", 1 / FAN_IN),
    "variance_scaling": ("truncated", 1 / FAN_IN),
    "random_normal": ("normal", 0.05**2),
    "truncated_normal": ("truncated", (0.05 * 0.87962566) ** 2),
    "random_uniform": ("uniform", 0.05**2 / 3),
}

# distribution of unit variance
UNIT = {
    "uniform": stats.uniform(-math.sqrt(3), 2 * math.sqrt(3)),
    "normal": stats.norm(),
    "truncated": stats.truncnorm(-2, 2, scale=1 / 0.87962566103423978),
}


@pytest.mark.parametrize("name", RULES)
def test_draws_have_the_stated_distribution(name):
    kind, variance = RULES[name]
    draws = initializers.get(name)(SHAPE)
    assert draws.shape == SHAPE
    unit = (draws.flatten() / math.sqrt(variance)).numpy()
    assert stats.kstest(unit, UNIT[kind].cdf).pvalue > 1e-3


def test_constants():
    assert initializers.get("zeros")((2, 3)).equal(torch.zeros(2, 3))
    assert initializers.get("ones")((2,)).equal(torch.ones(2))
    assert initializers.Constant(0.5)((2,)).tolist() == [0.5, 0.5]


def test_every_name_is_tested():
    assert set(initializers.initializer_types) == {*RULES, "zeros", "ones", "constant"}


def test_draws_follow_torchs_seed_and_type():
    torch.manual_seed(5)
    first = initializers.GlorotUniform()((4, 4))
    torch.manual_seed(5)
    assert initializers.GlorotUniform()((4, 4)).equal(first)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        for name in initializers.initializer_types:
            assert initializers.get(name)((2, 2)).dtype == torch.float64
    finally:
        torch.set_default_dtype(before)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), (1, 1)), ((5,), (5, 5)), ((4, 7), (4, 7)), ((3, 3, 16, 32), (144, 288))],
)
def test_fans(shape, expected):
    assert fans(shape) == expected


def test_scale_and_mode():
    draws = initializers.VarianceScaling(3.0, "fan_out", "untruncated_normal")(SHAPE)
    assert draws.var().item() == pytest.approx(3 / FAN_OUT, rel=0.05)
    assert draws.abs().max() > 3 * math.sqrt(3 / FAN_OUT)


def test_get_returns_an_initializer_as_it_is():
    given = initializers.HeNormal()
    assert initializers.get(given) is given
    assert given == initializers.get("he_normal")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: initializers.get("he_norm"), r'must name a known initializer.*Nearest: "he_norm'),
        (
            lambda: initializers.get(3, place='Conv2D "x"', argument="kernel_initializer"),
            'Conv2D "x": `kernel_initializer` must',
        ),
        (lambda: initializers.VarianceScaling(mode="fan"), "`mode` must be one of"),
        (lambda: initializers.VarianceScaling(distribution="flat"), "`distribution` must be one"),
    ],
)
def test_error_words(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
