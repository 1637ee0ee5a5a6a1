"""Whatever goes wrong with a state from elsewhere is one kind of error."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, WeightsError
from striate.train.as_written import NotAsWritten, as_written
from striate.train.generators import generators
from striate.train.rereading import reread

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("epoch"), "Got KeyError: 'epoch'. Restore it from a copy"),
        (TypeError("first line\nsecond"), r"Got TypeError: first line\. Restore"),
        (NotAsWritten("a cursor of words"), r"Got a cursor of words\. Restore"),
    ],
)
def test_what_is_not_said_by_us_is_said_here(error, words):
    with pytest.raises(WeightsError, match=rf"^here: must hold the state of a run .*{words}"):
        with as_written("here"):
            raise error


@pytest.mark.parametrize("error", [ArgumentError("ours"), KeyboardInterrupt()])
def test_what_we_say_is_left_alone(error):
    with pytest.raises(type(error)), as_written("here"):
        raise error


@pytest.mark.parametrize("where", ["began", "now"])
@pytest.mark.parametrize("position", [625, 10**6, -1, "x", 1.5])
def test_numpys_generator_does_not_read_other_memory(where, position):
    """NumPy itself takes such a place, and then reads behind its words, or ends the process."""
    good, bad = generators(CPU), generators(CPU)
    bad["numpy"] = [bad["numpy"][0], position]
    states = {"began": good, "now": good, where: bad}
    before = np.random.get_state()[2]

    class Batches:
        def epoch(self, number):
            return iter([1, 2])

    with pytest.raises(WeightsError, match=f"Got a NumPy generator at word {position} of 624"):
        list(reread(Batches(), 0, 1, device=CPU, place="here", **states))
    assert np.random.get_state()[2] == before


def test_too_few_words():
    bad = generators(CPU)
    bad["numpy"] = [bad["numpy"][0][:9], 3]
    with pytest.raises(WeightsError, match="a NumPy generator at word 3 of 624"):
        list(reread(None, 0, 1, began=bad, now=bad, device=CPU))
