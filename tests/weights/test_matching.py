"""Which tensor is which weight: names as they are, or without what wraps them; then shapes."""

import pytest
import torch

from striate.weights import matching


def match_weights(wanted, given, **options):
    return matching.match_weights(wanted, given, **options).report


ONE = torch.ones(1)


def named(*names):
    return {name: torch.ones(2, 3) for name in names}


@pytest.mark.parametrize(
    ("wanted", "given", "matched"),
    [
        (("a.weight",), ("a.weight",), {"a.weight": "a.weight"}),
        (("_layers.a.weight",), ("a.weight",), {"_layers.a.weight": "a.weight"}),
        (("a.weight",), ("_layers.a.weight",), {"a.weight": "_layers.a.weight"}),
        (("_layers.b._layers.a.w",), ("b.a.w",), {"_layers.b._layers.a.w": "b.a.w"}),
        (("a.w", "b.w"), ("module.a.w", "module.b.w"), {"a.w": "module.a.w", "b.w": "module.b.w"}),
        (("_layers.a.w",), ("_orig_mod.module.a.w",), {"_layers.a.w": "_orig_mod.module.a.w"}),
        (("_layers.a.w",), ("module._orig_mod.a.w",), {"_layers.a.w": "module._orig_mod.a.w"}),
        (("module.w",), ("module.w",), {"module.w": "module.w"}),
    ],
)
def test_names(wanted, given, matched):
    report = match_weights(named(*wanted), named(*given))
    assert report.matched == matched
    assert report.fits
    assert report.lines() == []


def test_a_prefix_counts_only_where_every_name_has_it():
    report = match_weights(named("a.w", "b.w"), named("module.a.w", "b.w"))
    assert report.matched == {"b.w": "b.w"}
    assert report.missing == {"a.w": "module.a.w"}
    assert report.unused == ("module.a.w",)


def test_names_that_would_become_the_same_stay_as_they_are():
    both = named("_layers.a.w", "a.w")
    assert match_weights(both, both).matched == {name: name for name in both}
    report = match_weights(both, named("a.w", "c.w"))
    assert report.matched == {"a.w": "a.w"}
    assert list(report.missing) == ["_layers.a.w"]


def test_torchs_counters_are_left_out():
    given = named("bn.weight") | {"bn.num_batches_tracked": torch.tensor(3)}
    report = match_weights(named("bn.weight"), given, left_out=["epoch"])
    assert report.fits
    assert report.left_out == ("epoch", "bn.num_batches_tracked")
    kept = match_weights(given, given)
    assert len(kept.matched) == 2
    assert kept.left_out == ()


def test_shape_and_kind_decide():
    wanted = {"a": torch.ones(2, 3), "b": torch.ones(2), "c": torch.ones(1).long(), "d": ONE}
    given = {"a": torch.ones(3, 2), "b": torch.ones(2).long(), "c": ONE.int(), "d": ONE.half()}
    report = match_weights(wanted, given)
    assert report.matched == {"c": "c", "d": "d"}
    assert report.unlike == {
        "a": ("float32 (2, 3)", "float32 (3, 2)"),
        "b": ("float32 (2,)", "int64 (2,)"),
    }
    assert report.lines() == [
        "unlike   a  float32 (2, 3), not float32 (3, 2)",
        "unlike   b  float32 (2,), not int64 (2,)",
    ]


def test_the_nearest_name_is_told():
    report = match_weights(named("stem.weight", "head.bias"), named("stem_1.weight", "fc.bias"))
    assert report.missing == {"stem.weight": "stem_1.weight", "head.bias": "fc.bias"}
    assert report.lines() == [
        "missing  stem.weight  nearest stem_1.weight",
        "missing  head.bias  nearest fc.bias",
        "unused   stem_1.weight",
        "unused   fc.bias",
    ]
    assert match_weights(named("a"), {}).lines() == ["missing  a"]


def test_the_report_in_one_line_is_short():
    report = match_weights(named(*map(str, range(500))), named(*(f"x{n}" for n in range(500))))
    text = str(report)
    assert text.startswith(
        "0 that fit, 500 missing (0, 1, 2, 3, 4, 5 and 494 more), 500 unused (x0"
    )
    assert len(text) < 200
    assert len(report.lines()) == 1000


def test_names_from_a_file_are_made_printable():
    report = match_weights(named("a"), named("b\x1b[2J\n"))
    assert str(report) == "0 that fit, 1 missing (a), 1 unused ('b\\x1b[2J\\n')"
    assert all(line.isprintable() for line in report.lines())
