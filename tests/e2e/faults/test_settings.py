"""Settings that cannot be used: the sentence names the setting, and nothing is touched."""

import pytest

from tests.e2e.faults.commands import QUICK, digest, ends, needs_linux

pytestmark = needs_linux


SETTINGS = {
    "a rate that is no number": (("--lr", "nan"), 2, "`learning_rate` must be a number above 0"),
    "no epochs": (("--epochs", 0), 2, "`epochs` must be a whole number of at least 1"),
    "what is done on divergence": (("--on-diverge", "retry"), 2, "`on_diverge` must be"),
    "what is done without memory": (("--on-oom", "half"), 2, "`on_oom` must be one of"),
    "an unknown setting": (("--set", "epocs=3"), 2, "Nearest: epochs"),
    "no such config": (("--config", "none.toml"), 3, 'Settings "none.toml"'),
    "a folder as config": (("--config", "."), 3, 'Settings "."'),
    "a run that is not there": (("--resume", "runs/none"), 3, "runs/none"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_cannot_be_used(striate, pets, name):
    words, code, sentence = SETTINGS[name]
    before = digest(pets)
    ends(striate("train", pets, *words), code, sentence)
    assert digest(pets) == before


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("epochs = = 3", 3, "must be TOML"),
        ("epochs = 'many'", 2, "epochs"),
        ("epochs = 3\nepocs = 4", 2, "epocs"),
    ],
)
def test_a_config_that_is_damaged(striate, pets, place, text, code, words):
    (place / "bad.toml").write_text(text)
    ends(striate("train", pets, "--config", "bad.toml"), code, words)


def test_a_cache_size_that_is_no_number(striate, pets):
    done = striate("train", pets, *QUICK, STRIATE_CACHE_GIB="much")
    ends(done, 2, "`STRIATE_CACHE_GIB` must be a number")
