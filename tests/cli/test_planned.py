"""What striate plan plans: each kind of thing that it may be told, and the batch that fits."""

import functools
import json

import pytest

from striate import Sequential, layers, models
from striate.cli.planned import planned
from striate.plan import Memory
from striate.tasks.classify import train

plain = functools.partial(
    planned, batch=None, size=None, precision=None, optimizer=None, mode="train"
)


@pytest.fixture
def striate(striate):
    return functools.partial(striate, "plan", "--no-time", "--no-remedies")


def test_defaults_and_the_largest_batch():
    net, plan = plain("lenet5_modern", None)
    assert (plan.net, plan.batch, plan.precision) == ("lenet5_modern", 32, "float32")
    room = Memory(20_000_000, "as given")
    largest = plain("lenet5_modern", room, batch="auto")[1].batch
    assert largest == models.plan(net, 1).largest_batch(20_000_000) > 32
    assert plain("lenet5_modern", Memory(9, "as given"), batch="auto")[1].batch == 1


def test_auto_is_printed(striate):
    code, out, err = striate("lenet5_modern", "--batch", "auto", "--memory", "20MB")
    assert (code, err) == (0, "")
    batch = out.split(", batch ")[1].split(",")[0]
    assert f"Batch {batch} fits; largest that fits: {batch} to train" in out


def test_a_run_and_a_model_folder(striate, tmp_path):
    train("digits", epochs=1, batch_size=50)
    code, out, _ = striate("runs/classify/digits-1", "--json")
    found = json.loads(out)
    assert (code, found["batch"], found["optimizer"]) == (0, 50, "sgd")
    assert (found["pixels"], found["net"]) == ("uint8", "runs/classify/digits-1")
    code, out, _ = striate("runs/classify/digits-1", "--precision", "bf16", "--batch", 7)
    assert out.startswith("runs/classify/digits-1: input 8 × 8 × 1, batch 7, bfloat16, sgd")
    code, out, err = striate("runs/classify/digits-1", "--size", 9)
    assert (code, out) == (2, "")
    assert err.startswith("plan: `size` must be left out for a run, which has its own. Got size=9.")
    Sequential([layers.Dense(3, input_shape=(4,))]).save(tmp_path / "own")
    assert striate("own")[1].startswith("own: input 4, batch 32, float32, rmsprop")


def test_a_python_file(striate, tmp_path):
    (tmp_path / "nets.py").write_text(
        "from striate import Sequential, layers\n"
        "def wide():\n"
        "    return Sequential([layers.Dense(1_000_000_000, input_shape=(100,))])\n"
    )
    code, out, err = striate("nets.py:wide", "--against", "lenet5_modern")
    assert (code, err) == (0, "")
    assert "101,000,000,000" in out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (
            "nets.py",
            2,
            "plan: `model` must name what is in the file. Got model='nets.py'. Say FILE",
        ),
        ("nets.py:net", 4, 'File "nets.py": must be a Python file. Got no such file.'),
        ("lenet5_modern --batch most", 2, "Got batch='most'. Use 1, 2, 3, …, or auto: the largest"),
    ],
)
def test_errors_are_one_sentence(striate, words, code, sentence):
    got, out, err = striate(*words.split())
    assert (got, out) == (code, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_auto_needs_a_memory():
    words = "be a number where the free memory is not known"
    with pytest.raises(ValueError, match=words):
        plain("lenet5_modern", None, batch="auto")
