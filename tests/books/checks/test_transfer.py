"""The transfer listing is left out without its photographs; with them it reaches about 80 %."""

import pytest

from striate.books.checks.transfer import transfer
from striate.books.session import Session


def test_without_the_photographs_it_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path))
    said = []
    assert list(transfer(Session(tmp_path, say=said.append))) == []
    assert said[0].startswith("004_6_transfer_learning: Transfer learning")
    assert said[1].startswith("004_6_transfer_learning is left out. ")
    assert "clothing128" in said[1]


@pytest.mark.long
def test_clothes_frozen_and_fine_tuned(tmp_path, monkeypatch, shared_data):
    monkeypatch.setenv("STRIATE_DATA", str(shared_data))
    rows = list(transfer(Session(tmp_path, say=print)))
    assert len(rows) == 2
    assert all(row.ok for row in rows), rows
