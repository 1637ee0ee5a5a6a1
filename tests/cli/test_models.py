"""striate models, and striate summary of architectures, in this process."""

import json

from striate.architectures import list_architectures, resnet20


def test_ls_of_a_word(striate):
    _, out, _ = striate("models", "ls", "darknet", "--json")
    assert json.loads(out) == [
        json.loads(json.dumps(row.to_json())) for row in list_architectures("darknet")
    ]
    code, out, err = striate("models", "ls", "no such net")
    assert (code, out) == (0, "")
    assert 'No net\'s name or paper holds "no such net".' in err


def test_summary_of_an_architecture(striate):
    options = ("--size", "64", "--classes", "5", "--channels", "1", "--dialect", "timm")
    code, out, err = striate("summary", "darknet53", *options)
    assert (code, err) == (0, "")
    assert "[(None, 64, 64, 1)]" in out
    assert "(None, 2, 2, 1024)" in out
    assert "predictions (Dense)" in out
    assert "Trainable params: 40,589,477" in out


def test_diff_of_the_two_readings_of_lenet_5(striate):
    code, out, err = striate("models", "diff", "lenet5", "lenet5_modern")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[1].split()[:3] == ["first", "lenet5", "60,000"]
    assert lines[2].split()[:3] == ["second", "lenet5_modern", "61,706"]
    reasons = {line.split("  ")[0] for line in lines[5 : lines.index("", 5)]}
    assert {"activation", "DepthwiseConv2D, only in the first", "RadialBasis → Dense"} <= reasons
    rows = {line.split()[0]: line for line in lines[lines.index("", 5) :] if line}
    assert "activation scaled_tanh → tanh" in rows["C5"]
    assert "only in the first: output n × 14 × 14 × 6, parameters 12" in rows["S2"]


def test_diff_of_two_dialects(striate):
    code, out, err = striate("models", "diff", "resnet50:paper", "resnet50:keras")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[1].split() == ["first", "resnet50:paper", "25,557,032", "3,857,973,248"]
    assert lines[2].split() == ["second", "resnet50:keras", "25,583,592", "3,857,973,248"]
    assert [line.split()[:2] for line in lines[5:8]] == [
        ["use_bias", "53"],
        ["momentum", "53"],
        ["epsilon", "53"],
    ]
    assert any("use_bias False → True; parameters 9,408 → 9,472" in line for line in lines)


def test_diff_of_a_folder_as_json(striate, tmp_path):
    resnet20(classes=4).save(tmp_path / "net")
    _, out, _ = striate("models", "diff", "net", "resnet20", "--json")
    found = json.loads(out)
    assert (found["first"], found["second"]) == ("net", "resnet20")
    changed = [pair for pair in found["pairs"] if pair["changes"]]
    assert [pair["first"]["name"] for pair in changed] == ["predictions"]
    assert found["reasons"][0]["what"] == "units"


def test_an_error_is_one_sentence(striate):
    code, out, err = striate("models", "diff", "resnet50", "resnet51")
    assert (code, out) == (2, "")
    assert err.startswith("models diff: `model` must be the name of a net, or a model or")
    assert "Nearest: resnet" in err
    assert len(err.splitlines()) == 1
