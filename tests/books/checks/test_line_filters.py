import numpy as np

from striate.books.checks.line_filters import _kept, _line_sums, _write


def test_sums_along_a_line():
    image = np.arange(2 * 5 * 9.0 * 3).reshape(2, 5, 9, 3)
    down = _line_sums(image, 1)
    assert down.shape == (2, 5, 9)
    assert down[1, 2, 4] == image[1, :, 4].sum()
    assert down[0, 0, 0] == image[0, :4, 0].sum()
    assert _line_sums(image, 2)[0, 1, 8] == image[0, 1, 5:].sum()


def test_what_is_blurred_is_seen():
    picture = np.random.default_rng(0).uniform(size=(40, 40))
    blurred = _line_sums(picture[None, ..., None], 1)[0]
    assert _kept(blurred, picture, 0)
    assert not _kept(blurred, picture, 1)
    assert not _kept(picture, picture, 0)


def test_an_empty_picture_is_not_counted(tmp_path):
    maps = np.zeros((2, 20, 30, 2))
    assert _write(maps, tmp_path) == []
    maps[0, :10, :, 1] = 1
    assert [path.name for path in _write(maps, tmp_path)] == ["china_horizontal.png"]
