import pytest

from striate.books.session import Session


@pytest.fixture
def session(tmp_path):
    return Session(tmp_path, say=lambda sentence: None)


def test_a_listing_runs_once(session):
    assert session.run("002_1_mnist_convnet") is session.run("002_1_mnist_convnet")


def test_a_row_needs_a_claim(session):
    assert session.row("003", "bytes of the output", 12_000_000).ok
    with pytest.raises(KeyError):
        session.row("003", "bytes of nothing", 0)
