"""striate import: weights of other programs, a model folder, and words for what does not fit."""

import json
import re

import keras
import pytest
import torch

import striate as package
from striate import layers
from striate.models.loading import read_model_folder
from striate.records import Preprocess
from tests.io.foreign.hostile_files import zipped
from tests.io.hostile_pickles import pickles


def net():
    x = package.Input((4, 4, 3))
    return package.Model(x, layers.Dense(2, name="fc")(layers.Flatten()(x)))


@pytest.fixture
def folder(tmp_path):
    net().save(
        tmp_path / "net",
        labels=["cat", "dog"],
        preprocess=Preprocess(scale=1 / 255),
        details={"temperature": 2.0, "note": "kept"},
    )
    return tmp_path / "net"


def saved(path, **more):
    state = {"fc.weight": torch.full((2, 48), 0.5), "fc.bias": torch.ones(2)}
    torch.save({"epoch": 3, "state_dict": state | more}, path)


def test_weights_come_into_a_copy_of_the_model(striate, folder, tmp_path):
    saved(tmp_path / "w.pt")
    before = read_model_folder(folder)
    code, out, err = striate("import", "w.pt", "--as", folder, "-o", "out")
    assert code == 0, err
    first, beside, moved, model = out.splitlines()
    assert (first, beside, model) == ("2 tensors, 98 numbers", "left out  epoch", "model     out")
    assert re.fullmatch(r"moved     outputs by [\d.]+ of the largest, on a noise picture", moved)
    assert 'Dense "fc" stands behind a Flatten' in err
    found = read_model_folder(tmp_path / "out")
    assert found.model.get_weights()[0].flatten().tolist() == [0.5] * 96
    assert (found.labels, found.preprocess) == (before.labels, before.preprocess)
    assert found.details == {"note": "kept"}
    assert all(
        map(
            (lambda a, b: (a == b).all()),
            *(m.get_weights() for m in (before.model, read_model_folder(folder).model)),
        )
    )


def test_json_and_a_net_by_name(striate, tmp_path):
    model = package.recipes.NETS.get("mnist_net")()
    torch.save(model.state_dict(), tmp_path / "w.pt")
    code, out, _ = striate("import", "w.pt", "--as", "mnist_net", "--out", "out", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["folder"] == "out"
    assert len(document["matched"]) == len(model.weights)
    assert document["missing"] == document["unlike"] == {}
    assert package.load_model(tmp_path / "out").count_params() == model.count_params()


def test_a_net_of_an_architecture_takes_the_form_of_the_files_names(striate, tmp_path):
    theirs = package.architectures.resnet18((32, 32, 3), classes=3, dialect="torchvision")
    package.models.export_weights(theirs, tmp_path / "w.safetensors", to="torchvision")
    words = "w.safetensors --as resnet18 --size 32 --classes 3 -o out --json --labels a,b,c"
    code, out, err = striate("import", *words.split())
    assert code == 0, err
    assert json.loads(out)["source"] == "torchvision"
    found = read_model_folder(tmp_path / "out")
    assert found.model.origin.dialect == "torchvision"
    assert (found.labels, found.preprocess.size) == (("a", "b", "c"), (32, 32))
    assert all((a == b).all() for a, b in zip(found.model.weights, theirs.weights, strict=True))


def test_what_does_not_fit_is_left_where_it_is_asked_for(striate, folder, tmp_path):
    torch.save({"fc.bias": torch.ones(2)}, tmp_path / "w.pt")
    code, out, err = striate("import", "w.pt", "--as", folder, "-o", "out", "--skip-mismatch")
    assert code == 0, err
    assert out.splitlines()[:2] == ["1 tensor, 98 numbers", "missing  _layers.fc.weight"]


def test_what_does_not_fit_is_listed_and_nothing_is_made(striate, folder, tmp_path):
    saved(tmp_path / "w.pt", more=torch.ones(1))
    code, out, err = striate("import", "w.pt", "--as", folder, "-o", "out")
    assert (code, out) == (4, "")
    sentence, row = err.splitlines()
    assert "Got 2 that fit, 1 unused (more). Rename them" in sentence
    assert row == "unused   more"
    assert not (tmp_path / "out").exists()


def test_a_hostile_file_is_refused_with_exit_code_4(striate, folder, tmp_path):
    data = pickles(tmp_path / "touched")["REDUCE of os.system"]
    (tmp_path / "w.pt").write_bytes(zipped(data))
    code, out, err = striate("import", "w.pt", "--as", folder, "-o", "out")
    assert (code, out) == (4, "")
    assert "Got a pickle that asks for posix.system. Where the file comes from" in err
    assert not (tmp_path / "touched").exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("w.pt --as nothing -o out", 2, "import: `model` must be the name of a net, or a model or"),
        ("w.pt --as ./none -o out", 4, "Got no such folder"),
        ("none.pt --as net -o out", 4, "Got No such file or directory. Check path and rights."),
        ("w.pt --as net -o net", 4, "must not stand yet"),
        (
            "w.pt -o out",
            2,
            "import: `--as` must name the net whose weights these are, where FILE is",
        ),
        ("w.h5 --classes 5 -o out", 2, "import: `classes` must stand beside --as, which names a"),
        (
            "w.pt --as net --dialect keras -o out",
            2,
            "`dialect` must stand beside the name of an ar",
        ),
        ("w.pt --as net --labels a -o out", 2, "`labels` must name each of the net's 2 outputs"),
    ],
)
def test_errors(striate, folder, tmp_path, words, code, sentence):
    saved(tmp_path / "w.pt")
    got, out, err = striate("import", *words.split())
    assert (got, out) == (code, "")
    assert sentence in err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def keras_file(tmp_path):
    x = keras.Input((None, None, 3))
    y = keras.layers.Dense(2, "softmax")(keras.layers.GlobalAveragePooling2D()(x))
    keras.Model(x, y).save(tmp_path / "k.keras")
    return "k.keras"


def test_a_whole_model_of_keras(striate, keras_file, tmp_path):
    words = "--labels cat,dog --scale 1/255 --mean 0.5 --std 0.5,0.5,0.25 --size 32"
    code, out, err = striate("import", keras_file, "-o", "out", *words.split())
    assert code == 0, err
    assert out == ("2 tensors, 8 numbers\nnames     keras\nleft out  initializers\nmodel     out\n")
    found = read_model_folder(tmp_path / "out")
    assert found.labels == ("cat", "dog")
    wanted = {"size": (32, 32), "channels": 3, "mean": (0.5,), "std": (0.5, 0.5, 0.25)}
    assert found.preprocess == Preprocess(scale=1 / 255, **wanted)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("k.keras -o out --labels a,b", 2, "`size` must say the side of the pictures, which the"),
        ("broken.keras -o out", 4, "must be weights that Keras"),
    ],
)
def test_errors_of_whole_models(striate, keras_file, tmp_path, words, code, sentence):
    (tmp_path / "broken.keras").write_bytes(b"PK\3\4 and no more")
    got, out, err = striate("import", *words.split())
    assert (got, out) == (code, "")
    assert sentence in err
    assert not (tmp_path / "out").exists()
