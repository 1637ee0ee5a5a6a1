"""--quiet: results and errors, and nothing else, of every command."""

import pytest
from PIL import Image

from striate.cli import COMMANDS, GROUPS, streams


@pytest.fixture(autouse=True)
def loud_again(monkeypatch, tmp_path):
    """A cache of the test's own; and what it made quiet does not stay so."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    yield
    streams.hush(False)


EVERY = [(name,) for name in COMMANDS] + [
    (group, name) for group, (_, commands) in GROUPS.items() for name in commands
]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_it(striate, words):
    code, out, _ = striate(*words, "--help")
    assert code == 0
    assert "-q, --quiet" in out


def test_a_training_and_a_prediction_say_nothing_but_results_and_errors(striate, tmp_path):
    code, out, err = striate("train", "digits", "--epochs", "1", "--set", "filters=4", "-q")
    assert (code, err) == (0, "")
    assert "accuracy" in out
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    code, out, err = striate("predict", "runs/classify/digits-1", "a.png", "gone.png", "--quiet")
    assert code == 3
    assert "a.png" in out
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        'Picture "gone.png"',
        "1 of 2 files could not be read.",
    ]
    code, _, err = striate("train", "nowhere", "-q")
    assert code == 3
    assert err.startswith('Data "nowhere": must be a folder, table or archive')
    code, _, err = striate("train", "digits", "--epochs", "1", "--set", "filters=4")
    assert "Parts: " in err
