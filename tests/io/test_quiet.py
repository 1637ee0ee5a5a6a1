import io
import threading
import warnings

from PIL import Image

from striate.io.decode import decode
from striate.io.quiet import quiet
from tests.io.picture_bytes import encoded, png


def corrupt_exif():
    """A JPEG whose EXIF names more entries than it holds: Pillow warns of it."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
    return encoded(Image.new("RGB", (4, 4)), "JPEG", exif=exif)


def test_warnings_of_pillow_stay_inside_and_the_filters_as_they_were():
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with Image.open(io.BytesIO(corrupt_exif())) as image:
            image.getexif()
        assert [str(w.message) for w in seen], "the file must be one that Pillow warns of"
        seen.clear()
        decode(corrupt_exif())
        decode(png(9_500, 9_500, 1, 0, [b"\0" * 1188] * 9_500), channels=1, max_pixels=10**8)
        assert seen == []
        warnings.warn("ours", stacklevel=1)
        assert len(seen) == 1
    assert list(warnings.filters) == before


def test_many_threads_leave_the_filters_as_they_were():
    before, errors, data = list(warnings.filters), [], corrupt_exif()

    def work():
        try:
            for _ in range(100):
                decode(data)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(warnings.filters) == before


def test_it_can_be_entered_again():
    before = list(warnings.filters)
    with quiet, quiet:
        assert len(warnings.filters) == len(before) + 1
    assert list(warnings.filters) == before
