"""striate explain: the table, JSON, the picture, the errors."""

import functools
import json
import re

import pytest
from PIL import Image

import striate


@pytest.fixture
def explain(striate):
    """explain(*words): (exit code, standard output, standard error) of the command."""
    return functools.partial(striate, "explain", "receptive-field")


def test_the_table(explain):
    code, out, _ = explain("mnist_net")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert lines[0] == ["layer", "size", "stride", "start"]
    assert lines[2] == ["conv2d", "3", "1", "0"]
    assert lines[-1] == ["conv2d_2", "18", "4", "0"]
    _, out, _ = explain("efficientnet_b0", "--layer", "top_conv")
    assert out.splitlines()[-1].split() == ["top_conv", "all", "32", "-394"]


def test_json_of_a_large_net_without_its_weights(explain):
    _, out, _ = explain("vgg16", "--layer", "block5_pool", "--json")
    row = {"layer": "block5_pool", "size_px": [212, 212], "stride_px": [32, 32]}
    row |= {"start_px": [-90, -90], "is_whole": False}
    assert json.loads(out) == {"layers": [row]}


def test_fractions_and_sides_that_differ(explain, tmp_path):
    x = start = striate.Input((8, 8, 1))
    x = striate.layers.Conv2D(1, (3, 1), name="tall")(x)
    x = striate.layers.UpSampling2D(2, interpolation="bilinear", name="large")(x)
    striate.Model(start, x).save(tmp_path / "net")
    _, out, _ = explain("./net")
    lines = [re.split(" {2,}", line) for line in out.splitlines()]
    assert lines[2] == ["tall", "3 × 1", "1", "0"]
    assert lines[3][2] == "0.5"


def test_the_effective_field_and_its_picture(explain, tmp_path):
    words = ("mnist_net", "--layer", "conv2d_2", "--picture", "field.png")
    code, out, _ = explain(*words)
    assert code == 0
    assert out.splitlines()[-1] == "picture  field.png"
    assert "\nconv2d_2: 95 % of the gradient in 1" in out
    with Image.open(tmp_path / "field.png") as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 500
    code, _, err = explain(*words)
    assert code == 2
    assert "explain: `picture` must be a new file. Got picture='field.png'. Choose" in err
    _, out, _ = explain("mnist_net", "--effective", "--json")
    assert json.loads(out)["effective"]["layer"] == "conv2d_2"


def test_a_picture_that_cannot_be_written_is_told_first(explain, tmp_path):
    (tmp_path / "file").touch()
    code, out, err = explain("no net", "--picture", "file/field.png")
    assert (code, out) == (3, "")
    assert "must be writable" in err


def test_refusals(explain):
    code, _, err = explain("mnist_net", "--layer", "convolution")
    assert code == 2
    assert "explain: `layer` must name a layer with a map. Got layer='convolution'. Near" in err
    code, _, err = explain("mnist_net", "--size", "30")
    assert code == 2
    assert "`size` must be the model's own, 28 × 28" in err
