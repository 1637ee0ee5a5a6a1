"""What the command line sets before torch is imported, and what it leaves alone."""

import os

import pytest

from striate.cli.process import prepare
from striate.errors import ArgumentError


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("OMP_WAIT_POLICY", "OMP_NUM_THREADS", "STRIATE_THREADS"):
        monkeypatch.setenv(name, "x")  # so that it is put back afterwards
        monkeypatch.delenv(name)


def test_waiting_threads_sleep():
    prepare()
    assert os.environ["OMP_WAIT_POLICY"] == "passive"
    assert "OMP_NUM_THREADS" not in os.environ


def test_what_is_set_already_stays(monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    prepare()
    assert (os.environ["OMP_WAIT_POLICY"], os.environ["OMP_NUM_THREADS"]) == ("active", "5")


def test_striates_own_number_of_threads_counts(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.setenv("STRIATE_THREADS", "3")
    prepare()
    assert os.environ["OMP_NUM_THREADS"] == "3"
    monkeypatch.setenv("STRIATE_THREADS", "many")
    with pytest.raises(ArgumentError, match="`STRIATE_THREADS` must be"):
        prepare()
