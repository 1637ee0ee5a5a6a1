"""What the word asks for, and what is refused."""

import pytest

from striate.errors import ArgumentError, DivergedError
from striate.train.rollback import Rollback


@pytest.mark.parametrize(("text", "factor"), [("0.5", 0.5), (".25", 0.25), ("0.9", 0.9)])
def test_factors(text, factor):
    assert Rollback.read(f"rollback:lr*{text}").factor == factor


def test_stop_is_no_rollback():
    assert Rollback.read("stop") is None


@pytest.mark.parametrize(
    "word", ["rollback", "rollback:lr*1", "rollback:lr*0", "rollback:lr*2", "rollback:lr/2", 3, ""]
)
def test_error_words(word):
    rule = r'be "stop", or "rollback:lr\*" with a factor above 0 and below 1\. Got on_diverge='
    with pytest.raises(ArgumentError, match=f"fit: `on_diverge` must {rule}"):
        Rollback.read(word)


def test_a_run_goes_back_three_times():
    rollback = Rollback(0.5)
    rollback.take(DivergedError("words."))
    rollback._count = 3
    with pytest.raises(DivergedError, match=r"^words\. The run had gone back 3 times before\.$"):
        rollback.take(DivergedError("words."))
