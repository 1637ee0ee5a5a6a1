"""Templates of names: fields, counting, letters, words."""

import pytest

from striate.weights.naming import covered, renamed

RULES = (
    ("stem", "first"),
    ("conv{s}_block1_0_{kind:word}", "layer{s-1}.0.short.{kind}"),
    ("conv{s}_block{b}_{k}_bn", "layer{s-1}.{2*b+1}.bn{k}"),
    ("block{b:letter}", "blocks.{b+1}"),
    ("part{n}", "part.{n:letter}"),
    ("scale{n}.gamma", "scale.{n}"),
    ("{n}_{n}", "twice.{n}"),
    ("a.b", "nested"),
)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("stem.weight", "first.weight"),
        ("conv2_block1_0_bn.bias", "layer1.0.short.bn.bias"),
        ("conv12_block3_2_bn.running_mean", "layer11.7.bn2.running_mean"),
        ("blockc.weight", "blocks.3.weight"),
        ("part2.weight", "part.c.weight"),
        ("scale7.gamma", "scale.7"),
        ("3_3.weight", "twice.3.weight"),
        ("3_4.weight", "twice.3.weight"),
        ("a.b.weight", "nested.weight"),
        ("a.bc.weight", None),
        ("stem", "first"),
        ("stemming.weight", None),
        ("conv_block1_2_bn.weight", None),
        ("xstem.weight", None),
        ("", None),
    ],
)
def test_renamed(ours, theirs):
    assert renamed(ours, RULES) == theirs


def test_the_first_rule_counts():
    rules = (("block1_{p:word}", "one.{p}"), ("block{b}_{p:word}", "many.{b}.{p}"))
    assert renamed("block1_x.w", rules) == "one.x.w"
    assert renamed("block2_x.w", rules) == "many.2.x.w"


@pytest.mark.parametrize(
    ("theirs", "may"),
    [
        ("first.weight", True),
        ("layer1.0.short.bn.bias", True),
        ("layer9.7.bn2.num_batches_tracked", True),
        ("scale.7", True),
        ("part.c.weight", True),
        ("part.3.weight", False),
        ("layer1.bn2.weight", False),
        ("second.weight", False),
    ],
)
def test_covered(theirs, may):
    assert covered(theirs, RULES) is may
