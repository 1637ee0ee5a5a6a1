import math
import string

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate import _check
from striate.errors import ArgumentError, DataError, PlanError, ShapeError, WeightsError

PLACE = 'Conv2D "stem"'


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((None, 28, 28, 1), "(n, 28, 28, 1)"),
        ((None, None, None, 3), "(n, None, None, 3)"),
        ((8, 32), "(8, 32)"),
        (torch.Size([2]), "(2)"),
        ((), "()"),
    ],
)
def test_shape_text(shape, text):
    assert _check.shape_text(shape) == text


def test_nearest_puts_the_likely_name_first():
    known = ["sgd", "rmsprop", "adam", "adamw", "nadam", "adagrad"]
    assert _check.nearest("Adma", known)[0] == "adam"
    assert _check.nearest("RMSProp", known)[0] == "rmsprop"
    assert len(_check.nearest("x", known)) == 3
    assert _check.nearest(7, []) == []


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        (0, ((0, 0), (0, 0))),
        (np.int64(2), ((2, 2), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        ((1, (0, 3)), ((1, 1), (0, 3))),
        ([[1, 2], (3, 4)], ((1, 2), (3, 4))),
    ],
)
def test_sides_are_pairs(value, pairs):
    assert _check.sides(PLACE, "padding", value) == pairs


@pytest.mark.parametrize("value", [-1, 0.5, True, None, "same", (1,), (1, 2, 3), (1, (2, -3))])
def test_sides_refuses_what_is_no_border(value):
    words = r"`padding` must be a number of pixels, \(h, w\), or \(\(top, bottom\), \(left, right"
    with pytest.raises(ArgumentError, match=words):
        _check.sides(PLACE, "padding", value)


def test_fail_is_place_rule_value_way_out():
    with pytest.raises(ArgumentError) as caught:
        _check.fail(PLACE, "groups", "divide the input channels", 3, "Use 1, 2 or 4.")
    assert str(caught.value) == (
        'Conv2D "stem": `groups` must divide the input channels. Got groups=3. Use 1, 2 or 4.'
    )
    assert isinstance(caught.value, ValueError)
    with pytest.raises(ArgumentError, match=r"Got groups='x'\.$"):
        _check.fail(PLACE, "groups", "be a number", "x")


def test_shape_fail_shows_the_input():
    words = r"Dense: input must have 64 features\. Got input \(n, 32\)\. Add a Flatten\."
    with pytest.raises(ShapeError, match=words):
        _check.shape_fail("Dense", "have 64 features", (None, 32), "Add a Flatten.")


def test_data_and_weights_fail_name_the_file():
    with pytest.raises(DataError, match=r"^a\.png: must be a picture\. Got 3 bytes\. Remove it\.$"):
        _check.data_fail("a.png", "be a picture", "3 bytes", "Remove it.")
    with pytest.raises(WeightsError, match=r"^run/: must hold model\.json\. Got no file\. Save\.$"):
        _check.weights_fail("run/", "hold model.json", "no file", "Save.")


def test_plan_fail_says_what_the_machine_cannot_do():
    with pytest.raises(PlanError, match=r"^fit: must have memory\. Got 1 GiB\. Use less\.$"):
        _check.plan_fail("fit", "have memory", "1 GiB", "Use less.")


@given(st.integers(1, 2**40))
def test_positive_int_takes_whole_numbers_of_any_kind(value):
    for kind in (int, np.int64, torch.tensor):
        taken = _check.positive_int(PLACE, "filters", kind(value))
        assert taken == value
        assert type(taken) is int


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        1.0,
        True,
        "3",
        None,
        np.float32(2),
        (1,),
        np.ones(2, int),
        torch.ones(2),
        torch.ones(1),
    ],
)
def test_positive_int_refuses(value):
    words = r'^Conv2D "stem": `filters` must be a whole number of at least 1\. Got filters='
    with pytest.raises(ArgumentError, match=words):
        _check.positive_int(PLACE, "filters", value)


def test_positive_int_says_what_to_do():
    with pytest.raises(ArgumentError, match=r"Got epochs=0\. Use 1, 2, 3, …$"):
        _check.positive_int("fit", "epochs", 0)
    with pytest.raises(ArgumentError, match=r"Got epochs=0\. Train at least once\.$"):
        _check.positive_int("fit", "epochs", 0, "Train at least once.")


@pytest.mark.parametrize("value", [0, 7, 2**63 - 1, np.int64(5)])
def test_seed(value):
    assert _check.seed(PLACE, value) == int(value)


@pytest.mark.parametrize("value", [-1, 2**63, 2**64, 1.0, "3", None, True])
def test_seed_refuses(value):
    with pytest.raises(ArgumentError, match=r"`seed` must be a whole number from 0 to 2\*\*63 - 1"):
        _check.seed(PLACE, value)


@pytest.mark.parametrize(
    ("value", "taken"), [(3, (3, 3)), ((3, 5), (3, 5)), ([2, 1], (2, 1)), (np.int32(4), (4, 4))]
)
def test_pair(value, taken):
    assert _check.pair(PLACE, "kernel_size", value) == taken


@pytest.mark.parametrize("value", [0, (3,), (3, 0), (1, 2, 3), 1.5, (3, True), "33", None, ()])
def test_pair_refuses(value):
    words = r"`kernel_size` must be a whole number of at least 1, or a pair \(height, width\)"
    with pytest.raises(ArgumentError, match=words + r".*For example kernel_size=3 or kernel_size="):
        _check.pair(PLACE, "kernel_size", value)


def test_pair_of_numbers_that_may_be_0():
    assert _check.pair(PLACE, "cut", (0, 2), 0) == (0, 2)
    with pytest.raises(ArgumentError, match=r"`cut` must be a whole number of at least 0, or"):
        _check.pair(PLACE, "cut", (0, -1), 0)


@pytest.mark.parametrize(
    ("value", "taken"), [(3, (3, 3)), ((3, 5), (3, 5)), ((1, 2, 3, 1), (2, 3)), ([1] * 4, (1, 1))]
)
def test_window(value, taken):
    assert _check.window(PLACE, "strides", value) == taken


@pytest.mark.parametrize("value", [(2, 1, 1, 1), (1, 1, 1, 2), (1, 0, 1, 1), (1, 1, "2", 1)])
def test_window_refuses(value):
    words = r"`strides` must begin and end with 1 where it is four numbers \(1, height, width, 1\)"
    with pytest.raises(ArgumentError, match=words):
        _check.window(PLACE, "strides", value)
    with pytest.raises(ArgumentError, match="`strides` must be a whole number of at least 1, or a"):
        _check.window(PLACE, "strides", value[:3])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_takes_finite_numbers(value):
    assert _check.number(PLACE, "factor", value) == value
    assert _check.number(PLACE, "factor", np.float64(value)) == value


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        ("x", -math.inf, math.inf, "be a number"),
        (math.nan, -math.inf, math.inf, "be a number"),
        (True, -math.inf, math.inf, "be a number"),
        (np.ones(2), -math.inf, math.inf, "be a number"),
        (torch.ones(2), -math.inf, math.inf, "be a number"),
        pytest.param(10**400, 0, math.inf, "be a number of at least 0", id="too great"),
        (-1, 0, math.inf, "be a number of at least 0"),
        (3, -math.inf, 2.5, r"be a number of at most 2\.5"),
        (1.5, 0, 1, "be a number from 0 to 1"),
    ],
)
def test_number_refuses(value, low, high, words):
    with pytest.raises(ArgumentError, match=rf"^fit: `factor` must {words}\. Got factor="):
        _check.number("fit", "factor", value, low, high)


def test_numbers():
    assert _check.numbers(PLACE, "rates", (1, 2.5)) == [1.0, 2.5]
    with pytest.raises(ArgumentError, match=r"`rates` must be a list of numbers\. Got rates=3\."):
        _check.numbers(PLACE, "rates", 3)
    with pytest.raises(ArgumentError, match=r"`rates` must be a number from 0 to 1\. Got rates=2"):
        _check.numbers(PLACE, "rates", [0.5, 2], 0, 1)


def test_number_includes_its_bounds():
    assert [_check.number("fit", "x", value, 0, 1) for value in (0, 1)] == [0.0, 1.0]


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_number_is_finite(value):
    with pytest.raises(ArgumentError, match=r"^fit: `x` must be finite\. Got x=-?inf\.$"):
        _check.number("fit", "x", value)


def test_positive():
    assert _check.positive("Adam", "learning_rate", 1e-9) == 1e-9
    for value in (0, -1, math.inf, math.nan, True, "1", np.ones(2), 10**400):
        with pytest.raises(ArgumentError, match="`learning_rate` must be a number above 0"):
            _check.positive("Adam", "learning_rate", value)


@pytest.mark.parametrize("value", [-0.1, 1, 1.5, math.nan, True, "0.5", None])
def test_fraction_refuses(value):
    words = r"`rate` must be a fraction, 0 <= x < 1\. Got rate=.*\. For example rate=0\.5\."
    with pytest.raises(ArgumentError, match=words):
        _check.fraction("Dropout", "rate", value)


@given(st.floats(0, 1, exclude_max=True))
def test_fraction(value):
    assert _check.fraction("Dropout", "rate", value) == value


def test_flag():
    assert _check.flag(PLACE, "use_bias", False) is False
    for value in (0, 1, "yes", None):
        with pytest.raises(ArgumentError, match="`use_bias` must be True or False"):
            _check.flag(PLACE, "use_bias", value)


def test_choice():
    assert _check.choice(PLACE, "padding", "same", ["valid", "same"]) == "same"
    words = (
        r'`padding` must be one of "valid", "same"\. Got padding=\'sam\'\. Did you mean "same"\?'
    )
    with pytest.raises(ArgumentError, match=words):
        _check.choice(PLACE, "padding", "sam", ["valid", "same"])
    with pytest.raises(ArgumentError, match=r"Got padding=3\.$"):
        _check.choice(PLACE, "padding", 3, ["valid", "same"])


def test_choice_of_many_lists_the_nearest_three():
    words = r'must be one of "c", "\w", "\w", …\. Got letter=\'C\'\. Did you mean "c"\?'
    with pytest.raises(ArgumentError, match=words):
        _check.choice("alphabet", "letter", "C", string.ascii_lowercase)


def test_rank():
    _check.rank(PLACE, (None, 8, 8, 1), 4, "(n, h, w, c)")
    words = r"input must have 4 dimensions \(n, h, w, c\)\. Got input \(8, 28, 28\)\."
    with pytest.raises(ShapeError, match=words + r" Add the missing dimension: images\[\.\.\., N"):
        _check.rank(PLACE, (8, 28, 28), 4, "(n, h, w, c)")
    with pytest.raises(ShapeError, match=r"have 2 dimensions \(n, c\)\. Got input \(8, 2, 2\)\.$"):
        _check.rank("Dense", (8, 2, 2), 2, "(n, c)")


def test_whole_takes_whole_numbers_not_below_a_least_one():
    assert _check.whole(PLACE, "seed", np.int64(-3)) == -3
    assert _check.whole(PLACE, "threads", 0, 0) == 0
    for bad in (True, 1.0, "1", None):
        with pytest.raises(ArgumentError, match=r"`seed` must be a whole number\. Got seed="):
            _check.whole(PLACE, "seed", bad)
    with pytest.raises(ArgumentError, match=r"`threads` must be a whole number of at least 0\."):
        _check.whole(PLACE, "threads", -1, 0)


@pytest.mark.parametrize("value", [(28, 28, 1), [28, None, 1], torch.Size([28, 28, 1]), ()])
def test_sizes_become_a_tuple(value):
    assert _check.sizes(PLACE, "input_shape", value) == tuple(value)


@pytest.mark.parametrize("value", [28, "abc", (0, 28, 1), (28, True, 1), (28.0, 28, 1), None])
def test_sizes_refuse(value):
    words = r"`input_shape` must hold the sizes \(h, w, c\) of one sample, each at least 1 or None"
    with pytest.raises(ArgumentError, match=words):
        _check.sizes(PLACE, "input_shape", value)
