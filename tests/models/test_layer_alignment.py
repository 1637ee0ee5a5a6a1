"""Which layer stands for which: no layer lost, none crossed, likeness before place."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from striate.models.layer_alignment import _likeness, aligned
from striate.models.layer_facts import LayerFacts


def fact(name, kind="Conv2D", *, shape=(None, 8, 8, 4), given=(None, 8, 8, 3), **settings):
    return LayerFacts(name, kind, "", given, shape, 0, settings)


def names(pairs):
    return [tuple(each and each.name for each in pair) for pair in pairs]


KINDS = st.sampled_from(["Conv2D", "DepthwiseConv2D", "Dense", "Activation", "ReLU", "Add"])
FACTS = st.lists(
    st.builds(
        lambda kind, wide, filters: fact("", kind, shape=(None, wide), filters=filters),
        KINDS,
        st.integers(1, 2),
        st.integers(1, 2),
    ),
    max_size=5,
)


def best_sum(first, second):
    """By trying every way of pairing without crossing."""
    best = 0.0
    for count in range(min(len(first), len(second)) + 1):
        for ones in itertools.combinations(first, count):
            for twos in itertools.combinations(second, count):
                each = [_likeness(one, two) for one, two in zip(ones, twos, strict=True)]
                if all(each):
                    best = max(best, sum(each))
    return best


@given(FACTS, FACTS)
def test_the_best_of_all_pairings(first, second):
    first = [LayerFacts(f"a{n}", *list(vars(each).values())[1:]) for n, each in enumerate(first)]
    second = [LayerFacts(f"b{n}", *list(vars(each).values())[1:]) for n, each in enumerate(second)]
    pairs = aligned(first, second)
    assert [one for one, _ in pairs if one] == first
    assert [two for _, two in pairs if two] == second
    found = sum(_likeness(one, two) for one, two in pairs if one and two)
    assert abs(found - best_sum(first, second)) < 1e-9


def test_names_go_first():
    first = [fact("a"), fact("b"), fact("c")]
    second = [fact("b"), fact("x"), fact("c", filters=9)]
    assert names(aligned(first, second)) == [("a", None), ("b", "b"), (None, "x"), ("c", "c")]


def test_a_name_of_another_kind_binds_nothing():
    same = {"given": (None, 4), "shape": (None, 4)}
    first, second = [fact("a", "Flatten", **same)], [fact("a", "Dropout", **same)]
    assert names(aligned(first, second)) == [("a", None), (None, "a")]


def test_another_kind_with_the_same_task():
    """A trainable pooling and a plain one: other names, other kinds, the same change of shape."""
    first = [fact("s", "Subsampling", given=(None, 8, 8, 4), shape=(None, 4, 4, 4))]
    second = [fact("p", "AveragePooling2D", given=(None, 8, 8, 4), shape=(None, 4, 4, 4))]
    assert names(aligned(first, second)) == [("s", "p")]


def test_layers_that_keep_the_shape_are_not_mixed_up():
    shapes = {"given": (None, 4), "shape": (None, 4)}
    first, second = [fact("n", "BatchNormalization", **shapes)], [fact("d", "Dropout", **shapes)]
    assert names(aligned(first, second)) == [("n", None), (None, "d")]
    assert names(aligned([fact("r", "ReLU", **shapes)], [fact("t", "Activation", **shapes)])) == [
        ("r", "t")
    ]


def test_nothing_beside_something():
    assert names(aligned([], [fact("a")])) == [(None, "a")]
    assert aligned([], []) == []
