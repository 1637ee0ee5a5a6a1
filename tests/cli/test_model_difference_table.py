"""The difference of two models in lines: counts, reasons, a row for each pair that differs."""

from striate.cli.model_difference_table import model_difference_lines
from striate.models.difference import LayerPair, ModelDifference, Reason, Setting
from striate.models.layer_facts import LayerFacts


def fact(name, kind="Dense"):
    return LayerFacts(name, kind, "Does it", (None, 4), (None, 5), 1_025, {})


ALIKE = LayerPair(fact("a"), fact("b"))


def found(*pairs, **changes):
    facts = {
        "first": "one",
        "second": "two:keras",
        "parameters": (1_025, 2_050),
        "multiply_adds": (20, None),
        "pairs": pairs,
        "reasons": (Reason("units", 1, "width"),),
    }
    return ModelDifference(**{**facts, **changes})


def test_the_lines():
    changed = (
        Setting("units", 5, 6_000),
        Setting("padding", "same", [0, 1]),
        Setting("init", {"type": "he_normal", "config": {}}, None),
        Setting("output", (None, 5), (None, 6_000)),
    )
    kinds = (Setting("kind", "Dense", "Conv2D"),)
    pairs = (
        ALIKE,
        ALIKE,
        LayerPair(fact("c"), fact("d"), changed),
        LayerPair(fact("e"), None),
        LayerPair(None, fact("f", "Flatten")),
        LayerPair(fact("g"), fact("h", "Conv2D"), kinds),
        ALIKE,
    )
    assert model_difference_lines(found(*pairs)) == [
        "        net        parameters  multiply-adds",
        "first   one             1,025             20",
        "second  two:keras       2,050              -",
        "",
        "what differs  layers  why it matters",
        "units              1  width",
        "",
        "first      second       difference",
        "… 2        … 2          alike",
        "c (Dense)  d (Dense)    units 5 → 6,000; padding same → 0 × 1; init he_normal → -; "
        "output n × 5 → n × 6,000",
        "e (Dense)  -            only in the first: output n × 5, parameters 1,025",
        "-          f (Flatten)  only in the second: output n × 5, parameters 1,025",
        "g (Dense)  h (Conv2D)   kind Dense → Conv2D",
        "… 1        … 1          alike",
    ]


def test_nothing_differs():
    assert model_difference_lines(found(ALIKE, ALIKE))[-1] == "All 2 layers are alike."


def test_many_rows_are_cut():
    lines = model_difference_lines(found(*[LayerPair(fact("e"), None)] * 103))
    assert lines[-1] == "… and 3 more rows (--json has them all)"
    assert sum(line.startswith("e (Dense)") for line in lines) == 100
