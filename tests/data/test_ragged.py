import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.ragged import Ragged, chosen_rows, offsets_of
from striate.errors import ArgumentError

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=8)


@given(rows=ROWS, data=st.data())
def test_it_is_the_list_of_its_rows(rows, data):
    ragged = Ragged.of(rows)
    assert [ragged[i].tolist() for i in range(len(ragged))] == rows
    chosen = data.draw(
        st.lists(st.integers(0, len(rows) - 1), max_size=10) if rows else st.just([])
    )
    taken = ragged.take(chosen)
    assert [taken[i].tolist() for i in range(len(taken))] == [rows[i] for i in chosen]


def test_places_and_offsets():
    places, offsets = chosen_rows(np.array([0, 2, 2, 5]), [2, 0, 1])
    assert places.tolist() == [2, 3, 4, 0, 1]
    assert offsets.tolist() == [0, 3, 5, 5]
    assert offsets_of([]).tolist() == [0]
    with pytest.raises(IndexError):
        Ragged.of([[1]])[1]


@pytest.mark.parametrize("offsets", [[], [1, 2], [0, 1], [0, 3, 2], [0, 2, 1, 2]])
def test_offsets_that_do_not_rise(offsets):
    with pytest.raises(ArgumentError, match=r"^Ragged: `offsets` must rise from 0 to 2\. Got"):
        Ragged(np.array([1, 2]), np.array(offsets, np.int64))
