"""striate models and striate summary of architectures, as real processes."""

import json
import os

from striate.architectures import list_architectures, resnet20
from tests.e2e.test_command_line import striate


def test_ls_prints_a_line_for_each_net(tmp_path):
    before = os.times()
    done = striate("models", "ls", cwd=tmp_path)
    after = os.times()
    assert (done.returncode, done.stderr) == (0, "")
    # seconds of processor time; the import of torch takes most of them
    assert sum(after[2:4]) - sum(before[2:4]) < 3
    head, *rows = done.stdout.splitlines()
    assert head.split()[:2] == ["net", "year"]
    assert [row.split()[0] for row in rows] == [row.name for row in list_architectures()]
    (vgg,) = [row for row in rows if row.startswith("vgg16 ")]
    for part in ("2014", "224 × 224 × 3", "138,357,544", "15,470,264,320", "paper keras torchv"):
        assert part in vgg


def test_ls_of_a_word(tmp_path):
    done = striate("models", "ls", "darknet", "--json", cwd=tmp_path)
    assert json.loads(done.stdout) == [
        json.loads(json.dumps(row.to_json())) for row in list_architectures("darknet")
    ]
    done = striate("models", "ls", "no such net", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert 'No net\'s name or paper holds "no such net".' in done.stderr


def test_summary_of_an_architecture(tmp_path):
    options = ("--size", "64", "--classes", "5", "--channels", "1", "--dialect", "timm")
    done = striate("summary", "darknet53", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[(None, 64, 64, 1)]" in done.stdout
    assert "(None, 2, 2, 1024)" in done.stdout
    assert "predictions (Dense)" in done.stdout
    assert "Trainable params: 40,589,477" in done.stdout


def test_diff_of_the_two_readings_of_lenet_5(tmp_path):
    done = striate("models", "diff", "lenet5", "lenet5_modern", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1].split()[:3] == ["first", "lenet5", "60,000"]
    assert lines[2].split()[:3] == ["second", "lenet5_modern", "61,706"]
    reasons = {line.split("  ")[0] for line in lines[5 : lines.index("", 5)]}
    assert {"activation", "DepthwiseConv2D, only in the first", "RadialBasis → Dense"} <= reasons
    rows = {line.split()[0]: line for line in lines[lines.index("", 5) :] if line}
    assert "activation scaled_tanh → tanh" in rows["C5"]
    assert "only in the first: output n × 14 × 14 × 6, parameters 12" in rows["S2"]


def test_diff_of_two_dialects(tmp_path):
    done = striate("models", "diff", "resnet50:paper", "resnet50:keras", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["first", "resnet50:paper", "25,557,032", "3,857,973,248"]
    assert lines[2].split() == ["second", "resnet50:keras", "25,583,592", "3,857,973,248"]
    assert [line.split()[:2] for line in lines[5:8]] == [
        ["use_bias", "53"],
        ["momentum", "53"],
        ["epsilon", "53"],
    ]
    assert any("use_bias False → True; parameters 9,408 → 9,472" in line for line in lines)


def test_diff_of_a_folder_as_json(tmp_path):
    resnet20(classes=4).save(tmp_path / "net")
    done = striate("models", "diff", "net", "resnet20", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert (found["first"], found["second"]) == ("net", "resnet20")
    changed = [pair for pair in found["pairs"] if pair["changes"]]
    assert [pair["first"]["name"] for pair in changed] == ["predictions"]
    assert found["reasons"][0]["what"] == "units"


def test_an_error_is_one_sentence(tmp_path):
    done = striate("models", "diff", "resnet50", "resnet51", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("models diff: `model` must be the name of a net, or a model or")
    assert "Nearest: resnet" in done.stderr
    assert len(done.stderr.splitlines()) == 1
