from striate.books.checks.convolution import _padding, _windows


def test_windows_are_read_off_a_real_run():
    assert _windows(4, 3, 1, "valid") == [[1, 1, 1], [1, 1, 1]]
    windows = _windows(4, 3, 2, "same")
    assert windows == [[1, 1, 1], [1, 1, 0]]
    assert _padding(windows) == (0, 1)
    assert _padding(_windows(5, 5, 1, "same")) == (2, 2)
