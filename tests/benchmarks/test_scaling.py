import math

import pytest
from benchmarks.scaling import exponent
from hypothesis import given
from hypothesis import strategies as st


@given(st.floats(-3, 3), st.floats(0.01, 100))
def test_a_power_law_has_its_power(power, factor):
    sizes = [1, 3, 10, 40]
    assert exponent(sizes, [factor * n**power for n in sizes]) == pytest.approx(power, abs=1e-6)


def test_one_size_has_no_exponent():
    assert math.isnan(exponent([4, 4], [1, 2]))
