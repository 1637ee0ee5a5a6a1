"""Class names and preprocessing from the command line."""

import json

import pytest

import striate
from striate.cli.picture_facts import PictureFacts, kept_facts
from striate.errors import ArgumentError, DataError
from striate.records import Preprocess

L = striate.layers


def net(*shape, classes=2):
    x = striate.Input(shape or (8, 6, 3))
    return striate.Model(x, L.Dense(classes)(L.GlobalAveragePooling2D()(x)))


def facts(**told):
    return PictureFacts("import", **told)


def test_what_is_not_told_is_kept_as_it_is():
    assert facts().of_model(net(), {}) == {}
    kept = {"labels": ("a", "b"), "preprocess": Preprocess(scale=2.0), "details": None}
    assert facts().of_model(net(), kept) == kept


def test_labels_alone_bring_the_size_of_the_net():
    found = facts(labels="cat, dog").of_model(net(), {})
    assert found == {"labels": ["cat", "dog"], "preprocess": Preprocess(size=(8, 6), channels=3)}


def test_labels_from_a_file_of_names_that_hold_commas(tmp_path):
    (tmp_path / "names").write_text("cat, grey\ndog\n")
    found = facts(labels=str(tmp_path / "names")).of_model(net(), {})
    assert found["labels"] == ["cat, grey", "dog"]


def test_numbers_go_over_the_file_and_the_file_over_what_was_kept(tmp_path):
    (tmp_path / "p.json").write_text(json.dumps({"order": "bgr", "scale": 0.5, "size": [4, 4]}))
    kept = {"preprocess": Preprocess(fit="crop", scale=3.0, size=(9, 9), channels=1)}
    told = facts(preprocess=str(tmp_path / "p.json"), scale="1/4", mean="1,2,3", std="2")
    assert told.of_model(net(), kept)["preprocess"] == Preprocess(
        size=(4, 4), fit="crop", channels=1, scale=0.25, mean=(1, 2, 3), std=(2,), order="bgr"
    )


def test_the_side_of_a_net_that_takes_any():
    open_net = net(None, None, 3)
    found = facts(labels="a,b", size=16).of_model(open_net, {})
    assert found["preprocess"].size == (16, 16)
    with pytest.raises(ArgumentError, match=r"`size` must say the side.*Add --size, such as"):
        facts(labels="a,b").of_model(open_net, {})


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"labels": "a,b,c"},
            r"`labels` must name each of the net's 2 outputs, a,b,c or a file.*3",
        ),
        (
            {"scale": "1:255"},
            r'`scale` must be numbers such as "0\.5", or "1/255"\. Got scale=\'1:2',
        ),
        ({"mean": "0,x"}, r"`mean` must be numbers .* Got mean='x'"),
        ({"std": "1/0"}, r"`std` must be numbers .* Got std='1/0'"),
        ({"std": "0"}, r"Preprocess: `std` must be positive"),
        (
            {"preprocess": "none.json"},
            r"`preprocess` must be a file of JSON with some of size, fit.*",
        ),
    ],
)
def test_errors(told, words):
    with pytest.raises(ArgumentError, match=words):
        facts(**told).of_model(net(), {})


def test_a_file_of_labels_that_is_no_utf8(tmp_path):
    (tmp_path / "names").write_bytes(b"caf\xe9\ndog\n")
    with pytest.raises(DataError, match=r'names": must be text in UTF-8\.'):
        facts(labels=str(tmp_path / "names")).of_model(net(), {})


@pytest.mark.parametrize("text", ["[]", '{"module": "os"}', '{"scale": NaN}'])
def test_a_file_that_is_no_preprocess(tmp_path, text):
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(ArgumentError, match="`preprocess` must be a file of JSON with some of"):
        facts(preprocess=str(tmp_path / "p.json")).of_model(net(), {})


def test_what_a_folder_holds_besides(tmp_path):
    net().save(tmp_path / "net", labels=["a", "b"], details={"temperature": 2.0, "more": 1})
    found = kept_facts(str(tmp_path / "net"))
    assert found == {"labels": ("a", "b"), "preprocess": None, "details": {"more": 1}}
    assert kept_facts("resnet18") == {}
