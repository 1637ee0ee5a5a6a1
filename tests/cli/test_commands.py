"""What each command says: help, tables, errors. In this process, without a new one for each."""

import json
import re
import shlex

import pytest
from PIL import Image

from striate import __version__
from striate.cli import COMMANDS


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    from striate.tasks.classify import train

    return train("digits", epochs=2, runs=tmp_path_factory.mktemp("runs")).folder


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_ends_with_examples_that_name_real_options(striate, name):
    code, out, _ = striate(name, "--help")
    assert code == 0
    _, _, examples = out.rstrip().rpartition("Examples:\n")
    assert len(examples.splitlines()) >= 2
    for example in examples.splitlines():
        program, command, *words = shlex.split(example.rpartition("| ")[2])
        assert (program, command) == ("striate", name)
        for option in (word for word in words if word.startswith("-") and word != "-"):
            assert re.search(rf"^ +(-\w, )?{option}\b", out, re.MULTILINE), option


def test_the_help_prints_commands_and_exit_codes(striate):
    code, out, _ = striate("--help")
    assert code == 0
    assert out.startswith("Usage: striate ")
    assert all(re.search(rf"^  {name} +\w", out, re.MULTILINE) for name in COMMANDS)
    assert "130  stopped by Ctrl-C" in out
    assert striate("--version") == (0, f"{__version__}\n", "")
    code, out, err = striate()
    assert "Usage: striate" in out + err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("train fashion_mnits", 3, 'Nearest: "fashion_mnist"'),
        ("train digits --epochs 0", 2, "train: `epochs` must be a whole number of at least 1"),
        ("train digits --precision int8", 2, "train: `precision` must be one of"),
        ("train no/such/folder", 3, 'Folder "no/such/folder": must be an existing folder.'),
        ("evaluate nowhere", 4, "Got no such folder."),
        ("predict nowhere x.png --csv --json", 2, "predict: `--csv` must not stand beside --json"),
        ("predict nowhere x.png -0", 2, "predict: `-0` must stand beside -, which reads names"),
        ("summary convnot", 2, "summary: `model` must be the name of a net, or a model or run fo"),
        ("summary convnet --classes 1", 2, "convnet: `classes` must be 2 or more"),
        ("train digits --bogus", 2, "No such option: --bogus"),
    ],
)
def test_errors_are_one_sentence_with_an_exit_code(striate, words, code, sentence):
    got, out, err = striate(*words.split())
    assert (got, out) == (code, "")
    assert sentence in err
    assert "Traceback" not in err
    if "--bogus" not in words:
        assert len(err.splitlines()) == 1


def test_debug_shows_the_place(striate):
    code, _, err = striate("--debug", "train", "fashion_mnits")
    assert code == 3
    assert "Traceback" in err


def test_a_wrong_number_of_threads_is_told(striate, monkeypatch):
    monkeypatch.setenv("STRIATE_THREADS", "many")
    code, _, err = striate("doctor")
    assert code == 2
    assert "`STRIATE_THREADS` must be a whole number of at least 1. Got" in err


def test_predict_prints_a_table_or_json(striate, run, tmp_path):
    Image.new("L", (9, 9), 90).save(tmp_path / "a.png")
    code, out, err = striate("predict", run, "a.png", "--top", 2)
    assert (code, err) == (0, "")
    head, row = out.splitlines()
    assert head.split() == ["file", "class", "probability", "top", "2"]
    assert re.fullmatch(r"a\.png +\d +0\.\d{4}  \d 0\.\d{3}, \d 0\.\d{3}", row)
    code, out, err = striate("predict", run, "a.png", "b.png", "--json")
    assert code == 3
    document = json.loads(out)
    assert (document["files"], document["failed"], document["several"]) == (2, 1, False)
    first, second = document["predictions"]
    assert first["error"] is None
    assert second["label"] is None
    assert err == f"{second['error']}\n1 of 2 files could not be read.\n"


def test_evaluate_prints_the_table_or_json(striate, run):
    code, out, err = striate("evaluate", run)
    assert (code, err) == (0, "")
    assert out.startswith("test: 355 pictures\naccuracy  ")
    _, out, _ = striate("evaluate", run, "digits", "--json")
    assert json.loads(out)["part"] == "digits test"


def test_summary_prints_the_table(striate, run):
    assert "Total params: 66,218" in striate("summary", run)[1]
    assert "Total params: 104,202" in striate("summary", "mnist_net")[1]
    out = striate("summary", "convnet", "--size", "28", "--channels", "1")[1]
    assert "[(None, 28, 28, 1)]" in out


def test_doctor_says_what_is_there(striate, monkeypatch):
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    facts = json.loads(striate("doctor", "--json")[1])
    assert facts["folders"]["offline"] == "STRIATE_OFFLINE=1"
    assert facts["data_sets"]["digits"] == "comes with scikit-learn"
    out = striate("doctor")[1]
    assert re.search(r"^torch +\d", out, re.MULTILINE)
    assert re.search(r"^free_bytes +[\d.]+ GiB$", out, re.MULTILINE)
