"""striate train as a process: killed, stopped and resumed, it ends with the same bits."""

import json
import signal
import time

WORDS = ("train", "digits", "--epochs", "8", "--set", "filters=4", "--ema", "--mixup", "0.2")


def when_saved(process, folder, count):
    """Waits until a run has written so many checkpoints in its life."""
    log, before = folder / "log.jsonl", 0
    if log.exists():
        before = log.read_text().count('"saved"')
    until = time.monotonic() + 60
    while not log.exists() or log.read_text().count('"saved"') < before + count:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.005)


def test_killed_terminated_and_interrupted_it_ends_as_if_nothing_had_been(start, tmp_path):
    whole = start(*WORDS, "--name", "whole", "--json")
    out, err = whole.communicate(timeout=100)
    assert whole.returncode == 0, err
    folder = tmp_path / "runs" / "classify" / "digits-1"
    for number, (kill, code, words) in enumerate(
        [
            (signal.SIGKILL, -9, ""),
            (signal.SIGTERM, 143, "Go on with: striate train --resume runs/classify/digits-1"),
            (signal.SIGINT, 130, "Stopped by Ctrl-C."),
        ]
    ):
        life = start(*WORDS, *(["--resume", "auto"] if number else []))
        when_saved(life, folder, 2)
        life.send_signal(kill)
        _, err = life.communicate(timeout=60)
        assert life.returncode == code, err
        assert words in err
        assert not number or "The run runs/classify/digits-1 is resumed." in err
    last = start("train", "--resume", folder, "--json")
    again, err = last.communicate(timeout=100)
    assert last.returncode == 0, err
    other = folder.with_name("whole-1")
    for name in ("metrics.jsonl", "scores.json", "model/model.safetensors", "model/model.json"):
        assert (folder / name).read_bytes() == (other / name).read_bytes(), name
    ours, theirs = (json.loads(each) for each in (again, out))
    assert ours.pop("folder") != theirs.pop("folder")
    assert ours == theirs
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    stops = [row["by"] for row in events if row["event"] == "stopped"]
    assert stops == ["SIGTERM", "Ctrl-C"]
    assert [row["event"] for row in events].count("resumed") == 3


def test_a_second_process_is_refused_and_a_finished_run_says_so(start, tmp_path):
    folder = tmp_path / "runs" / "classify" / "digits-1"
    first = start(*WORDS, "--epochs", "3")
    when_saved(first, folder, 1)
    first.send_signal(signal.SIGSTOP)
    second = start("train", "--resume", folder)
    _, err = second.communicate(timeout=60)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 3
    assert f"process {first.pid} on " in err
    assert len(err.splitlines()) == 1
    _, err = first.communicate(timeout=60)
    assert first.returncode == 0, err
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    third = start("train", "--resume", folder)
    out, err = third.communicate(timeout=60)
    assert third.returncode == 0, err
    assert f"The run {folder} is finished: there is nothing left to do." in err
    assert "accuracy" in out
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    fourth = start("train", "--resume", folder, "--lr", "0.3", "--epochs", "4")
    _, err = fourth.communicate(timeout=60)
    assert fourth.returncode == 2
    assert "epochs: 3 → 4" in err
    assert "learning_rate: 0.05 → 0.3" in err
