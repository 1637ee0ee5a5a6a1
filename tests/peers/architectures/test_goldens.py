"""With the same weights ours say what torchvision's and timm's nets said, and learn the same."""

import pytest
from tests.architectures.moving import apart
from tests.peers.architectures.peer import GOLDENS
from tests.peers.architectures.peers import PEERS

MARKED = [pytest.param(each, marks=[pytest.mark.long] * each.is_long) for each in PEERS]


@pytest.mark.peers
@pytest.mark.parametrize("peer", MARKED, ids=map(str, PEERS))
def test_same_outputs(peer):
    theirs, ours = peer.golden, peer.our_answers()
    for mode in ("inference", "training"):
        assert apart(ours[mode], theirs[mode]) <= 1e-4, mode
    assert ours["running_mean"] == pytest.approx(theirs["running_mean"], rel=1e-4, abs=1e-3)


def test_no_golden_is_stale():
    assert {path.stem for path in GOLDENS.iterdir()} == {str(peer) for peer in PEERS}
