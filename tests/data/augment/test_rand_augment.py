import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance, ImageOps

from striate.data.augment import RAND_AUGMENT_OPERATIONS, RandAugment
from striate.errors import ArgumentError
from tests.oracle import affine

SIZE = (12, 17)
RNG = np.random.default_rng(0)
PICTURE = torch.from_numpy(RNG.integers(0, 256, (*SIZE, 3), np.uint8))
STRONGEST = {"rotate", "shear_x", "shear_y", "translate_x", "translate_y"}


def draws(*slots):
    """One picture's draws for (operation, sign) of each slot."""
    numbers = [(RAND_AUGMENT_OPERATIONS.index(name) + 0.5) / 14 for name, _ in slots]
    signs = [0.25 if sign < 0 else 0.75 for _, sign in slots]
    return torch.tensor([[0.0, *numbers, *signs]], dtype=torch.float64)


def changed(transform, *slots):
    y, lost = transform.change(PICTURE[None], draws(*slots))
    assert lost is None
    return y[0].numpy().astype(int)


def enhanced(kind):
    return lambda picture, strength: kind(picture).enhance(1 + 0.9 * strength)


PEERS = {
    "identity": lambda picture, _: picture,
    "autocontrast": lambda picture, _: ImageOps.autocontrast(picture),
    "equalize": lambda picture, _: ImageOps.equalize(picture),
    "solarize": lambda picture, s: ImageOps.solarize(picture, 255 * (1 - abs(s))),
    "posterize": lambda picture, s: ImageOps.posterize(picture, 8 - round(4 * abs(s))),
    "color": enhanced(ImageEnhance.Color),
    "contrast": enhanced(ImageEnhance.Contrast),
    "brightness": enhanced(ImageEnhance.Brightness),
    "sharpness": enhanced(ImageEnhance.Sharpness),
}


@pytest.mark.parametrize("name", RAND_AUGMENT_OPERATIONS)
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("magnitude", [9, 30])
def test_each_operation_is_pillows_or_a_map_of_the_twins(name, sign, magnitude):
    transform, strength = RandAugment(1, magnitude), sign * magnitude / 30
    got = changed(transform, (name, sign))
    peer = PEERS.get(name, PEERS["identity"])(Image.fromarray(PICTURE.numpy()), strength)
    assert abs(got - np.asarray(peer)).max() <= 2
    matrix = transform.matrices(draws((name, sign)), SIZE)[0].numpy()[:2]
    move = 150 / 331 * strength
    expected = {
        "rotate": affine.rotation(30 / 360 * strength, SIZE),
        "shear_x": affine.about_the_middle([[1, 0.3 * strength], [0, 1]], *SIZE),
        "shear_y": affine.about_the_middle([[1, 0], [0.3 * strength, 1]], *SIZE),
        "translate_x": affine.translation(0, move, SIZE),
        "translate_y": affine.translation(move, 0, SIZE),
    }.get(name, np.eye(2, 3))
    np.testing.assert_allclose(matrix, expected, atol=1e-12)


def test_all_operations_have_an_oracle():
    assert set(RAND_AUGMENT_OPERATIONS) == set(PEERS) | STRONGEST


def test_operations_follow_each_other_as_drawn():
    two = RandAugment(2, 20)
    solarized_first = changed(two, ("solarize", 1), ("brightness", -1))
    y, _ = RandAugment(1, 20).change(PICTURE[None], draws(("solarize", 1)))
    z, _ = RandAugment(1, 20).change(y, draws(("brightness", -1)))
    assert (solarized_first == z[0].numpy()).all()
    assert (solarized_first != changed(two, ("brightness", -1), ("solarize", 1))).any()
    turned = two.matrices(draws(("rotate", 1), ("translate_x", 1)), SIZE)
    first, second = (
        RandAugment(1, 20).matrices(draws(slot), SIZE)[0].numpy()
        for slot in (("rotate", 1), ("translate_x", 1))
    )
    np.testing.assert_allclose(turned[0], first @ second, atol=1e-12)


def test_each_picture_has_operations_of_its_own():
    n = 56
    u = torch.from_numpy(np.random.default_rng(1).random((n, 5)))
    images = PICTURE.expand(n, -1, -1, -1).contiguous()
    transform = RandAugment(2, 15)
    whole, _ = transform.change(images, u)
    alone = [transform.change(images[i : i + 1], u[i : i + 1])[0] for i in range(n)]
    assert whole.equal(torch.cat(alone))
    assert images.equal(PICTURE.expand(n, -1, -1, -1))
    maps = transform.matrices(u, SIZE)
    assert maps[7:8].equal(transform.matrices(u[7:8], SIZE))


def test_operations_are_equally_frequent():
    u = torch.from_numpy(np.random.default_rng(0).random((14000, 3)))
    chosen, sign = RandAugment(1)._slots(u)[0]
    counts = torch.bincount(chosen, minlength=14).double()
    assert float(((counts - 1000) ** 2 / 1000).sum()) < 34.5  # chi-squared, 13 degrees, 0.1 %
    assert abs(float(sign.mean())) < 4 / math.sqrt(14000)


def test_magnitude_0_changes_little():
    transform = RandAugment(1, 0)
    for name in set(RAND_AUGMENT_OPERATIONS) - {"autocontrast", "equalize"}:
        off = 0 if name != "solarize" else 255  # solarize turns over what is 255
        got = changed(transform, (name, 1))
        assert (abs(got - PICTURE.numpy()) <= off).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"count": 0}, "`count` must be a whole number of at least 1"),
        ({"magnitude": 31}, "`magnitude` must be a number from 0 to 30"),
    ],
)
def test_error_words(given, words):
    with pytest.raises(ArgumentError, match=f"RandAugment: {words}"):
        RandAugment(**given)
