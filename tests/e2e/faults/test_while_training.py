"""What goes wrong while the training runs: in files, threads, numbers, memory and the clock."""

import json

import pytest

from tests.e2e.faults.commands import QUICK, digest, ends, needs_linux

pytestmark = needs_linux


CHANGES = {
    "deleted": ("delete", (), "must be a file that can be read. Got No such file or directory"),
    "cut": ("cut", (), "must stay as it was while it is in use"),
    "replaced": ("replace", ("blue/1.png",), "must stay as it was while it is in use"),
}


@pytest.mark.parametrize(
    ("name", "moment"), [("deleted", "begin"), ("deleted", 1), ("cut", 1), ("replaced", 1)]
)
def test_a_picture_that_goes_bad(striate, pets, name, moment):
    """Between the look at all pictures and the first epoch, and between two epochs."""
    action, given, words = CHANGES[name]
    before = digest(pets)
    target = pets / "red" / "3.png"
    given = [pets / each for each in given]
    fault = ("not_in_memory", "at", moment, action, target, *given)
    ends(striate("train", pets, *QUICK, fault=fault), 3, 'red/3.png": ', words)
    after = digest(pets)
    for each in (before, after):
        each.pop(str(target), None)
        each.pop(str(target.parent))
    assert before == after


def test_an_error_in_a_thread_that_reads(striate, pets):
    done = striate("train", pets, *QUICK, fault=("reading_fails", "bug", 10), STRIATE_CACHE_GIB="0")
    ends(done, 1, "ZeroDivisionError: in a thread", "striate --debug")


def test_memory_that_ends_in_a_thread_that_reads(striate, pets):
    fault = ("reading_fails", "memory", 10)
    done = striate("train", pets, *QUICK, fault=fault, STRIATE_CACHE_GIB="0")
    ends(done, 5, "Memory must suffice. Got: in a thread.")


NUMBERS = {
    "an exploding rate": (("--lr", 1e30), ("",), "fit: `loss` must be finite. Got loss=nan in ep"),
    "a weight": ((), ("at", 1, "weight"), "finite is the bias of layer"),
    "a gradient": ((), ("at", "begin", "gradient"), "on the way back the first that is not finite"),
    "no way back helps": (
        ("--on-diverge", "rollback:lr*0.5"),
        ("at", 1, "weight"),
        "The run had gone back 3 times before.",
    ),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_are_not_finite(striate, pets, place, name):
    words, fault, sentence = NUMBERS[name]
    before = digest(pets)
    named = f"not-finite-{list(NUMBERS).index(name)}"
    done = striate("train", pets, *QUICK, *words, "--name", named, fault=fault)
    ends(done, 6, sentence, "with the samples", "The update was not made.")
    assert digest(pets) == before
    folder = place / "runs" / "classify" / f"{named}-1"
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert "must be finite" in events[-1]["by"]
    assert [each["event"] for each in events].count("changed") == 3 * (name == "no way back helps")
    assert not (folder / "model").exists()


WIDE = ("--epochs", 1, "--batch-size", 8, "--size", 256, "--set", "filters=48", "--no-ema")
WIDE = (*WIDE, "--precision", "float32")


@pytest.mark.parametrize("mib", [60, 100])
def test_memory_that_does_not_suffice_for_a_step(striate, pets, mib):
    before = digest(pets)
    done = striate("train", pets, *WIDE, fault=("at", "begin", "limited_memory", mib))
    ends(done, 5, "fit: must have memory for batches of 8. Got", "in epoch 1, step 1. By trial, ")
    assert digest(pets) == before


@pytest.mark.long
@pytest.mark.parametrize("mib", range(0, 300, 6))
def test_memory_that_ends_anywhere(striate, pets, mib):
    """Fifty points: the run ends well, or with exit code 5 and a sentence."""
    done = striate("train", pets, *WIDE, fault=("at", "begin", "limited_memory", mib))
    assert done.code in (0, 5), done.err
    if done.code == 5:
        assert "emory" in done.last


@pytest.mark.long
def test_accumulation_goes_on_where_memory_does_not_suffice(striate, pets, place):
    fault = ("at", "begin", "limited_memory", 150)
    words = (*WIDE, "--on-oom", "accumulate", "--name", "parts")
    done = striate("train", pets, *words, fault=fault)
    assert "Memory did not suffice for 8 samples in epoch 1, step 1: from here on" in done.err
    folder = place / "runs" / "classify" / "parts-1"
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    note, *_ = [each["note"] for each in events if each["event"] == "changed"]
    assert done.code in (0, 5), done.err  # a validation or a figure may have no memory then
    if done.code == 0:
        assert note.split(":")[0] in (folder / "report.html").read_text()


def test_a_clock_that_jumps(striate, pets, place):
    """A hundred seconds back, a year on, at every look: the run is the same."""
    texts = []
    for name, step in (("back", -100.0), ("on", 86_400.0 * 365)):
        done = striate("train", pets, *QUICK, "--name", name, fault=("clock", step))
        assert done.code == 0, done.err
        folder = place / "runs" / "classify" / f"{name}-1"
        texts.append((folder / "metrics.jsonl").read_bytes())
        events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        assert all(0 <= each["seconds"] < 60 for each in events if "seconds" in each)
    assert texts[0] == texts[1]
