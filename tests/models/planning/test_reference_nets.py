"""The nets of a calibration hold the kinds of work that nets are made of."""

import pytest

from striate.models.planning.plan import plan
from striate.models.planning.reference_nets import reference_nets


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        (0, {"dense", "pictures"}),
        (1, {"dense", "dense strided", "1x1", "1x1 strided", "pictures"}),
        (2, {"depthwise", "depthwise strided", "1x1", "pictures"}),
    ],
)
def test_what_they_are_made_of(place, kinds):
    net, samples = reference_nets()[place]
    found = plan(net, samples, mode="predict")
    assert found.multiply_adds * samples < 10**9
    seen = {each.kind for each in found.timelines["predict"].operations}
    names = {k.removeprefix("convolution ").removesuffix(" packed") for k in seen if "conv" in k}
    assert names == kinds
