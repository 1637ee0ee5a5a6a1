import hashlib
import shutil
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from striate.data.formats.folder import read_class_folders
from striate.data.loader import Loader
from striate.data.picture_source import PictureSource
from striate.data.pictures import fit_picture, read_picture
from striate.errors import DataError, ShapeError
from striate.io.decode import decode
from striate.records import Preprocess

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


def ramp(height, width, channels=3):
    """A smooth picture: red falls downwards, green to the right."""
    y = np.linspace(0, 255, height)[:, None].repeat(width, 1)
    x = np.linspace(0, 255, width)[None].repeat(height, 0)
    planes = [y, x, (x + y) / 2, np.full_like(x, 255)]
    return np.stack(planes[:channels], -1).round().astype(np.uint8)


@pytest.fixture
def photo(shared_data):
    return shared_data / "darknet-photos" / "dog.jpg"  # 768 × 576


@given(
    size=SIZES,
    wanted=SIZES,
    channels=st.sampled_from([1, 3, 4]),
    fit=st.sampled_from(["squash", "crop", "pad"]),
    interpolation=st.sampled_from(["nearest", "bilinear", "bicubic"]),
)
def test_a_flat_picture_stays_flat_in_every_size(size, wanted, channels, fit, interpolation):
    pixels = np.full((*size, channels), 200, np.uint8)
    before = pixels.copy()
    fitted = fit_picture(pixels, Preprocess(wanted, fit=fit, interpolation=interpolation))
    assert fitted.shape == (*wanted, channels)
    assert fitted.dtype == np.uint8
    np.testing.assert_array_equal(pixels, before)
    if fit != "pad":
        assert (fitted == 200).all()
        return
    rows, columns = (fitted == 200).any((1, 2)), (fitted == 200).any((0, 2))
    scale = min(wanted[0] / size[0], wanted[1] / size[1])
    assert rows.sum() == max(1, round(size[0] * scale))
    assert columns.sum() == max(1, round(size[1] * scale))
    assert (fitted[rows][:, columns] == 200).all()
    assert fitted.astype(int).sum() == 200 * channels * rows.sum() * columns.sum()
    for bars in (~rows, ~columns):
        before, after = bars.argmin(), bars[::-1].argmin()
        assert after - before in (0, 1)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
def test_shrinking_by_a_whole_number_weighs_all_pixels(interpolation):
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    fitted = fit_picture(noise, Preprocess((10, 15), interpolation=interpolation))
    x = torch.from_numpy(noise).permute(2, 0, 1)[None].double()
    oracle = torch.nn.functional.interpolate(
        x, (10, 15), mode=interpolation, antialias=True, align_corners=False
    )
    oracle = oracle[0].permute(1, 2, 0).clamp(0, 255).numpy()
    # Pillow rounds to uint8 after each of the two directions
    assert np.abs(fitted - oracle).max() <= 1.01


def test_nearest_takes_pixels_as_they_are():
    fitted = fit_picture(ramp(6, 9), Preprocess((2, 3), interpolation="nearest"))
    np.testing.assert_array_equal(fitted, ramp(6, 9)[1::3, 1::3])


@given(size=SIZES, wanted=SIZES, interpolation=st.sampled_from(["nearest", "bilinear"]))
def test_crop_is_the_greatest_centred_window_of_the_proportions(size, wanted, interpolation):
    (height, width), (wanted_h, wanted_w) = size, wanted
    pixels = ramp(height, width)
    fitted = fit_picture(pixels, Preprocess(wanted, fit="crop", interpolation=interpolation))
    if height * wanted_w > width * wanted_h:  # too high: rows are cut
        inside = (max(1, round(width * wanted_h / wanted_w)), width)
    else:
        inside = (height, max(1, round(height * wanted_w / wanted_h)))
    top, left = (height - inside[0]) // 2, (width - inside[1]) // 2
    window = pixels[top : top + inside[0], left : left + inside[1]]
    squashed = fit_picture(window, Preprocess(wanted, interpolation=interpolation))
    np.testing.assert_array_equal(fitted, squashed)


def test_crop_of_a_wide_picture_keeps_its_height():
    wide = ramp(20, 60)
    fitted = fit_picture(wide, Preprocess((20, 20), fit="crop"))
    np.testing.assert_array_equal(fitted, wide[:, 20:40])
    fitted = fit_picture(wide, Preprocess((10, 10), fit="crop")).astype(int)
    assert fitted[0, 0, 0] < 15
    assert fitted[-1, 0, 0] > 240
    assert np.abs(fitted[:, 0, 1] - 255 * (20.5 / 59)).max() <= 2


def test_crop_equals_scaling_the_short_side_and_cutting():
    pixels = ramp(30, 48)
    fitted = fit_picture(pixels, Preprocess((15, 15), fit="crop")).astype(int)
    scaled = np.asarray(Image.fromarray(pixels).resize((24, 15), Image.Resampling.BILINEAR))
    cut = (scaled[:, 4:19].astype(int) + scaled[:, 5:20]) / 2
    assert np.abs(fitted - cut).max() <= 4


@given(size=SIZES, side=st.integers(4, 30), more=st.integers(0, 20))
def test_the_short_side_is_scaled_and_the_middle_is_cut(size, side, more):
    """Pillow scales the whole picture; the window is cut by hand."""
    (height, width), short = size, side + more
    if max(size) > 20 * min(size):
        return
    pixels = ramp(height, width)
    record = Preprocess((side, side), fit="crop", interpolation="bicubic", short_side_px=short)
    fitted = fit_picture(pixels, record)
    scaled = [length * short // min(size) for length in size]
    whole = np.asarray(Image.fromarray(pixels).resize(scaled[::-1], Image.Resampling.BICUBIC))
    top, left = (scaled[0] - side) // 2, (scaled[1] - side) // 2
    window = whole[top : top + side, left : left + side]
    assert fitted.shape == (side, side, 3)
    assert np.abs(fitted.astype(int) - window).max() <= 2


def test_a_picture_of_the_wanted_size_is_cut_where_the_short_side_is_longer():
    record = Preprocess((8, 8), fit="crop", short_side_px=16)
    fitted = fit_picture(ramp(8, 8), record).astype(int)
    assert fitted[0, 0, 0] > 50
    assert fitted[-1, 0, 0] < 205


def test_a_strip_does_not_become_a_giant():
    strip = np.full((1, 2_000_000, 1), 7, np.uint8)
    record = Preprocess((32, 32), fit="crop", short_side_px=256)
    assert (fit_picture(strip, record) == 7).all()


def test_a_jpeg_is_not_decoded_below_the_short_side(photo):
    record = Preprocess((32, 32), channels=3, fit="crop", short_side_px=96)
    least = decode(photo, size_px=(96, 96))
    assert min(least.shape[:2]) >= 96
    np.testing.assert_array_equal(read_picture(photo, record), fit_picture(least, record))


def test_pad_puts_the_odd_row_below():
    fitted = fit_picture(np.full((2, 5, 1), 9, np.uint8), Preprocess((5, 5), fit="pad"))
    assert fitted[:, 0, 0].tolist() == [0, 9, 9, 0, 0]


def test_the_wanted_size_and_no_size_leave_the_picture_alone():
    pixels = ramp(5, 7)
    assert fit_picture(pixels, Preprocess((5, 7), fit="crop")) is pixels
    assert fit_picture(pixels, Preprocess()) is pixels


def test_views_are_taken():
    pixels = ramp(20, 20)
    for view in (pixels[::2, ::-1], pixels.transpose(1, 0, 2), pixels[..., ::-1]):
        expected = fit_picture(np.ascontiguousarray(view), Preprocess((6, 6)))
        np.testing.assert_array_equal(fit_picture(view, Preprocess((6, 6))), expected)


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 2), (1, 4, 4, 3)])
def test_other_ranks_and_channels_are_refused(shape):
    words = r"^fit_picture: input must be one picture \(h, w, c\) of c = 1, 3 or 4\. Got input \("
    with pytest.raises(ShapeError, match=words):
        fit_picture(np.zeros(shape, np.uint8), Preprocess((2, 2)))


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
@pytest.mark.parametrize("size", [(500, 700), (300, 390), (288, 384), (20, 900)])
def test_reading_is_pillow_s_decoding_and_resizing(photo, size, interpolation):
    record = Preprocess(size, interpolation=interpolation, channels=3)
    method = Image.Resampling[interpolation.upper()]
    with Image.open(photo) as image:  # 768 × 576
        if size[0] <= 288 and size[1] <= 384:
            image.draft(None, (384, 288))
        expected = np.asarray(image.resize(size[::-1], method)).astype(int)
    read = read_picture(photo, record)
    assert np.abs(read - expected).max() <= (1 if interpolation == "bilinear" else 2)
    assert np.abs(read - expected).mean() < 0.2
    np.testing.assert_array_equal(read_picture(photo.read_bytes(), record), read)


@given(size=SIZES, wanted=SIZES)
def test_nearest_is_the_pixel_under_the_centre(size, wanted):
    pixels = np.arange(size[0] * size[1]).reshape(*size, 1).astype(np.uint8)
    fitted = fit_picture(pixels, Preprocess(wanted, interpolation="nearest"))
    for y, x in np.ndindex(*wanted):
        row, column = (
            int(Fraction(2 * at + 1, 2) * Fraction(stored, asked))
            for at, stored, asked in zip((y, x), size, wanted, strict=True)
        )
        assert fitted[y, x] == pixels[row, column]


@pytest.mark.parametrize(
    ("wanted", "decoded"),
    [
        ((289, 1), (576, 768)),
        ((288, 384), (288, 384)),
        ((144, 192), (144, 192)),
        ((9, 9), (72, 96)),
    ],
)
def test_a_jpeg_is_decoded_no_smaller_than_wanted(photo, wanted, decoded):
    with Image.open(photo) as image:
        image.draft(None, decoded[::-1])
        pixels = np.asarray(image)
    assert pixels.shape[:2] == decoded
    for fit in ("squash", "crop", "pad"):
        record = Preprocess(wanted, fit=fit, channels=3)
        np.testing.assert_array_equal(read_picture(photo, record), fit_picture(pixels, record))


def test_what_decoding_at_a_reduced_size_changes(shared_data):
    """The figures of the docstring, on photographs: twice the wanted size, and the wanted size."""
    means = {1: [], 2: []}
    for path in sorted((shared_data / "imagenet-sample-100").glob("*.JPEG")):
        full = decode(path)
        for ratio, found in means.items():
            half = tuple(side // 2 for side in full.shape[:2])
            record = Preprocess(tuple(side // ratio for side in half), channels=3)
            off = fit_picture(full, record).astype(int) - fit_picture(
                decode(path, size_px=half), record
            )
            found.append(np.abs(off).mean())
    assert 1.5 < np.mean(means[1]) < 4.5
    assert np.mean(means[2]) < 1.5


@pytest.mark.parametrize("fit", ["squash", "crop", "pad"])
def test_training_and_prediction_see_the_same_pixels(photo, fit):
    record = Preprocess((50, 60), fit=fit, channels=1, scale=1 / 255)
    images, _, _ = PictureSource([photo], preprocess=record).fetch(np.array([0]))
    assert images.shape == (1, 50, 60, 1)
    np.testing.assert_array_equal(images[0].numpy(), read_picture(photo, record))


def tree_hash(root):
    """Names, bytes and times of everything below a folder."""
    return {
        path.relative_to(root): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None,
        )
        for path in root.rglob("*")
    }


def test_a_folder_of_clothes_in_batches_edits_nothing(shared_data, tmp_path):
    for name in ("hat", "shoes"):
        source = shared_data / "clothing128" / "validation" / name
        shutil.copytree(source, tmp_path / "clothes" / name)
    (tmp_path / "clothes").chmod(0o755)
    before = tree_hash(tmp_path)
    index = read_class_folders(tmp_path / "clothes")
    record = Preprocess((32, 32), fit="crop", channels=3)
    source = PictureSource(index.paths, index.labels, preprocess=record)
    loader = Loader(source, 16, shuffle=True, seed=1)
    by_id = {}
    for epoch in range(2):
        for batch in loader.epoch(epoch):
            assert batch.images.shape[1:] == (32, 32, 3)
            for number, image, label in zip(
                batch.sample_ids.tolist(), batch.images, batch.targets.tolist(), strict=True
            ):
                assert label == index.labels[number]
                assert by_id.setdefault(number, image).equal(image)
    assert sorted(by_id) == list(range(40))
    np.testing.assert_array_equal(by_id[7].numpy(), read_picture(index.paths[7], record))
    assert tree_hash(tmp_path) == before


def test_a_picture_that_cannot_be_read_is_named(photo, tmp_path):
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(photo.read_bytes()[:5000])
    source = PictureSource([photo, cut, photo], preprocess=Preprocess((8, 8), channels=3))
    with pytest.raises(DataError, match=rf'Picture "{cut}": must be a whole, undamaged picture'):
        list(Loader(source, 2).epoch(0))
    with pytest.raises(DataError, match=r'Picture "upload 3": must be a whole'):
        read_picture(cut.read_bytes(), Preprocess(), name="upload 3")
