"""A row as JSON: fractions of a pixel are numbers, what is not known is null."""

import json
from fractions import Fraction

from striate.plan import Row
from striate.windows import ReceptiveField, Window


def test_fractions_and_unknowns():
    axis = ReceptiveField(Fraction(5, 2), Fraction(1, 2), -1, is_whole=True)
    window = Window(3, Fraction(1, 2), before=Fraction(1, 2), after=0)
    row = Row("up", "UpSampling2D", (8, 8, 1), 0, None, None, 0, (axis, axis), (window, window))
    found = json.loads(json.dumps(row.to_json()))
    assert found["receptive_field"][0] == {
        "size_px": 2.5,
        "stride_px": 0.5,
        "start_px": -1,
        "is_whole": True,
    }
    assert found["padding"] == [[0.5, 0], [0.5, 0]]
    assert found["multiply_adds"] is found["output_bytes"] is found["ignored"] is None
