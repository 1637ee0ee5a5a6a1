"""A trained model, or its pictures, that cannot be used any more."""

import json
import shutil

import pytest

from tests.e2e.faults.commands import QUICK, cut, ends, needs_linux

pytestmark = needs_linux


def other_number(run):
    path = run / "data_manifest.json"
    manifest = json.loads(path.read_text())
    manifest["parts"]["validation"]["labels"][0] = 7
    path.write_text(json.dumps(manifest))


def other_layer(run):
    path = run / "model" / "model.json"
    path.write_text(path.read_text().replace('"Dense"', '"os.system"'))


MODELS = {
    "cut weights": (lambda r: cut(r / "model/model.safetensors"), 4, "model.safetensors"),
    "no weights": (lambda r: (r / "model/model.safetensors").unlink(), 4, "model.safetensors"),
    "another layer": (other_layer, 4, "model.json"),
    "no classes": (lambda r: (r / "model/labels.txt").unlink(), 4, "labels.txt"),
    "preprocessing": (lambda r: (r / "model/preprocess.json").write_text("{}"), 4, "preprocess"),
    "no model": (lambda r: shutil.rmtree(r / "model"), 4, "model"),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_is_damaged(striate, model, pets, name):
    damage, code, words = MODELS[name]
    damage(model)
    ends(striate("predict", model, pets / "red" / "1.png"), code, words)
    ends(striate("evaluate", model), code, words)


def test_a_label_that_no_class_has(striate, model):
    other_number(model)
    ends(striate("evaluate", model), 3, "labels that are no class numbers 0..2")


def test_pictures_of_other_classes(striate, model, pets):
    (pets / "red").rename(pets / "cyan")
    ends(striate("evaluate", model, pets), 3, 'Got "cyan"')


def test_held_out_pictures_that_are_gone(striate, place, pets):
    done = striate("train", pets, *QUICK, "--name", "moved")
    assert done.code == 0, done.err
    shutil.rmtree(pets / "red")
    done = striate("evaluate", "runs/classify/moved-1")
    ends(done, 3, "must find its 6 held-out pictures. Got", "missing")


def test_a_picture_that_cannot_be_asked_about(striate, model, pets):
    cut(pets / "red" / "1.png")
    done = striate("predict", model, pets / "red" / "1.png", pets / "red" / "2.png")
    ends(done, 3, "1 of 2 files could not be read.")
    assert "red/2.png" in done.out
