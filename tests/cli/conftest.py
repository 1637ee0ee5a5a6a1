"""A command in this process, as the shell would call it."""

import sys

import pytest

from striate import cli


@pytest.fixture
def striate(monkeypatch, capsys, tmp_path):
    """striate(*words): (exit code, standard output, standard error) of a command."""
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    monkeypatch.setenv("COLUMNS", "90")
    for name in ("STRIATE_THREADS", "STRIATE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["striate", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return call
