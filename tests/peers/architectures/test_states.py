"""Our weights, exported, are called and shaped as those of torchvision's and timm's own nets."""

import pytest
from tests.peers.architectures.states import MORE, STATES, digest, goldens

from striate.architectures import sketch
from striate.models.foreign_state import foreign_state
from striate.weights.names import NAME_MAPS

MARKED = [pytest.param(each, marks=[pytest.mark.long] * (each in MORE)) for each in STATES]
NOT_IN_TIMM = ("mobilenet_v1_075", "mobilenet_v1_050", "mobilenet_v1_025")


@pytest.mark.peers
@pytest.mark.parametrize("peer", MARKED, ids=map(str, STATES))
def test_same_names_shapes_and_types(peer):
    ours = foreign_state(sketch(peer.name, dialect=peer.written), peer.library)
    assert digest(ours) == goldens()[str(peer)]


def test_every_map_is_held_to_a_peer():
    asked = {(peer.name, peer.library, peer.written) for peer in STATES}
    maps = {
        (name, each.source, each.dialect)
        for name, found in NAME_MAPS.items()
        for each in found
        if each.source in ("torchvision", "timm") and name not in NOT_IN_TIMM
    }
    assert asked == maps
    assert set(goldens()) == {str(peer) for peer in STATES}
