"""Rates that made the times are found again, and none is below 0."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.optimize import nnls

from striate.plan.operations import Work
from striate.plan.rates import fitted, seconds_of

RATE = st.sampled_from([0.0, 1e-12, 3e-11, 2e-10])
SIZES = [(10**8, 10**6, 10**7, 10**4), (10**9, 10**7, 10**6, 10**5), (10**7, 10**7, 10**7, 10**7)]
SIZES += [(10**6, 10**3, 10**6, 10**8), (10**9, 10**9, 10**9, 10**3), (10**4, 10**4, 10**3, 10**2)]


@hypothesis.given(st.tuples(st.sampled_from([0.0, 1e-5, 1e-3]), RATE, RATE, RATE, RATE))
def test_exact_times_are_fitted_exactly(rates):
    truth = {("product", "float32"): rates}
    works = [Work("product", "float32", sizes) for sizes in SIZES]
    measured = [(work, seconds_of(truth, *work)) for work in works]
    hypothesis.assume(all(seconds > 0 for _, seconds in measured))
    found = fitted(measured)
    for work, seconds in measured:
        assert seconds_of(found, *work) == pytest.approx(seconds, rel=1e-6)


@hypothesis.given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_the_best_of_the_rates_that_are_not_negative(seed, count):
    """Against Lawson's and Hanson's method."""
    draw = np.random.default_rng(seed)
    amounts = draw.integers(1, 10**6, (count, 4))
    seconds = draw.uniform(1e-6, 1e-2, count)
    works = [Work("sum", "float32", tuple(row.tolist())) for row in amounts]
    [rates] = fitted(list(zip(works, seconds, strict=True))).values()
    assert min(rates) >= 0
    table = np.column_stack([np.ones(count), amounts]) / seconds[:, None]
    scale = table.max(axis=0)
    best = nnls(table / scale, np.ones(count))[1]
    assert np.linalg.norm(table @ rates - 1) == pytest.approx(best, rel=1e-5, abs=1e-6)


def test_what_was_not_measured_is_as_the_nearest():
    rates = {
        ("elementwise", "float32"): (1.0, 0, 0, 0, 0),
        ("elementwise", "bfloat16"): (2.0, 0, 0, 0, 0),
        ("product", "float32"): (3.0, 0, 0, 0, 0),
    }
    nothing = (0, 0, 0, 0)
    assert seconds_of(rates, "product", "bfloat16", nothing) == 3.0
    assert seconds_of(rates, "gelu", "bfloat16", nothing) == 2.0
    assert seconds_of(rates, "gelu", "float64", nothing) == 1.0
    assert seconds_of(rates, "", "", nothing) == 0.0
    rates["convolution 1x1", "float32"] = (4.0, 0, 0, 0, 0)
    assert seconds_of(rates, "convolution 1x1 packed", "float32", nothing) == 4.0
    assert seconds_of({}, "gelu", "float32", nothing) == 0.0
