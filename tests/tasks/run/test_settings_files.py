"""Settings from files and words: which wins, which kind they get, what is refused."""

import pytest

from striate.errors import ArgumentError, DataError
from striate.tasks.run.settings_files import layered, options_of, read_settings


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_what_is_said_more_closely_wins(tmp_path):
    (tmp_path / "striate.toml").write_text(
        "[train]\nepochs = 1\nseed = 1\nsize = 16\nfilters = 8\n"
    )
    (tmp_path / "mine.toml").write_text("epochs = 2\nseed = 2\nsize_px = 32\n")
    (tmp_path / "env.toml").write_text("epochs = 3\nseed = 3\n")
    found = layered(
        {"epochs": 4, "seed": None}, config="mine.toml", environment="env.toml", sets=["dropout=.5"]
    )
    got = (found.epochs, found.seed, found.size_px, found.filters, found.dropout)
    assert got == (4, 3, 32, 8, 0.5)
    assert layered({}, sets=["epochs=7"], environment="env.toml").epochs == 7
    assert layered({}).filters == 8


def test_other_tables_of_the_project_file_are_left_alone(tmp_path):
    (tmp_path / "striate.toml").write_text("epochs = 5\n[serve]\nport = 1\n")
    assert layered({}).epochs == 5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "lr = 1e-3\nema = false\n"),
        ("a.yaml", "lr: 1e-3\nema: no\n"),
        ("a.yml", "train:\n  lr: '1e-3'\n  ema: false\n"),
        ("a.json", '{"lr": "1e-3", "ema": false}'),
    ],
)
def test_each_form_gives_the_same(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    found = layered({}, config=name)
    assert (found.learning_rate, found.ema) == (1e-3, False)


def test_words_get_the_kind_of_their_option():
    found = options_of(
        {"epochs": "3", "ema": "true", "lr": "auto", "early-stop": "2", "mirror": "no"}
    )
    assert (found.epochs, found.ema, found.learning_rate) == (3, True, "auto")
    assert (found.early_stop, found.mirror) == (2, False)
    assert options_of({"ema": "0.99"}).ema == 0.99
    assert options_of({"name": "7"}).name == "7"
    batches = [options_of({"batch-size": value}).batch_size for value in ("64", 64, "auto")]
    assert batches == [64, 64, "auto"]


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (["epocs=3"], "--set: `epocs` must be an option of the training. .* Nearest: epochs, [^e]"),
        (["epochs=many"], "--set: `epochs` must be a whole number. Got epochs='many'"),
        (["epochs=1.5"], "--set: `epochs` must be a whole number"),
        (["epochs"], "train: `--set` must be key=value. Got --set='epochs'"),
        (["dropout=half"], "--set: `dropout` must be a number"),
        (["mirror=perhaps"], "--set: `mirror` must be true or false"),
    ],
)
def test_wrong_words(sets, words):
    with pytest.raises(ArgumentError, match=words):
        layered({}, sets=sets)


@pytest.mark.parametrize(
    ("name", "text", "error", "words"),
    [
        ("a.toml", "epochs = true", ArgumentError, 'Settings "a.toml": `epochs` must be a whole'),
        ("a.toml", "lr = [1]", ArgumentError, "`learning_rate` must be a number or text"),
        ("a.toml", "epochs = ", DataError, 'Settings "a.toml": must be TOML. Got '),
        ("a.json", "{", DataError, "must be JSON"),
        ("a.yaml", "a: [", DataError, "must be YAML"),
        ("a.yaml", "- 1", DataError, "must hold names and values. Got list"),
        ("a.yaml", "on: true", DataError, r"must name its settings by words\. Got True\. Put quo"),
        ("a.yml", "train: {5: epochs}", DataError, "must name its settings by words. Got 5"),
        ("a.yaml", "!!python/object/apply:os.system [ls]", DataError, "must be YAML"),
    ],
)
def test_wrong_files(tmp_path, name, text, error, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(error, match=words):
        layered({}, config=name)


def test_a_file_that_is_not_there():
    with pytest.raises(DataError, match=r'Settings "no\.toml": must be'):
        read_settings("no.toml")
