"""NameMap: their name of a weight, and what a net here may lack."""

from striate.weights import NameMap

MAP = NameMap("there", "paper", (("a{n}", "b.{n}"),), beside=("aux.{n}",))


def test_names():
    assert MAP.called("a3.weight") == "b.3.weight"
    assert MAP.called("c.weight") is None
    assert MAP.knows("b.3.bias")
    assert MAP.knows("aux.1.bias")
    assert MAP.may_lack("aux.1.bias")
    assert not MAP.may_lack("b.3.bias")
    assert not MAP.knows("aux.x")


def test_shapes_where_theirs_have_other_axes():
    known = NameMap("there", "paper", MAP.rules, axes=(("b.1.weight", 2), ("b.{n}.scale", 3)))
    assert known.shape("b.1.weight", (7, 5, 1, 1)) == (7, 5)
    assert known.shape("b.12.scale", (7,)) == (7, 1, 1)
    assert known.shape("b.2.weight", (7, 5, 1, 1)) == (7, 5, 1, 1)
