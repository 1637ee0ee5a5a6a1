import pytest

from striate.errors import ShapeError
from striate.ops.window import check_window


@pytest.mark.parametrize(
    ("shape", "kernel", "padding", "dilation"),
    [
        ((None, 3, 3, 1), (3, 3), ("valid", "valid"), (1, 1)),
        ((None, None, None, 1), (9, 9), ("valid", "valid"), (1, 1)),
        ((8, 1, 1, 1), (9, 9), ("same", "same"), (2, 2)),
        ((8, 1, 2, 1), (3, 3), ((1, 1), (0, 1)), (1, 1)),
        ((8, 5, 3, 1), (3, 3), ("valid", "valid"), (2, 1)),
    ],
)
def test_a_window_that_fits_passes(shape, kernel, padding, dilation):
    check_window("Conv2D", shape, kernel, padding, dilation)


@pytest.mark.parametrize(
    ("shape", "kernel", "padding", "dilation", "extent"),
    [
        ((None, 2, 3, 1), (3, 3), ("valid", "valid"), (1, 1), "3x3"),
        ((8, None, 4, 1), (3, 3), ("valid", "valid"), (1, 2), "3x5"),
        ((8, 1, 2, 1), (3, 3), ((1, 0), (1, 1)), (1, 1), "3x3"),
    ],
)
def test_a_window_that_does_not_fit_is_named(shape, kernel, padding, dilation, extent):
    words = f"Conv2D: input must be at least as large as the window, {extent} with its padding"
    with pytest.raises(ShapeError, match=words):
        check_window("Conv2D", shape, kernel, padding, dilation)
