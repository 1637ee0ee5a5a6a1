"""striate import: weights of other programs, a model folder, and words for what does not fit."""

import json
import sys

import pytest
import torch

import striate as package
from striate import cli, layers
from striate.models.loading import read_model_folder
from striate.records import Preprocess
from tests.io.foreign.hostile_files import zipped
from tests.io.hostile_pickles import pickles


@pytest.fixture
def striate(monkeypatch, capsys, tmp_path):
    """striate(*words): (exit code, standard output, standard error) of a command."""
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["striate", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return call


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
    assert out == "2 tensors, 98 numbers\nleft out  epoch\nmodel     out\n"
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
        ("w.pt -o out", 2, "Missing option '--as'"),
    ],
)
def test_errors(striate, folder, tmp_path, words, code, sentence):
    saved(tmp_path / "w.pt")
    got, out, err = striate("import", *words.split())
    assert (got, out) == (code, "")
    assert sentence in err
    assert not (tmp_path / "out").exists()
