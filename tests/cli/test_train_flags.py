"""The flags of training are the options, no more and no fewer, with their words."""

import inspect

import pytest

from striate.cli.lr_find import FLAGS, lr_find
from striate.cli.train import train
from striate.cli.train_flags import read_options
from striate.errors import ArgumentError
from striate.tasks.options import TrainOptions, help_of, names_by_flag


@pytest.mark.parametrize(
    ("command", "names", "others"),
    [
        (train, set(names_by_flag().values()), {"data", "sets", "config", "json", "resume"}),
        (lr_find, set(FLAGS), {"data", "sets", "config", "json"}),
    ],
)
def test_options_with_a_flag_are_flags(command, names, others):
    parameters = inspect.signature(command).parameters
    assert set(parameters) == names | others
    assert names <= set(names_by_flag().values())
    for flag, name in names_by_flag().items():
        if name not in names:
            continue
        kind, words = parameters[name].annotation.__metadata__[0], help_of(name)
        assert (kind.default, kind.help) == (flag, words)
        assert parameters[name].default is None


def test_words_and_files_become_options(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRIATE_CONFIG", str(tmp_path / "own.toml"))
    (tmp_path / "own.toml").write_text("seed = 9\n")
    found = read_options("digits", {"epochs": 2, "seed": None}, ["lr=0.1"], None)
    assert found == TrainOptions(data="digits", epochs=2, seed=9, learning_rate=0.1)


def test_some_data_must_be_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArgumentError, match="lr-find: `data` must name what is trained on"):
        read_options(None, {}, None, None, place="lr-find")
