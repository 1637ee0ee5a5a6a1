"""striate plan in this process: what it prints, as words and as JSON, and what it refuses."""

import dataclasses
import functools
import json

import pytest
import torch

from striate import Sequential, architectures, layers, models
from striate.plan import Machine
from striate.plan.calibration_file import write_calibration
from tests.plan.test_calibration_file import KEPT

QUICK = ("--no-remedies",)


@pytest.fixture
def striate(striate, monkeypatch, tmp_path):
    """striate(*words): (exit code, standard output, standard error) of striate plan.

    The machine counts as calibrated, by a file that no machine has made.
    """
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    write_calibration(dataclasses.replace(KEPT, machine=Machine.here(torch.device("cpu"))))
    return functools.partial(striate, "plan")


def test_the_words(striate):
    code, out, err = striate("lenet5_modern", "--memory", "40MB", "--optimizer", "adamw")
    assert (code, err) == (0, "")
    plan = models.plan(architectures.sketch("lenet5_modern"), 32, optimizer="adamw")
    lines = out.splitlines()
    assert lines[0] == "lenet5_modern: input 32 × 32 × 1, batch 32, float32, adamw"
    (convolution,) = [row for row in lines if row.startswith("C1 ")]
    assert convolution.split()[:8] == ["C1", "Conv2D", "28", "×", "28", "×", "6", "156"]
    assert "Parameters: 61,706 (61,706 trained)" in lines
    most = plan.largest_batch(40_000_000)
    assert f"Batch 32 fits; largest that fits: {most} to train, " in out
    assert "Memory: 40.0 MB (as given)" in lines
    assert "Not in it: Python and PyTorch themselves" in out
    assert any(row.startswith("half the batch  batch_size=16 ") for row in lines)


def test_times_and_their_error(striate):
    words = ("lenet5_modern", "--samples", 1000, *QUICK)
    code, out, err = striate(*words)
    assert (code, err) == (0, "")
    train, predict, source = [row for row in out.splitlines() if row.startswith("Time")]
    assert train.startswith("Time to train, batch 32: ")
    assert " ± 50%, " in predict
    assert " an epoch of 1,000; " in train
    assert "± is the largest error in 1 steps of 1 nets" in source
    code, out, err = striate(*words, "--json", "--predict")
    found = json.loads(out)
    assert found["times"]["predict"]["error"] == 0.5
    step = found["times"]["predict"]["step_seconds"]
    assert found["times"]["predict"]["epoch_seconds"] == pytest.approx(32 * step)


def test_no_times(striate):
    code, out, _ = striate("lenet5_modern", "--no-time", *QUICK)
    assert code == 0
    assert "Time" not in out
    code, out, _ = striate("lenet5_modern", "--no-time", "--json", *QUICK)
    assert json.loads(out)["times"] is None


def test_json_of_prediction_in_half_the_bits(striate):
    words = ("lenet5_modern:paper", "--predict", "--batch", 8, "--precision", "bf16", "--json")
    code, out, err = striate(*words, *QUICK)
    assert (code, err) == (0, "")
    found = json.loads(out)
    net = architectures.sketch("lenet5_modern")
    plan = models.plan(net, 8, mode="predict", precision="bfloat16")
    assert found["peaks"]["predict"]["total_bytes"] == plan.peak_bytes
    assert list(found["peaks"]) == ["predict"]
    assert (found["precision"], found["remedies"]) == ("bfloat16", None)
    assert found["memory"]["bytes"] > 0
    assert found["fits"] is True


def test_a_folder_with_open_sizes_beside_a_net(striate, tmp_path):
    net = Sequential([layers.Conv2D(4, 3, input_shape=(None, None, 3)), layers.Flatten()])
    net.save(tmp_path / "own")
    code, out, err = striate("own", "--size", 40, "--against", "vgg16", "--memory", "250MB")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "own: input 40 × 40 × 3, batch 32, float32, rmsprop"
    assert lines[1] == "vgg16: input 40 × 40 × 3, batch 32, float32, rmsprop"
    assert "Batch 32 of vgg16 does not fit" in out
    assert "half the batch" not in out


def test_a_page_is_written_once(striate, tmp_path):
    words = ("lenet5_modern", "--html", "plan.html", *QUICK)
    assert striate(*words)[::2] == (0, "Page: plan.html\n")
    assert "Plan of lenet5_modern" in (tmp_path / "plan.html").read_text()
    code, out, err = striate(*words, "-q")
    assert (code, out) == (4, "")
    assert "must not stand yet" in err
    assert "(--overwrite)" in err
    assert striate(*words, "--overwrite", "-q")[::2] == (0, "")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("resnet51", 2, "plan: `model` must be the name of a net, or a model or run folder"),
        ("no/folder", 4, "Got no such folder."),
        ("lenet5_modern --samples 0", 2, "plan: `samples` must be a whole number of at least 1"),
        ("lenet5_modern --samples 0 --json", 2, "plan: `samples` must be a whole number of at l"),
        ("lenet5_modern --samples -5 --no-time", 2, "plan: `samples` must be a whole number of"),
        (f"lenet5_modern --batch {2**62}", 2, "plan: `batch` must be at most 1073741824 here"),
        (f"lenet5_modern --batch {10**19}", 2, "plan: `batch` must be at most 1073741824 here"),
        (f"lenet5_modern --batch {'9' * 5000}", 2, "plan: `batch` must be a whole number of at"),
        ("convnet --size 2000000000", 2, "plan: `size` must be at most 65536 pixels"),
        ("resnet50 --size 2000000000", 2, "plan: `size` must be at most 65536 pixels"),
        ("lenet5_modern --optimizer adamm --predict", 2, "plan: `optimizer` must name a known"),
        ("lenet5_modern --batch 0", 2, "plan: `batch` must be a whole number of at least 1"),
        ("lenet5_modern --precision int8", 2, "plan: `precision` must be one of"),
        ("lenet5_modern --optimizer adamm", 2, 'Nearest: "adam", "adamw"'),
        ("lenet5_modern --memory lots", 2, "plan: `memory` must be an amount of memory"),
        ("resnet18 --size 8", 2, "plan: `size` must be at least 32 pixels for resnet18"),
        ("mnist_net --size 40", 2, "plan: `size` must be the model's own, 28 × 28"),
        ("lenet5_modern:kears", 2, "kears"),
    ],
)
def test_errors_are_one_sentence(striate, words, code, sentence):
    got, out, err = striate(*words.split())
    assert (got, out) == (code, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_no_machine_is_calibrated_for_a_net_that_there_is_not(striate, tmp_path):
    (calibration,) = (tmp_path / "cache").rglob("*.json")
    calibration.unlink()
    assert striate("resnet51")[0] == 2
    assert not list((tmp_path / "cache").rglob("*.json"))
